#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>

#include "app/client/receiver/receiver.h"
#include "app/client/vod/event_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/receiver/receiver.h"
#include "base/text.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::app::commands {
namespace {

using client::Callback;
using client::Paint;
using client::Signature;
using client::Terminal;

constexpr const char* examples =
    "Examples:\n"
    "  hookreel listen\n"
    "  hookreel listen --port 9000 --sign-key abc123     (checks Sign and T)\n"
    "  hookreel listen --fail-first 2                    (see the third send arrive)\n"
    "  hookreel listen --status 500 --delay 2000\n"
    "\n"
    "Then have the server call it; it must run with --allow-address 127.0.0.0/8:\n"
    "  hookreel config event --mode PUSH --url http://127.0.0.1:9000/callback --upload ON";

struct ListenOptions {
    client::ReceiverOptions receiver{.port = 9000, .sign_key = {}};
    Duration::rep delay_ms = 0;
    Output output = Output::people;
};

std::string signature_text(Signature signature, const Terminal& terminal) {
    if (signature == Signature::unchecked) return {};
    const Paint paint = signature == Signature::good ? Paint::green : Paint::red;
    return "  " + terminal.paint(paint, fmt::format("signature {}", client::name(signature)));
}

void print_for_people(const Callback& callback, Terminal& terminal) {
    terminal.line("");
    const std::string head =
        fmt::format("{}  callback {}{}", client::clock_text(callback.at), callback.number,
                    signature_text(callback.signature, terminal));
    terminal.line(terminal.paint(Paint::dim, head));
    const json::object* event = callback.event ? callback.event->if_object() : nullptr;
    if (!event) {
        const std::string why = callback.event ? "not an object" : callback.event.error().detail;
        terminal.line(terminal.paint(Paint::red, "not an event: " + why));
        if (is_utf8(callback.body))
            terminal.line(json::serialize(json::value(callback.body.substr(0, 2000))));
        return;
    }
    for (const std::string& line : client::event_lines(*event, terminal))
        terminal.line(line);
    terminal.line(client::pretty(*callback.event, terminal));
}

void print_for_programs(const Callback& callback, Terminal& terminal) {
    json::object line = {{"number", callback.number},
                         {"received_at", rfc3339(callback.at)},
                         {"target", callback.target},
                         {"signature", client::name(callback.signature)}};
    if (callback.event)
        line["event"] = *callback.event;
    else
        line["body"] = callback.body;
    terminal.line(dialect::tencent_vod::write_json(line));
}

// The task of a command ends with Ctrl-C or SIGTERM.
Task<void> interrupted() {
    const Executor executor = co_await asio::this_coro::executor;
    asio::basic_signal_set<Executor> signals(executor, SIGINT, SIGTERM);
    co_await signals.async_wait(use_result);
}

Task<int> listen(client::Receiver& receiver, const ListenOptions& options, Terminal& terminal) {
    const Result<void> started = receiver.start();
    if (!started) {
        say_error(fmt::format("cannot listen: {}. See --host and --port.", started.error().detail));
        co_return 1;
    }
    if (options.output == Output::people)
        terminal.line(fmt::format("Waiting for callbacks at {}   (Ctrl-C ends)",
                                  terminal.paint(Paint::bold, receiver.url())));
    else
        fmt::print(stderr, "listening on {}\n", receiver.url());
    co_await interrupted();
    co_await receiver.stop();
    co_return 0;
}

int run_listen(ListenOptions options) {
    options.receiver.delay = Duration(options.delay_ms);
    Loop loop(1);
    SystemClock clock;
    Terminal terminal;
    Log log(Level::warning);
    client::Receiver receiver(loop, options.receiver, clock, log, [&](const Callback& callback) {
        if (options.output == Output::json)
            print_for_programs(callback, terminal);
        else
            print_for_people(callback, terminal);
    });
    return run_task(loop, listen(receiver, options, terminal));
}

}  // namespace

void add_listen(CLI::App& program, Action& action) {
    CLI::App* command =
        program.add_subcommand("listen", "Receive callbacks, print them, check their signature");
    command->footer(examples);
    const auto options = std::make_shared<ListenOptions>();
    client::ReceiverOptions& receiver = options->receiver;
    command->add_option("--port", receiver.port, "The port; 0 takes any free one")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--host", receiver.address, "The address to listen at")
        ->type_name("ADDRESS")
        ->capture_default_str();
    command->add_option("--sign-key", receiver.sign_key, "Check Sign and T with this key")
        ->envname("HOOKREEL_SIGN_KEY")
        ->type_name("KEY");
    command->add_option("--status", receiver.status, "Answer with this status")
        ->type_name("CODE")
        ->check(CLI::Range(200, 599))
        ->capture_default_str();
    command->add_option("--delay", options->delay_ms, "Wait so long before each answer")
        ->type_name("MS")
        ->check(CLI::Range(0, 600'000))
        ->capture_default_str();
    command
        ->add_option("--fail-first", receiver.fail_first,
                     "Let so many callbacks run into the sender's time-out, to see it try again")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    add_output_flag(*command, options->output);
    command->callback([options, &action] { action = [options] { return run_listen(*options); }; });
}

}  // namespace hookreel::app::commands
