#include "process/child.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <filesystem>

#include "base/text.h"
#include "process/sandbox.h"

namespace hookreel::process {
namespace {

Task<void> run_into(Spawn spawn, OnLine on_line, Result<Exit>* out) {
    co_await asio::this_coro::throw_if_cancelled(false);
    *out = co_await run_child(std::move(spawn), std::move(on_line));
}

Result<Exit> run(Spawn spawn, OnLine on_line = {}) {
    Loop loop;
    Result<Exit> result = fail(Code::internal, "did not end");
    TaskGroup group(loop.get_executor());
    group.spawn(run_into(std::move(spawn), std::move(on_line), &result));
    loop.run();
    return result;
}

Spawn shell(std::string script) {
    return {.argv = {"/bin/sh", "-c", std::move(script)}};
}

TEST(Child, GivesItsStatusAndBothOutputs) {
    const Result<Exit> exit = run(shell("echo out; echo err >&2; exit 3"));
    ASSERT_TRUE(exit) << exit.error().detail;
    EXPECT_EQ(exit->status, 3);
    EXPECT_EQ(exit->output, "out\n");
    EXPECT_EQ(exit->errors, "err\n");
}

TEST(Child, TellsASignalAsAShellDoes) {
    const Result<Exit> exit = run(shell("kill -9 $$"));
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 128 + SIGKILL);
}

TEST(Child, PassesArgumentsUntouched) {
    const Result<Exit> exit = run({.argv = {"/usr/bin/printf", "[%s]", "a b", "$HOME;`x`", ""}});
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->output, "[a b][$HOME;`x`][]");
}

TEST(Child, HasNoEnvironmentNoInputAndNoDescriptorOfOurs) {
    const Result<Exit> environment = run({.argv = {"/usr/bin/env"}});
    ASSERT_TRUE(environment);
    EXPECT_EQ(environment->output, "");
    const Result<Exit> input = run({.argv = {"/bin/cat"}});
    ASSERT_TRUE(input);
    EXPECT_EQ(input->output, "");
    const Result<Exit> descriptors = run({.argv = {"/bin/ls", "/proc/self/fd"}});
    ASSERT_TRUE(descriptors);
    EXPECT_EQ(descriptors->output, "0\n1\n2\n3\n");  // The last is the listed folder itself.
}

TEST(Child, LeadsASessionOfItsOwnAndIsNice) {
    const Result<Exit> exit =
        run(shell("read -r p c s pp g ss rest </proc/$$/stat; "
                  "[ $g = $$ ] && [ $ss = $$ ] && exec nice"));
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->output, "10\n");
}

TEST(Child, KeepsTheEndOfLongErrors) {
    const Result<Exit> exit = run(shell("head -c 200000 /dev/zero | tr '\\0' x >&2; echo end >&2"));
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->errors.size(), 8u * 1024);
    EXPECT_TRUE(exit->errors.ends_with("xend\n"));
}

TEST(Child, IsEndedWhenItsOutputIsTooLarge) {
    Spawn spawn = shell("cat /dev/zero");
    spawn.limits.output_bytes_max = 100'000;
    const Result<Exit> exit = run(std::move(spawn));
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Code::too_large);
}

TEST(Child, GivesItsOutputByLineWithALimitOnEach) {
    std::vector<std::size_t> lengths;
    const Result<Exit> exit =
        run(shell("echo one; head -c 100000 /dev/zero | tr '\\0' x; echo; echo last; printf half"),
            [&lengths](std::string_view line) { lengths.push_back(line.size()); });
    ASSERT_TRUE(exit);
    EXPECT_EQ(lengths, (std::vector<std::size_t>{3, 4096, 4}));
    EXPECT_EQ(exit->output, "");
}

TEST(Child, IsStoppedAtItsDeadline) {
    Spawn spawn = shell("sleep 1000 & sleep 1000");
    spawn.limits.time_max = Duration(50);
    const Result<Exit> exit = run(std::move(spawn));
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Code::timed_out);
}

