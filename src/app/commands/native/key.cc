#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/native/delivery_text.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/native/native.h"
#include "model/access_key.h"

namespace hookreel::app::commands {
namespace {

using client::NativeCall;

constexpr const char* examples =
    "Examples:\n"
    "  hookreel key create shop --right read --right events\n"
    "  hookreel key list\n"
    "  hookreel key disable SECRETID\n"
    "\n"
    "More on each:  hookreel key create --help";

constexpr const char* create_examples =
    "Examples:\n"
    "  hookreel key create shop --right read --right upload --application 1500000002\n"
    "  hookreel key create worker --right events\n"
    "  hookreel key create admin --right all --json | jq -r '.id, .secret'\n"
    "\n"
    "Rights:\n"
    "  read          see the library, tasks, templates, applications\n"
    "  upload        bring files in: ApplyUpload, CommitUpload, PullUpload\n"
    "  write         work on files, change and delete them, keep templates\n"
    "  events        pull and confirm events, and set how they are told\n"
    "  applications  make applications (CreateSubAppId)\n"
    "\n"
    "With --application the pair acts on that one alone, else on all. Its secret is shown once.";

constexpr const char* list_examples =
    "Examples:\n"
    "  hookreel key list\n"
    "  hookreel key list --application 1500000002 --json | jq -r .id\n"
    "\n"
    "The pair of the settings (--secret-id) and the first pair of each application are not listed.";

constexpr const char* disable_examples =
    "Examples:\n"
    "  hookreel key disable SECRETID     refuses what it signs, from now on\n"
    "  hookreel key enable SECRETID      takes it again";

constexpr const char* remove_examples =
    "Examples:\n"
    "  hookreel key remove SECRETID\n"
    "\n"
    "It cannot be brought back. To stop it for a while: hookreel key disable";

struct KeyOptions {
    CallerFlags caller;
    std::string id;
    std::string name;
    std::vector<std::string> rights;
    std::size_t count_max = 100;
};

// "read, events"
std::string listed(const json::object& key) {
    std::string all;
    const json::value* rights = client::find(key, {"rights"});
    if (rights && rights->is_array())
        for (const json::value& right : rights->get_array())
            if (right.is_string())
                all += (all.empty() ? "" : ", ") + client::printable(right.get_string());
    return all;
}

std::string application_text(const json::object& key) {
    const json::value* application = client::find(key, {"application"});
    return application && !application->is_null() ? client::compact(*application) : "all";
}

client::Row row_of(const json::object& key, const client::Terminal& terminal) {
    const std::string state = client::printable(client::find_text(key, {"state"}));
    const client::Paint paint = state == "active" ? client::Paint::green : client::Paint::red;
    return {client::printable(client::find_text(key, {"id"})),
            terminal.paint(paint, state),
            application_text(key),
            listed(key),
            client::printable(client::find_text(key, {"name"})),
            client::shown_time(key, "created")};
}

// The secret in the words in which a shell takes it.
void explain(const json::object& key, client::Terminal& terminal) {
    const auto bold = [&](std::string_view variable, std::string_view value) {
        const std::string text = fmt::format("{}={}", variable, client::printable(value));
        terminal.line("  " + terminal.paint(client::Paint::bold, text));
    };
    terminal.line("");
    bold("HOOKREEL_SECRET_ID", client::find_text(key, {"id"}));
    bold("HOOKREEL_SECRET_KEY", client::find_text(key, {"secret"}));
    terminal.line("");
    terminal.line(
        fmt::format("It acts on {}, with these rights: {}. The secret is not shown again.",
                    application_text(key) == "all" ? std::string("all applications")
                                                   : "application " + application_text(key),
                    listed(key)));
}

Task<int> create_key(Caller& caller, const KeyOptions& options) {
    json::array rights;
    for (const std::string_view right : names(static_cast<model::Right*>(nullptr)))
        for (const std::string& wanted : options.rights)
            if (wanted == right || wanted == "all") {
                rights.push_back(json::string(right));
                break;
            }
    json::object body = {{"name", options.name}, {"rights", std::move(rights)}};
    if (options.caller.sub_app_id != 0) body["application"] = options.caller.sub_app_id;
    NativeCall call;
    call.method = "POST";
    call.path = {"keys"};
    call.body = std::move(body);
    const Result<json::object> made = co_await caller.native().object(std::move(call));
    if (!made) co_return caller.complain("cannot create the key", made.error());
    if (options.caller.output == Output::json)
        caller.terminal().line(client::compact(*made));
    else
        explain(*made, caller.terminal());
    co_return 0;
}

Task<int> list_keys(Caller& caller, const KeyOptions& options) {
    NativeCall call;
    call.path = {"keys"};
    const Result<std::vector<json::object>> found =
        co_await caller.native().list(std::move(call), options.count_max);
    if (!found) co_return caller.complain("cannot list keys", found.error());
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        for (const json::object& key : *found)
            terminal.line(client::compact(key));
        co_return 0;
    }
    if (found->empty()) {
        terminal.line("There is no such key. Make one: hookreel key create NAME --right read");
        co_return 0;
    }
    std::vector<client::Row> rows = {
        {"SECRETID", "STATE", "APPLICATION", "RIGHTS", "NAME", "CREATED"}};
    for (const json::object& key : *found)
        rows.push_back(row_of(key, terminal));
    terminal.line(client::table(std::move(rows), terminal.screen()));
    co_return 0;
}

int complain(Caller& caller, const KeyOptions& options, std::string_view verb, const Error& error) {
    const int code = caller.complain(fmt::format("cannot {} {}", verb, options.id), error);
    if (error.code == Code::not_found) say_error("`hookreel key list` lists the ids.");
    return code;
}

Task<int> set_state(Caller& caller, const KeyOptions& options, model::KeyState state) {
    NativeCall call;
    call.method = "PATCH";
    call.path = {"keys", options.id};
    call.body = json::value{{"state", name(state)}};
    const Result<json::object> changed = co_await caller.native().object(std::move(call));
    const bool disables = state == model::KeyState::disabled;
    if (!changed)
        co_return complain(caller, options, disables ? "disable" : "enable", changed.error());
    if (options.caller.output == Output::json)
        caller.terminal().line(client::compact(*changed));
    else
        caller.terminal().line(options.id + "  " + std::string(name(state)));
    co_return 0;
}

Task<int> disable_key(Caller& caller, const KeyOptions& options) {
    return set_state(caller, options, model::KeyState::disabled);
}

Task<int> enable_key(Caller& caller, const KeyOptions& options) {
    return set_state(caller, options, model::KeyState::active);
}

Task<int> remove_key(Caller& caller, const KeyOptions& options) {
    NativeCall call;
    call.method = "DELETE";
    call.path = {"keys", options.id};
    const Result<json::value> done = co_await caller.native().call(std::move(call));
    if (!done) co_return complain(caller, options, "remove", done.error());
    if (options.caller.output == Output::people)
        caller.terminal().line(options.id + "  removed; what it signs is refused");
    co_return 0;
}

// A sub-command with options of its own; `runs` comes last, after its flags.
struct Verb {
    CLI::App* command;
    std::shared_ptr<KeyOptions> options = std::make_shared<KeyOptions>();

