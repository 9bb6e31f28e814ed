#include "process/start.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace hookreel::process {
namespace {

struct Limit {
    __rlimit_resource resource;
    rlimit value;
};

// All that the child needs, made before the fork.
struct Prepared {
    std::vector<char*> argv;
    const char* folder;
    std::array<Limit, 5> limits;
    std::string user_map;
    std::string group_map;
    const Spawn* spawn;
    pid_t parent;
    int null;
    int output;
    int errors;
};

rlimit both(std::uint64_t value) {
    return {static_cast<rlim_t>(value), static_cast<rlim_t>(value)};
}

Prepared prepare(const Spawn& spawn) {
    Prepared prepared{};
    for (const std::string& argument : spawn.argv)
        prepared.argv.push_back(const_cast<char*>(argument.c_str()));
    prepared.argv.push_back(nullptr);
    prepared.folder = spawn.folder.c_str();
    const Limits& limits = spawn.limits;
    prepared.limits = {{{RLIMIT_AS, both(limits.memory_bytes_max)},
                        {RLIMIT_CPU, both(limits.cpu_seconds_max)},
                        {RLIMIT_FSIZE, both(limits.file_bytes_max)},
                        {RLIMIT_NOFILE, both(limits.open_files_max)},
                        {RLIMIT_CORE, both(0)}}};
    prepared.user_map = fmt::format("{0} {0} 1", geteuid());
    prepared.group_map = fmt::format("{0} {0} 1", getegid());
    prepared.spawn = &spawn;
    prepared.parent = getpid();
    return prepared;
}

// From here to the end of `become`: in the child, async-signal-safe calls only.

[[noreturn]] void give_up(const char* what, int status) {
    const char* const reason = strerrordesc_np(errno);
    for (const char* text : {"cannot ", what, ": ", reason ? reason : "unknown error", "\n"}) {
        if (write(STDERR_FILENO, text, strlen(text)) < 0) break;
    }
    _exit(status);
}

bool write_file(const char* path, std::string_view text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    return written;
}

void confine(const Prepared& prepared) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("drop privileges", cannot_confine);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) != 0)
        give_up("leave the network", cannot_confine);
    // Without a map files are still ours, but programs see a nobody; so the map may fail.
    if (write_file("/proc/self/setgroups", "deny") &&
        write_file("/proc/self/uid_map", prepared.user_map))
        write_file("/proc/self/gid_map", prepared.group_map);
}

void close_the_rest() {
    if (close_range(3, ~0u, 0) == 0) return;
    for (int number = 3; number < 4096; ++number)  // An old kernel, or a seccomp filter.
        close(number);
}

void restore_signals() {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        sigaction(number, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Prepared& prepared) {
    setsid();
    if (dup2(prepared.null, 0) < 0 || dup2(prepared.output, 1) < 0 || dup2(prepared.errors, 2) < 0)
        _exit(cannot_confine);
    close_the_rest();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != prepared.parent) _exit(cannot_confine);  // The parent died before the call.
    if (chdir(prepared.folder) != 0) give_up("enter the working folder", cannot_confine);
    if (prepared.spawn->confinement == Confinement::namespaces) confine(prepared);
    setpriority(PRIO_PROCESS, 0, prepared.spawn->limits.nice);
    for (const Limit& limit : prepared.limits)
        if (setrlimit(limit.resource, &limit.value) != 0) {
            // A harder limit than ours is in force already: it stays.
            if (errno != EPERM) give_up("set a limit", cannot_confine);
        }
    restore_signals();
    char* const environment[] = {nullptr};
    execve(prepared.argv[0], prepared.argv.data(), environment);
    give_up("run the program", cannot_execute);
}

struct Pipe {
    Descriptor reader;
    Descriptor writer;
};

Result<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(Code::unavailable, fmt::format("pipe: {}", strerrordesc_np(errno)));
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Handlers of ours must not run in the child: they would write into pipes that it shares with us.
class BlockedSignals {
 public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
    sigset_t before_;
};

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

Result<Started> start(const Spawn& spawn) {
    Result<Pipe> output = make_pipe();
    if (!output) return fail(std::move(output.error()));
    Result<Pipe> errors = make_pipe();
    if (!errors) return fail(std::move(errors.error()));
    const Descriptor null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (null.number() < 0) return fail(Code::unavailable, "/dev/null cannot be opened");

    Prepared prepared = prepare(spawn);
    prepared.null = null.number();
    prepared.output = output->writer.number();
    prepared.errors = errors->writer.number();
    pid_t pid = -1;
    {
        const BlockedSignals blocked;
        pid = fork();
        if (pid == 0) become(prepared);
    }
    if (pid < 0) return fail(Code::unavailable, fmt::format("fork: {}", strerrordesc_np(errno)));
    // glibc 2.36 declares pidfd_open for C only.
    Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (handle.number() < 0) {
        const int reason = errno;
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return fail(Code::unavailable, fmt::format("pidfd_open: {}", strerrordesc_np(reason)));
    }
    return Started{pid, std::move(handle), std::move(output->reader), std::move(errors->reader)};
}

}  // namespace hookreel::process
