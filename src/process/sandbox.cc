#include "process/sandbox.h"

#include "base/json.h"

namespace hookreel::process {
namespace {

constexpr std::string_view bubblewrap = "/usr/bin/bwrap";
// What programs need of the system: Debian's ffmpeg finds libblas only through /etc/alternatives,
// and x265 asks the processor map how many threads to start.
constexpr std::array<std::string_view, 8> system_paths = {"/usr",
                                                          "/bin",
                                                          "/lib",
                                                          "/lib64",
                                                          "/etc/alternatives",
                                                          "/etc/ld.so.cache",
                                                          "/sys/devices/system/cpu",
                                                          "/sys/devices/system/node"};

std::vector<std::string> bubblewrap_argv(const Command& command) {
    std::vector<std::string> argv = {std::string(bubblewrap), "--unshare-all", "--die-with-parent",
                                     "--clearenv"};
    const auto add = [&argv](std::initializer_list<std::string_view> words) {
        argv.insert(argv.end(), words.begin(), words.end());
    };
    for (const std::string_view path : system_paths)
        add({"--ro-bind-try", path, path});
    // Before the binds: what is mounted later hides what was mounted under it.
    add({"--proc", "/proc", "--tmpfs", "/tmp"});
    if (!command.program.starts_with("/usr/")) add({"--ro-bind", command.program, command.program});
    if (!command.writable.empty()) add({"--bind", command.writable, command.writable});
    for (const std::string& path : command.readable)
        add({"--ro-bind", path, path});
    add({"--chdir", command.writable.empty() ? "/" : command.writable});
    add({"--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--", command.program});
    argv.insert(argv.end(), command.arguments.begin(), command.arguments.end());
    return argv;
}

Result<void> try_isolation(Isolation isolation) {
    const Command command{.program = "/usr/bin/true", .limits = {.time_max = Duration(10'000)}};
    Result<Exit> exit = fail(Code::internal, "not run");
    Loop loop;
    const auto attempt = [](const Command* what, Isolation how, Result<Exit>* out) -> Task<void> {
        const Sandbox sandbox(how);
        *out = co_await sandbox.run(*what);
    };
    asio::co_spawn(loop.get_executor(), attempt(&command, isolation, &exit),
                   [](const std::exception_ptr& error) {
                       if (error) std::rethrow_exception(error);
                   });
    loop.run();
    if (!exit) return fail(std::move(exit.error()));
    if (exit->status != 0) return fail(Code::unavailable, exit->errors);
    return {};
}

}  // namespace

Spawn spawn_of(Isolation isolation, const Command& command) {
    Spawn spawn{.folder = command.writable.empty() ? "/" : command.writable,
                .limits = command.limits};
    if (isolation == Isolation::bubblewrap) {
        spawn.argv = bubblewrap_argv(command);
        return spawn;
    }
    spawn.argv = command.arguments;
    spawn.argv.insert(spawn.argv.begin(), command.program);
    if (isolation == Isolation::namespaces) spawn.confinement = Confinement::namespaces;
    return spawn;
}

Task<Result<Exit>> Sandbox::run(Command command, OnLine on_line) const {
    Spawn spawn = spawn_of(isolation_, command);
    Result<Exit> exit = co_await run_child(std::move(spawn), std::move(on_line));
    // Bubblewrap's own failures: a folder that is gone, namespaces that are used up.
    if (exit && exit->status == 1 && isolation_ == Isolation::bubblewrap &&
        exit->errors.starts_with("bwrap: "))
        co_return fail(Code::unavailable, exit->errors);
    co_return exit;
}

Isolation strictest_isolation(const Log& log) {
    const Result<void> with_bubblewrap = try_isolation(Isolation::bubblewrap);
    if (with_bubblewrap) return Isolation::bubblewrap;
    const Result<void> with_namespaces = try_isolation(Isolation::namespaces);
    const Isolation found = with_namespaces ? Isolation::namespaces : Isolation::limits;
    log.warning(
        found == Isolation::namespaces
            ? "media programs run without bubblewrap: they have no network but can read files"
            : "media programs run with limits only: they can read files and reach the network",
        {{"bubblewrap", with_bubblewrap.error().detail},
         {"hint", "install bubblewrap and allow unprivileged user namespaces"}});
    return found;
}

}  // namespace hookreel::process
