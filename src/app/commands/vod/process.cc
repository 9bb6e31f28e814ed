#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/vod/media_task.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/task_progress.h"
#include "app/commands/vod/vod.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::app::commands {
namespace {

// Every template, a family on lines of its own: those that share their hundreds.
std::string template_lines() {
    constexpr std::size_t columns_max = 78;
    std::string lines, line;
    std::uint64_t family = 0;
    for (const media::TranscodeTemplate& each : media::transcode_templates()) {
        const std::string entry = fmt::format("  {} {}", each.definition, each.name);
        if (each.definition / 100 != family || line.size() + entry.size() > columns_max) {
            lines += line + "\n";
            line.clear();
        }
        family = each.definition / 100;
        line += entry;
    }
    return lines + line;
}

// Of the command by the name under which it is called.
std::string footer_of(const CLI::App& parent) {
    const std::string name = parent.get_parent() ? "hookreel media process" : "hookreel process";
    return fmt::format(
        "Examples:\n"
        "  {0} 3701925921299637010 --transcode 10 --cover 0 --wait\n"
        "  {0} 3701925921299637010 --transcode 100010 --transcode 100020\n"
        "  {0} 3701925921299637010 --cover 5 --priority 10\n"
        "\n"
        "Templates:{1}",
        name, template_lines());
}

struct ProcessOptions {
    CallerFlags caller;
    client::ProcessOrder order;
    Wait wait = Wait::no;
};

Task<int> process_file(Caller& caller, const ProcessOptions& options) {
    Result<std::string> task_id = co_await client::process_media(caller.vod(), options.order);
    if (!task_id) co_return caller.complain("cannot process the file", task_id.error());
    co_return co_await show_task(caller, options.caller.output, options.wait, std::move(*task_id));
}

bool asks_for_nothing(const client::ProcessOrder& order) {
    return order.transcodes.empty() && !order.cover_second && !order.review && !order.analysis &&
           !order.recognition;
}

int run_process(const ProcessOptions& options) {
    if (asks_for_nothing(options.order)) {
        say_error("nothing to do: name a template with --transcode or a time with --cover");
        return 2;
    }
    return run_call(&process_file, options);
}

}  // namespace

void add_process(CLI::App& parent, Action& action) {
    CLI::App* command = parent.add_subcommand("process", "Transcode a file, take a cover of it");
    command->footer(footer_of(parent));
    const auto options = std::make_shared<ProcessOptions>();
    command->add_option("FILEID", options->order.file_id, "A file of the library")->required();
    command->add_option("--transcode", options->order.transcodes, "A template; may be repeated")
        ->type_name("NUMBER")
        ->allow_extra_args(false)
        ->take_all();
    command->add_option("--cover", options->order.cover_second, "Take the cover at this time")
        ->type_name("SECONDS");
    const std::pair<const char*, std::optional<std::uint64_t>*> services[] = {
        {"--review", &options->order.review},
        {"--analyze", &options->order.analysis},
        {"--recognize", &options->order.recognition}};
    for (const auto& [flag, template_number] : services)
        command->add_option(flag, *template_number, "By the server's external service")
            ->type_name("NUMBER");
    add_task_flags(*command, options->order.priority, options->wait);
    add_vod_flags(*command, options->caller);
    command->callback([options, &action] { action = [options] { return run_process(*options); }; });
}

}  // namespace hookreel::app::commands
