#include "process/sandbox.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace hookreel::process {
namespace {

Task<void> run_into(const Sandbox* sandbox, Command command, Result<Exit>* out) {
    *out = co_await sandbox->run(std::move(command));
}

Result<Exit> run(Isolation isolation, Command command) {
    Loop loop;
    const Sandbox sandbox(isolation);
    Result<Exit> result = fail(Code::internal, "did not end");
    TaskGroup group(loop.get_executor());
    group.spawn(run_into(&sandbox, std::move(command), &result));
    loop.run();
    return result;
}

Isolation best() {
    static const Isolation isolation = strictest_isolation(Log());
    return isolation;
}

class SandboxTest : public testing::Test {
 protected:
    SandboxTest()
        : folder_(std::filesystem::temp_directory_path() /
                  fmt::format("hookreel_sandbox_{}", getpid())) {
        std::filesystem::create_directories(folder_ / "out");
        std::ofstream(folder_ / "in.txt") << "input";
        std::ofstream(folder_ / "secret.txt") << "secret";
    }
    ~SandboxTest() override { std::filesystem::remove_all(folder_); }

    Command shell(std::string script) const {
        return {.program = "/usr/bin/sh",
                .arguments = {"-c", std::move(script)},
                .readable = {(folder_ / "in.txt").string()},
                .writable = (folder_ / "out").string()};
    }

    std::filesystem::path folder_;
};

TEST(SpawnOf, PutsTheCommandIntoBubblewrapAndHidesTheRest) {
    const Command command{.program = "/usr/bin/tool",
                          .arguments = {"-i", "file:/media/a b/in"},
                          .readable = {"/media/a b/in"},
                          .writable = "/media/.work/1"};
    const Spawn spawn = spawn_of(Isolation::bubblewrap, command);
    const std::string line = fmt::format("{}", fmt::join(spawn.argv, "|"));
    EXPECT_TRUE(line.starts_with("/usr/bin/bwrap|--unshare-all|--die-with-parent|--clearenv|"));
    EXPECT_NE(line.find("|--ro-bind-try|/etc/alternatives|/etc/alternatives|"), line.npos);
    EXPECT_TRUE(
        line.ends_with("|--proc|/proc|--tmpfs|/tmp|--bind|/media/.work/1|/media/.work/1|"
                       "--ro-bind|/media/a b/in|/media/a b/in|--chdir|/media/.work/1|"
                       "--cap-drop|ALL|--uid|65534|--gid|65534|--|/usr/bin/tool|-i|"
                       "file:/media/a b/in"))
        << line;
    EXPECT_EQ(spawn.folder, "/media/.work/1");
}

TEST(SpawnOf, ShowsAProgramThatIsNotOfTheSystem) {
    const Spawn spawn = spawn_of(Isolation::bubblewrap, {.program = "/opt/ffmpeg"});
    const std::string line = fmt::format("{}", fmt::join(spawn.argv, "|"));
    EXPECT_NE(line.find("|--ro-bind|/opt/ffmpeg|/opt/ffmpeg|"), line.npos);
    EXPECT_NE(line.find("|--chdir|/|"), line.npos);
}

TEST(SpawnOf, StartsTheProgramItselfWithoutBubblewrap) {
    const Command command{.program = "/usr/bin/tool", .arguments = {"-v"}};
    const std::vector<std::string> argv = {"/usr/bin/tool", "-v"};
    EXPECT_EQ(spawn_of(Isolation::namespaces, command).argv, argv);
    EXPECT_EQ(spawn_of(Isolation::namespaces, command).confinement, Confinement::namespaces);
    EXPECT_EQ(spawn_of(Isolation::limits, command).argv, argv);
    EXPECT_EQ(spawn_of(Isolation::limits, command).confinement, Confinement::limits);
}

// The server ignores SIGPIPE, and threads of a loop may block signals; no program must inherit
// that.
TEST_F(SandboxTest, GivesTheUsualSignalsInEveryIsolation) {
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    for (const auto isolation : {best(), Isolation::limits}) {
        const auto exit = run(isolation, shell("grep -E 'Sig(Blk|Ign)' /proc/self/status"));
        ASSERT_TRUE(exit) << exit.error().detail;
        EXPECT_EQ(exit->output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }
    ::signal(SIGPIPE, before);
}

TEST_F(SandboxTest, ReadsItsInputsAndWritesItsFolder) {
    for (const Isolation isolation : {best(), Isolation::limits}) {
        const Result<Exit> exit =
            run(isolation, shell(fmt::format("cat {}/in.txt >copy", folder_.string())));
        ASSERT_TRUE(exit) << exit.error().detail;
        EXPECT_EQ(exit->status, 0) << exit->errors;
        EXPECT_EQ(std::filesystem::file_size(folder_ / "out/copy"), 5u);
    }
}

TEST_F(SandboxTest, HidesOtherFilesAndKeepsInputsFromBeingWritten) {
    if (best() != Isolation::bubblewrap) GTEST_SKIP() << "bubblewrap does not work here";
    const Result<Exit> exit =
        run(best(), shell(fmt::format("cat {0}/secret.txt; echo x >{0}/in.txt; echo x >/usr/x; "
                                      "cat /etc/passwd; ls /home /root /etc/ssl; true",
                                      folder_.string())));
    ASSERT_TRUE(exit) << exit.error().detail;
    EXPECT_EQ(exit->output, "");
    EXPECT_EQ(std::filesystem::file_size(folder_ / "in.txt"), 5u);
}

TEST_F(SandboxTest, ReachesNoNetwork) {
    for (const Isolation isolation : {Isolation::bubblewrap, Isolation::namespaces}) {
        if (isolation < best()) continue;
        if (best() == Isolation::limits) GTEST_SKIP() << "no namespaces here";
        Command command = shell("grep : /proc/net/dev | grep -v lo:; echo seen");
        const Result<Exit> exit = run(isolation, std::move(command));
        ASSERT_TRUE(exit) << exit.error().detail;
        EXPECT_EQ(exit->output, "seen\n");  // No interface but the loopback.
    }
}

TEST_F(SandboxTest, TellsAnEndByASignalInEachWay) {
    for (const Isolation isolation : {best(), Isolation::limits}) {
        Command command = shell("yes >large");
        command.limits.file_bytes_max = 4096;
        const Result<Exit> exit = run(isolation, std::move(command));
        ASSERT_TRUE(exit) << exit.error().detail;
        EXPECT_EQ(exit->status, 128 + SIGXFSZ);
    }
}

TEST_F(SandboxTest, IsStoppedAtItsDeadlineWithAllItsChildren) {
    Command command = shell("trap '' TERM; sleep 1000 & sleep 1000");
    command.limits.time_max = Duration(100);
    const Result<Exit> exit = run(best(), std::move(command));
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Code::timed_out);
}

}  // namespace
}  // namespace hookreel::process
