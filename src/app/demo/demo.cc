#include "app/demo/demo.h"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "app/client/receiver/receiver.h"
#include "app/demo/clip.h"
#include "app/demo/server_child.h"
#include "base/random.h"

namespace hookreel::app::demo {
namespace {

using client::Paint;
using client::ProgressBar;
using client::Unit;

namespace files = std::filesystem;

// A folder of its own under the system's temporary one; removed at the end, unless something went
// wrong and its log may be wanted.
class Workshop {
 public:
    Workshop() {
        std::string path = (files::temp_directory_path() / "hookreel-demo-XXXXXX").string();
        if (!::mkdtemp(path.data())) throw std::runtime_error("cannot make a folder " + path);
        path_ = path;
    }
    ~Workshop() {
        std::error_code ignored;
        if (!kept_) files::remove_all(path_, ignored);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    std::string in(std::string_view name) const { return (path_ / name).string(); }
    void keep() { kept_ = true; }

 private:
    files::path path_;
    bool kept_ = false;
};

// What stays the same throughout a demo.
struct Stage {
    const DemoOptions& options;
    Loop& loop;
    const Clock& clock;
    client::Terminal& terminal;
    Workshop& workshop;
    model::KeyPair keys;
};

model::KeyPair fresh_keys() {
    return {"AKID" + random_alphanumeric(32), random_alphanumeric(32)};
}

http::ClientOptions client_options() {
    http::ClientOptions options;
    options.user_agent = "Hookreel demo";
    (void)options.rules.allow("127.0.0.0/8");
    return options;
}

void explain(Stage& stage, std::string_view text) {
    stage.terminal.line("");
    stage.terminal.line(stage.terminal.paint(Paint::dim, text));
}

// The user's file, or a clip that is made. Errors: as make_clip.
Task<Result<std::string>> get_clip(Stage& stage) {
    if (!stage.options.file.empty()) {
        if (!files::exists(stage.options.file))
            co_return fail(Code::not_found, "there is no file " + stage.options.file);
        co_return files::absolute(stage.options.file).string();
    }
    explain(stage, "A video to upload: 8 s of a test picture and a tone, as WMV, made by ffmpeg.");
    ProgressBar bar(stage.terminal, {"Making a clip", Unit::percent, 100});
    const std::string path = stage.workshop.in("demo clip.wmv");
    const Result<void> made =
        co_await make_clip(path, [&bar](int percent) { bar.update(std::uint64_t(percent)); });
    if (!made) {
        bar.fail(made.error().detail);
        co_return fail(made.error());
    }
    bar.succeed(client::human_duration(bar.elapsed()));
    co_return path;
}

Task<Result<std::unique_ptr<ServerChild>>> start_server(Stage& stage) {
    explain(stage, "The server: this same program as `hookreel serve`, on an empty data folder.");
    ProgressBar bar(stage.terminal, {"Starting the server", Unit::percent, 100});
    ServerChild::Order order{stage.workshop.in("data"), stage.workshop.in("serve.log"), stage.keys};
    Result<std::unique_ptr<ServerChild>> server = co_await ServerChild::start(std::move(order));
    if (server)
        bar.succeed((*server)->url());
    else
        bar.fail(server.error().detail);
    co_return server;
}

Task<Result<void>> run_tutorial(Stage& stage, client::Account account, std::string clip) {
    http::Client http(stage.loop, client_options());
    client::VodClient vod(http, stage.clock, std::move(account));
    Inbox inbox(stage.loop.get_executor());
    const Log log(Level::warning);
    client::ReceiverReports reports;
    reports.on_callback = [&inbox](const client::Callback& callback) { inbox.put(callback); };
    client::Receiver receiver(stage.loop, {}, stage.clock, log, std::move(reports));
    Result<void> result = receiver.start();
    if (result) {
        Tutorial tutorial(
            {vod, stage.terminal, inbox, receiver.url(), std::move(clip), stage.options.pace});
        result = co_await tutorial.run();
        co_await receiver.stop();
    }
    http.close();
    co_return result;
}

void summarize(Stage& stage, const ServerChild& server) {
    const auto bold = [&](std::string_view text) {
        return stage.terminal.paint(Paint::bold, text);
    };
    stage.terminal.line("");
    stage.terminal.line(bold("Everything did what it says."));
    stage.terminal.line("");
    stage.terminal.line(fmt::format("  server      {}", server.url()));
    stage.terminal.line(fmt::format("  secret id   {}", stage.keys.secret_id));
    stage.terminal.line(fmt::format("  secret key  {}", stage.keys.secret_key));
}

void suggest(Stage& stage, const ServerChild& server) {
    const bool goes_on = stage.terminal.interactive();
    const std::string url = goes_on ? server.url() : "http://127.0.0.1:8080";
    std::vector<std::string> lines = {
        "",
        goes_on ? "Next, in another terminal:" : "Next:",
        fmt::format("  alias hookreel={}", files::read_symlink("/proc/self/exe").string()),
        fmt::format("  export HOOKREEL_SERVER={}", url),
        fmt::format("  export HOOKREEL_SECRET_ID={}", stage.keys.secret_id),
        fmt::format("  export HOOKREEL_SECRET_KEY={}", stage.keys.secret_key),
    };
    if (!goes_on) lines.emplace_back("  hookreel serve --allow-address 127.0.0.0/8 &");
    for (const char* command :
         {"hookreel listen            (in a terminal of its own)",
          "hookreel config event --mode PUSH --url http://127.0.0.1:9000/callback --upload ON",
          "hookreel upload YOUR.mp4", "hookreel config event --mode PULL",
          "hookreel pull --confirm"})
        lines.push_back(fmt::format("  {}", command));
    for (const std::string& line : lines)
        stage.terminal.line(line);
}

Task<bool> stop_server(Stage& stage, ServerChild& server) {
    explain(stage, "SIGTERM ends the server cleanly.");
    ProgressBar bar(stage.terminal, {"Stopping the server", Unit::percent, 100});
    const int status = co_await server.stop();
    if (status == 0)
        bar.succeed(client::human_duration(bar.elapsed()));
    else
        bar.fail(fmt::format("exit status {}", status));
    co_return status == 0;
}

// From the started server to its end.
Task<Result<void>> show(Stage& stage, ServerChild& server, std::string clip) {
    const Result<http::Url> url = http::parse_url(server.url());
    if (!url) co_return fail(url.error());
    client::Account account{*url, stage.keys, {}};
    const Result<void> taught = co_await run_tutorial(stage, std::move(account), std::move(clip));
    if (!taught) co_return taught;
    summarize(stage, server);
    suggest(stage, server);
    if (!stage.terminal.interactive()) co_return Result<void>();
    stage.terminal.line("");
    stage.terminal.line("The server serves on. Ctrl-C ends it.");
    Timer forever(stage.loop.get_executor());
    forever.expires_at(std::chrono::steady_clock::time_point::max());
    co_await forever.async_wait(use_result);
    stage.terminal.line("");
    co_return Result<void>();
}

Task<Result<void>> demo(Stage& stage) {
    co_await asio::this_coro::throw_if_cancelled(false);
    stage.terminal.line(stage.terminal.paint(
        Paint::bold, "Hookreel: what happens to your videos, told by callback and by queue"));
    Result<std::string> clip = co_await get_clip(stage);
    if (!clip) co_return fail(clip.error());
    const Result<std::unique_ptr<ServerChild>> server = co_await start_server(stage);
    if (!server) co_return fail(server.error());
    const Result<void> shown = co_await show(stage, **server, std::move(*clip));
    const bool clean = co_await stop_server(stage, **server);
    if (shown && !clean) co_return fail(Code::internal, "the server did not end cleanly");
    co_return shown;
}

}  // namespace

int run_demo(const DemoOptions& options) {
    Loop loop(1);
    SystemClock clock;
    client::Terminal terminal;
    Workshop workshop;
    Stage stage{options, loop, clock, terminal, workshop, fresh_keys()};

    asio::cancellation_signal interruption;
    bool interrupted = false;
    asio::basic_signal_set<Executor> signals(loop.get_executor(), SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code error, int) {
        if (error) return;
        interrupted = true;
        interruption.emit(asio::cancellation_type::terminal);
    });
    Result<void> result;
    const auto ended = [&](const std::exception_ptr& exception, Result<void> shown) {
        if (exception) std::rethrow_exception(exception);
        result = std::move(shown);
        signals.cancel();
    };
    asio::co_spawn(loop, demo(stage), asio::bind_cancellation_slot(interruption.slot(), ended));
    loop.run();
    if (result) return 0;
    if (interrupted) return 130;
    terminal.line("");
    terminal.line(terminal.paint(Paint::red, "The demo ends here: ") + result.error().detail);
    const std::string log = workshop.in("serve.log");
    if (!files::exists(log)) return 1;
    workshop.keep();
    terminal.line("The server's log is " + log);
    return 1;
}

}  // namespace hookreel::app::demo
