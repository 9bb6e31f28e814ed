#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <optional>

#include "app/client/receiver/receiver.h"
#include "app/commands/frame/caller.h"
#include "app/commands/receiver/callback_text.h"
#include "app/commands/receiver/receiver.h"

namespace hookreel::app::commands {
namespace {

using client::Callback;
using client::Paint;
using client::Terminal;

constexpr const char* examples =
    "Examples:\n"
    "  hookreel listen\n"
    "  hookreel listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"
    "                                (checks webhook-signature; the API told the secret)\n"
    "  hookreel listen --sign-key abc123     (checks Sign and T of Tencent VOD)\n"
    "  hookreel listen --forward-to http://127.0.0.1:3000/hook\n"
    "                                (your application answers, you see what it gets)\n"
    "  hookreel listen --fail-first 2        (see the third send arrive)\n"
    "  hookreel listen --json | jq .events\n"
    "\n"
    "Understood are Tencent VOD, Standard Webhooks, and CloudEvents structured, binary and in\n"
    "batches. The question by OPTIONS whether it may be called is answered with yes.\n"
    "\n"
    "Then have the server call it; it must run with --allow-address 127.0.0.0/8:\n"
    "  hookreel config event --mode PUSH --url http://127.0.0.1:9000/callback --upload ON";

struct ListenOptions {
    client::ReceiverOptions receiver;
    Duration::rep delay_ms = 0;
    std::vector<std::string> secrets;
    std::string forward_to;
    std::string ca_file;
    Output output = Output::people;
};

// What a text of the command line breaks; empty: nothing.
std::string broken_secret(const std::string& text) {
    const Result<model::VerifyingKey> key = model::verifying_key(text);
    return key ? std::string() : key.error().detail;
}
std::string broken_url(const std::string& text) {
    const Result<http::Url> url = http::parse_url(text);
    return url ? std::string() : url.error().detail;
}

client::ReceiverReports reports_for(Output output, bool forwards, Terminal& terminal) {
    client::ReceiverReports reports;
    if (output == Output::people) {
        reports.on_callback = [&](const Callback& callback) { print_callback(callback, terminal); };
        reports.on_handshake = [&](std::string_view origin) {
            terminal.line(fmt::format("{} asked whether it may call, and may", origin));
        };
        return reports;
    }
    // One line for each, also when there is more to tell later.
    if (!forwards)
        reports.on_callback = [&](const Callback& callback) {
            terminal.line(callback_line(callback, nullptr));
        };
    reports.on_forwarded = [&](const Callback& callback, const client::Forwarded& forwarded) {
        terminal.line(callback_line(callback, &forwarded));
    };
    return reports;
}

Task<int> listen(client::Receiver& receiver, http::Client& http, Output output,
                 Terminal& terminal) {
    // Ctrl-C and SIGTERM end it, from before it says that it is there.
    const Executor executor = co_await asio::this_coro::executor;
    asio::basic_signal_set<Executor> interrupts(executor, SIGINT, SIGTERM);
    const Result<void> started = receiver.start();
    if (!started) {
        say_error(fmt::format("cannot listen: {}. See --host and --port.", started.error().detail));
        co_return 1;
    }
    if (output == Output::people)
        terminal.line(fmt::format("Waiting for callbacks at {}   (Ctrl-C ends)",
                                  terminal.paint(Paint::bold, receiver.url())));
    else
        fmt::print(stderr, "listening on {}\n", receiver.url());
    co_await interrupts.async_wait(use_result);
    http.close();
    co_await receiver.stop();
    co_return 0;
}

int run_listen(ListenOptions options) {
    options.receiver.delay = Duration(options.delay_ms);
    for (const std::string& secret : options.secrets)
        options.receiver.keys.secrets.push_back(model::verifying_key(secret).value());
    Loop loop(1);
    SystemClock clock;
    Terminal terminal;
    Log log(Level::warning);
    http::ClientOptions client_options = open_client_options();
    client_options.ca_file = options.ca_file;
    http::Client http(loop, std::move(client_options));
    std::optional<client::Forwarder> forwarder;
    if (!options.forward_to.empty())
        forwarder.emplace(http, http::parse_url(options.forward_to).value());
    client::ReceiverReports reports = reports_for(options.output, forwarder.has_value(), terminal);
    if (forwarder && options.output == Output::people)
        reports.on_forwarded = [&](const Callback& callback, const client::Forwarded& forwarded) {
            print_forwarded(callback, forwarded, {forwarder->target(), terminal});
        };
    client::Receiver receiver(loop, options.receiver, clock, log, std::move(reports),
                              forwarder ? &*forwarder : nullptr);
    return run_task(loop, listen(receiver, http, options.output, terminal));
}

void add_checks(CLI::App& command, ListenOptions& options) {
    command
        .add_option("--secret", options.secrets,
                    "Check webhook-signature with this secret (whsec_…) or public key (whpk_…); "
                    "may be given several times")
        ->envname("HOOKREEL_WEBHOOK_SECRET")
        ->type_name("SECRET")
        ->allow_extra_args(false)
        ->check(CLI::Validator(broken_secret, ""));
    command
        .add_option("--sign-key", options.receiver.keys.sign_key, "Check Sign and T with this key")
        ->envname("HOOKREEL_SIGN_KEY")
        ->type_name("KEY");
}

void add_answers(CLI::App& command, ListenOptions& options) {
    CLI::Option* status =
        command.add_option("--status", options.receiver.status, "Answer with this status")
            ->type_name("CODE")
            ->check(CLI::Range(200, 599))
            ->capture_default_str();
    command.add_option("--delay", options.delay_ms, "Wait so long before each answer")
        ->type_name("MS")
        ->check(CLI::Range(0, 600'000))
        ->capture_default_str();
    command
        .add_option("--fail-first", options.receiver.fail_first,
                    "Let so many callbacks run into the sender's time-out, to see it try again")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        .add_option("--forward-to", options.forward_to,
                    "Send each request on to this URL, and answer what it answers (at most 30 s "
                    "and 4 MiB; 502 when it is down)")
        ->type_name("URL")
        ->check(CLI::Validator(broken_url, ""))
        ->excludes(status);
    command.add_option("--ca-file", options.ca_file, "PEM file of an authority to trust there")
        ->envname("HOOKREEL_CA_FILE")
        ->type_name("FILE");
}

}  // namespace

void add_listen(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "listen", "Receive callbacks, print them, check their signature, send them on");
    command->footer(examples);
    const auto options = std::make_shared<ListenOptions>();
    options->receiver.port = 9000;
    command->add_option("--port", options->receiver.port, "The port; 0 takes any free one")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--host", options->receiver.address, "The address to listen at")
        ->type_name("ADDRESS")
        ->capture_default_str();
    add_checks(*command, *options);
    add_answers(*command, *options);
    add_output_flag(*command, options->output);
    command->callback([options, &action] { action = [options] { return run_listen(*options); }; });
}

}  // namespace hookreel::app::commands
