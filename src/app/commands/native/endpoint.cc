#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/native/endpoint_calls.h"
#include "app/commands/native/native.h"

namespace hookreel::app::commands {
namespace {

using Options = std::shared_ptr<EndpointOptions>;

constexpr const char* examples =
    "Examples:\n"
    "  hookreel endpoint create https://example.com/hooks --type 'media.*'\n"
    "  hookreel endpoint list\n"
    "  hookreel endpoint test ENDPOINT --wait\n"
    "\n"
    "More on each:  hookreel endpoint create --help";

constexpr const char* list_examples =
    "Examples:\n"
    "  hookreel endpoint list\n"
    "  hookreel endpoint list --state disabled --json | jq -r .id";

constexpr const char* show_examples =
    "Examples:\n"
    "  hookreel endpoint show ENDPOINT\n"
    "  hookreel endpoint show ENDPOINT --json | jq .statistics.waiting";

constexpr const char* create_examples =
    "Examples:\n"
    "  hookreel endpoint create https://example.com/hooks\n"
    "  hookreel endpoint create https://example.com/hooks --type 'media.*' --type order.paid\n"
    "  hookreel endpoint create http://127.0.0.1:9000/ --order key --rate 50 --in-flight-max 4\n"
    "  hookreel endpoint create https://example.com/hooks --schedule 5s,1m,30m --timeout 10s\n"
    "  hookreel endpoint create https://example.com/hooks --where asset.type=mp4 --where sum=7\n"
    "  SECRET=$(hookreel endpoint create https://example.com/hooks --json | jq -r .secret)\n"
    "\n"
    "What is not said is the server's default. Times are 500ms, 90s, 15m, 2h, 7d. Private\n"
    "addresses need `hookreel serve --allow-address`.";

constexpr const char* change_examples =
    "Examples:\n"
    "  hookreel endpoint change ENDPOINT --url https://example.com/new\n"
    "  hookreel endpoint change ENDPOINT --rate 10 --schedule 5s,5m,1h\n"
    "  hookreel endpoint change ENDPOINT --default schedule --default headers\n"
    "\n"
    "What waits already goes to the changed URL. What is not named stays.";

constexpr const char* pause_examples =
    "Examples:\n"
    "  hookreel endpoint pause ENDPOINT --reason 'the shop is being moved'\n"
    "  hookreel endpoint resume ENDPOINT";

constexpr const char* resume_examples =
    "Examples:\n"
    "  hookreel endpoint resume ENDPOINT\n"
    "  hookreel replay ENDPOINT --state dead     (what was given up before)";

constexpr const char* test_examples =
    "Examples:\n"
    "  hookreel endpoint test ENDPOINT --wait\n"
    "  hookreel endpoint test ENDPOINT --type media.processed\n"
    "  hookreel endpoint test ENDPOINT --type order.paid --data '{\"sum\":7}'";

constexpr const char* secret_examples =
    "Examples:\n"
    "  hookreel endpoint secret ENDPOINT\n"
    "  hookreel endpoint secret ENDPOINT --json | jq -r '.secrets[0].verification_key'";

constexpr const char* rotate_examples =
    "Examples:\n"
    "  hookreel endpoint rotate-secret ENDPOINT\n"
    "  hookreel endpoint rotate-secret ENDPOINT --keep-old 2h\n"
    "  hookreel endpoint rotate-secret ENDPOINT --keep-old 0s     (the old one got out)\n"
    "  hookreel endpoint rotate-secret ENDPOINT --algorithm v1a   (Ed25519: a public key)";

constexpr const char* delete_examples =
    "Examples:\n"
    "  hookreel endpoint delete ENDPOINT\n"
    "  hookreel endpoint delete ENDPOINT --yes\n"
    "\n"
    "On a terminal it shows what is meant and asks; elsewhere it takes --yes. What waits for it\n"
    "becomes dead letters, which cannot be retried. To stop for a while: hookreel endpoint pause";

// A sub-command; the flags about the server come last, when the caller has added its own.
class Verb {
 public:
    Verb(CLI::App& endpoint, const char* name, const char* about, const char* footer)
        : command_(endpoint.add_subcommand(name, about)) {
        command_->footer(footer);
    }

    CLI::App& command() { return *command_; }
    EndpointOptions& options() { return *options_; }

    Verb& takes_id() {
        command_->add_option("ENDPOINT", options_->id, "Its id")->required();
        return *this;
    }
    void runs(Action& action, Task<int> (*call)(Caller&, const EndpointOptions&)) {
        add_native_flags(*command_, options_->caller);
        command_->callback([options = options_, &action, call] {
            action = [options, call] { return run_call(call, *options); };
        });
    }

