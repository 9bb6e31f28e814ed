#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "app/commands/shape/completion.h"
#include "app/commands/shape/manual.h"

namespace hookreel::app::commands {
namespace {

class ShapeTest : public testing::Test {
 protected:
    ShapeTest() {
        program_.name("tool");
        CLI::App* send = program_.add_subcommand("send", "Send a file");
        send->add_option("FILE", file_, "What is sent")->type_name("FILE");
        send->add_option("-m,--mode", mode_, "How; it's \\ quoted")
            ->type_name("MODE")
            ->check(CLI::IsMember({"PUSH", "PULL"}))
            ->envname("TOOL_MODE");
        send->add_flag("--dry", dry_, "Only say it");
        send->footer(".hidden\n  tool send a-b");
        program_.add_subcommand("set", "Change")->add_subcommand("name", "The name");
    }

    CLI::App program_{"A tool"};
    std::string file_, mode_;
    bool dry_ = false;
};

TEST_F(ShapeTest, IsReadFromTheParser) {
    const CommandShape shape = shape_of(program_);
    EXPECT_EQ(shape.name, "tool");
    ASSERT_EQ(shape.commands.size(), 2u);
    EXPECT_EQ(shape.commands[1].commands[0].name, "name");
    const CommandShape& send = shape.commands[0];
    ASSERT_EQ(send.options.size(), 4u);  // --help is one.
    EXPECT_EQ(send.options[1].names, std::vector<std::string>{});
    EXPECT_EQ(send.options[1].value, "FILE");
    EXPECT_EQ(send.options[2].names, (std::vector<std::string>{"--mode", "-m"}));
    EXPECT_EQ(send.options[2].value, "MODE");
    EXPECT_EQ(send.options[2].choices.size(), 2u);
    EXPECT_EQ(send.options[2].environment, "TOOL_MODE");
    EXPECT_EQ(send.options[3].value, "") << "a flag takes nothing";
}

TEST_F(ShapeTest, IsCompletedByEveryShell) {
    for (const Shell shell : {Shell::bash, Shell::zsh, Shell::fish}) {
        const std::string script = completion_script(shape_of(program_), shell);
        for (std::string_view word : {"send", "set", "name", "mode", "PUSH", "dry"})
            EXPECT_TRUE(script.contains(word)) << word;
    }
}

TEST_F(ShapeTest, IsQuotedForEachShell) {
    EXPECT_TRUE(completion_script(shape_of(program_), Shell::zsh).contains("it'\\''s \\ quoted"));
    EXPECT_TRUE(completion_script(shape_of(program_), Shell::fish).contains("it\\'s \\\\ quoted"));
}

TEST_F(ShapeTest, IsAManualPage) {
    const std::string page = manual_page(shape_of(program_), "1.2.3");
    EXPECT_TRUE(page.starts_with(".TH HOOKREEL 1 \"\" \"tool 1.2.3\""));
    EXPECT_TRUE(page.contains(".SS tool set name\n"));
    EXPECT_TRUE(page.contains("\\fB\\-\\-mode\\fR, \\fB\\-m\\fR \\fIMODE\\fR\n"));
    EXPECT_TRUE(page.contains("it's \\e quoted"));
    EXPECT_TRUE(page.contains("\n\\&.hidden\n  tool send a\\-b\n")) << page;
    EXPECT_TRUE(page.contains("Also as the variable \\fBTOOL_MODE\\fR."));
}

}  // namespace
}  // namespace hookreel::app::commands