TEST(Child, IsKilledWhenItIgnoresThePoliteSignal) {
    Spawn spawn = shell("trap '' TERM; echo ready; while :; do sleep 1000; done");
    spawn.limits.time_max = Duration(300);
    const Result<Exit> exit = run(std::move(spawn));
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Code::timed_out);
}

TEST(Child, TakesItsChildrenWithIt) {
    pollfd grandchild{.fd = -1, .events = POLLIN, .revents = 0};
    // Once the grandchild is known, its parent is ended.
    const auto watch = [&grandchild](std::string_view line) {
        const std::size_t blank = line.find(' ');
        const auto child = parse_unsigned(line.substr(0, blank)).value_or(0);
        const auto pid = parse_unsigned(line.substr(blank + 1)).value_or(0);
        grandchild.fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
        if (child > 1) kill(static_cast<pid_t>(child), SIGTERM);
    };
    const Result<Exit> exit = run(shell("sleep 1000 & echo $$ $!; wait"), watch);
    ASSERT_TRUE(exit);
    ASSERT_GE(grandchild.fd, 0);
    constexpr int longest_wait_ms = 60'000;  // A killed process needs its turn to die.
    EXPECT_EQ(poll(&grandchild, 1, longest_wait_ms), 1);
    close(grandchild.fd);
}

TEST(Child, EndsWithTheTaskThatRunsIt) {
    Loop loop;
    Result<Exit> result = fail(Code::internal, "did not end");
    TaskGroup group(loop.get_executor());
    const auto cancel_when_ready = [&group](std::string_view) { group.cancel(); };
    group.spawn(run_into(shell("echo ready; exec sleep 1000"), cancel_when_ready, &result));
    loop.run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::cancelled);
}

TEST(Child, IsNotStartedByATaskThatIsCancelledAlready) {
    Loop loop;
    Result<Exit> result = fail(Code::internal, "did not end");
    TaskGroup group(loop.get_executor());
    const auto cancel_then_run = [](TaskGroup* own, Result<Exit>* out) -> Task<void> {
        own->cancel();
        *out = co_await run_child(shell("exec sleep 1000"));
    };
    group.spawn(cancel_then_run(&group, &result));
    loop.run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::cancelled);
}

TEST(Child, IsUnavailableWhenTheProgramIsMissing) {
    const Result<Exit> exit = run({.argv = {"/nowhere/program"}});
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Code::unavailable);
    EXPECT_EQ(exit.error().detail, "cannot run the program: No such file or directory");
}

TEST(Child, IsHeldToTheLimitsOfFilesAndMemory) {
    const std::string folder = std::filesystem::temp_directory_path() / "hookreel_child_test";
    std::filesystem::create_directories(folder);
    Spawn writer = shell("cat /dev/zero >large");
    writer.folder = folder;
    writer.limits.file_bytes_max = 10'000;
    const Result<Exit> large = run(std::move(writer));
    ASSERT_TRUE(large);
    EXPECT_EQ(std::filesystem::file_size(folder + "/large"), 10'000u);
    EXPECT_EQ(large->status, 128 + SIGXFSZ);
    Spawn reader = shell("ulimit -v; ulimit -n; ulimit -c");
    reader.limits.memory_bytes_max = 512 << 20;
    reader.limits.open_files_max = 20;
    const Result<Exit> limits = run(std::move(reader));
    ASSERT_TRUE(limits);
    EXPECT_EQ(limits->output, "524288\n20\n0\n");
    std::filesystem::remove_all(folder);
}

TEST(Child, SpinningOnTheProcessorIsEnded) {
    Spawn spawn = shell("while :; do :; done");
    spawn.limits.cpu_seconds_max = 1;
    const Result<Exit> exit = run(std::move(spawn));
    ASSERT_TRUE(exit);
    EXPECT_GT(exit->status, 128);
}

TEST(FindProgram, LooksInThePathAndLeavesPathsAlone) {
    EXPECT_TRUE(find_program("sh"));
    EXPECT_EQ(find_program("/opt/x/ffmpeg").value(), "/opt/x/ffmpeg");
    EXPECT_EQ(find_program("no-such-program").error().code, Code::not_found);
}

}  // namespace
}  // namespace hookreel::process