 private:
    CLI::App* command_;
    Options options_ = std::make_shared<EndpointOptions>();
};

void add_secret_flags(CLI::App& command, EndpointOptions& options) {
    command.add_option("--algorithm", options.algorithm, "v1: HMAC-SHA256, v1a: Ed25519")
        ->type_name("NAME")
        ->check(CLI::IsMember({"v1", "v1a"}));
    command.add_option("--secret", options.secret, "A secret of yours instead of one that is made")
        ->type_name("SECRET");
}

void add_list(CLI::App& endpoint, Action& action) {
    Verb verb(endpoint, "list", "The endpoints of the application", list_examples);
    verb.command()
        .add_option("--state", verb.options().state, "In this state")
        ->type_name("STATE")
        ->check(CLI::IsMember({"enabled", "paused", "disabled"}));
    verb.command()
        .add_option("--limit", verb.options().count_max, "So many at most")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    verb.runs(action, &list_endpoints);
}

void add_create(CLI::App& endpoint, Action& action) {
    Verb verb(endpoint, "create", "Have events sent to a URL; shows the secret", create_examples);
    verb.command().add_option("URL", verb.options().url, "Where they go")->required();
    add_settings_flags(verb.command(), verb.options().settings);
    verb.command()
        .add_option("--order", verb.options().order,
                    "key: later events of a key wait for the earlier ones")
        ->type_name("RULE")
        ->check(CLI::IsMember({"none", "key"}));
    add_secret_flags(verb.command(), verb.options());
    verb.command().add_flag_callback(
        "--paused", [&options = verb.options()] { options.state = "paused"; },
        "Keep events back until it is resumed");
    verb.runs(action, &create_endpoint);
}

void add_change(CLI::App& endpoint, Action& action) {
    Verb verb(endpoint, "change", "Change what is named", change_examples);
    verb.takes_id();
    verb.command().add_option("--url", verb.options().url, "Where events go")->type_name("URL");
    add_settings_flags(verb.command(), verb.options().settings);
    verb.command()
        .add_option("--default", verb.options().defaults,
                    "Bring back the default of this member; repeat for more")
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->take_all()
        ->check(CLI::IsMember(
            {"keys", "data", "rate_per_second", "schedule", "headers", "tls", "origin"}));
    verb.runs(action, &change_endpoint);
}

void add_test(CLI::App& endpoint, Action& action) {
    Verb verb(endpoint, "test", "Send it an event that nobody else gets", test_examples);
    verb.takes_id();
    verb.command()
        .add_option("--type", verb.options().type,
                    "Its type; of one that the server knows a sample")
        ->type_name("TYPE");
    verb.command()
        .add_option("--data", verb.options().data, "Its data instead, a JSON object")
        ->type_name("JSON");
    verb.command().add_flag_callback(
        "--wait", [&options = verb.options()] { options.wait = EndpointOptions::Wait::yes; },
        "Wait for the first attempt; the exit code is 0 when it was taken");
    verb.runs(action, &test_endpoint);
}

void add_rotate(CLI::App& endpoint, Action& action) {
    Verb verb(endpoint, "rotate-secret", "A new secret, beside which the old ones stay for a while",
              rotate_examples);
    verb.takes_id();
    add_secret_flags(verb.command(), verb.options());
    verb.command()
        .add_option("--keep-old", verb.options().keep_old,
                    "How long the old ones sign; default: 24h")
        ->type_name("SPAN");
    verb.runs(action, &rotate_secret);
}

}  // namespace

void add_endpoint(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "endpoint", "Where events are sent: list, create, change, pause, test, delete");
    command->require_subcommand(1);
    command->footer(examples);
    add_list(*command, action);
    Verb(*command, "show", "One of them, and what waits for it", show_examples)
        .takes_id()
        .runs(action, &show_endpoint);
    add_create(*command, action);
    add_change(*command, action);
    Verb pause(*command, "pause", "Keep events back until it is resumed", pause_examples);
    pause.takes_id()
        .command()
        .add_option("--reason", pause.options().reason, "For people")
        ->type_name("TEXT");
    pause.runs(action, &pause_endpoint);
    Verb(*command, "resume", "Send again, after a pause or when it was disabled", resume_examples)
        .takes_id()
        .runs(action, &resume_endpoint);
    add_test(*command, action);
    Verb(*command, "secret", "The live secrets", secret_examples)
        .takes_id()
        .runs(action, &show_secrets);
    add_rotate(*command, action);
    Verb remove(*command, "delete", "Remove it", delete_examples);
    remove.takes_id().command().add_flag_callback(
        "--yes",
        [&options = remove.options()] { options.consent = EndpointOptions::Consent::given; },
        "Do not ask");
    remove.runs(action, &delete_endpoint);
}

}  // namespace hookreel::app::commands