    Verb(CLI::App& key, const char* name, const char* about, const char* footer)
        : command(key.add_subcommand(name, about)) {
        command->footer(footer);
    }
    Verb& takes_id() {
        command->add_option("SECRETID", options->id, "As `hookreel key list` shows it")->required();
        return *this;
    }
    void runs(Action& action, Task<int> (*call)(Caller&, const KeyOptions&)) {
        add_native_flags(*command, options->caller);
        command->callback([chosen = options, &action, call] {
            action = [chosen, call] { return run_call(call, *chosen); };
        });
    }
};

void add_create(CLI::App& key, Action& action) {
    Verb verb(key, "create", "A new key pair; shows its secret once", create_examples);
    constexpr auto known = names(static_cast<model::Right*>(nullptr));
    std::vector<std::string> rights(known.begin(), known.end());
    rights.emplace_back("all");
    verb.command->add_option("NAME", verb.options->name, "For people: who signs with it")
        ->required();
    verb.command->add_option("--right", verb.options->rights, "What it may do; repeat for more")
        ->type_name("RIGHT")
        ->required()
        ->allow_extra_args(false)
        ->take_all()
        ->check(CLI::IsMember(std::move(rights)));
    verb.runs(action, &create_key);
}

void add_list(CLI::App& key, Action& action) {
    Verb verb(key, "list", "The key pairs, without their secrets", list_examples);
    verb.command->add_option("--limit", verb.options->count_max, "So many at most")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    verb.runs(action, &list_keys);
}

}  // namespace

void add_key(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "key", "Key pairs that sign requests, with rights: create, list, disable, enable, remove");
    command->require_subcommand(1);
    command->footer(examples);
    add_create(*command, action);
    add_list(*command, action);
    Verb(*command, "disable", "Refuse what it signs, until it is enabled", disable_examples)
        .takes_id()
        .runs(action, &disable_key);
    Verb(*command, "enable", "Take what it signs again", disable_examples)
        .takes_id()
        .runs(action, &enable_key);
    Verb(*command, "remove", "Remove it for good", remove_examples)
        .takes_id()
        .runs(action, &remove_key);
}

}  // namespace hookreel::app::commands
