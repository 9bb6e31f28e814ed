#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/client/vod/event_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/vod.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel config event                                   (shows the settings)\n"
    "  hookreel config event --mode PUSH --url http://127.0.0.1:9000/callback --upload ON\n"
    "  hookreel config event --mode PULL\n"
    "  hookreel config event --sign-key \"\"                     (callbacks are unsigned again)";

struct EventConfigOptions {
    CallerFlags caller;
    std::optional<std::string> mode, url, upload, delete_media, sign_key;
};

json::object changes(const EventConfigOptions& options) {
    json::object wanted;
    const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value) wanted[name] = *value;
    };
    add("Mode", options.mode);
    add("NotificationUrl", options.url);
    add("UploadMediaCompleteEventSwitch", options.upload);
    add("DeleteMediaCompleteEventSwitch", options.delete_media);
    add("SignKey", options.sign_key);
    return wanted;
}

void print(const json::object& settings, Output output, client::Terminal& terminal) {
    if (output == Output::json) return terminal.line(client::compact(settings));
    const auto value = [&](std::string_view name) {
        const std::string_view text = client::find_text(settings, {name});
        return std::string(text.empty() ? "(none)" : text);
    };
    terminal.line(client::table({{"mode", value("Mode")},
                                 {"callback URL", value("NotificationUrl")},
                                 {"tell of uploads", value("UploadMediaCompleteEventSwitch")},
                                 {"tell of deletions", value("DeleteMediaCompleteEventSwitch")}},
                                terminal.screen()));
}

Task<int> config_event(Caller& caller, const EventConfigOptions& options) {
    json::object wanted = changes(options);
    if (!wanted.empty()) {
        const Result<json::object> done =
            co_await caller.vod().call("ModifyEventConfig", std::move(wanted));
        if (!done) co_return caller.complain("cannot change the settings", done.error());
    }
    Result<json::object> settings = co_await caller.vod().call("DescribeEventConfig");
    if (!settings) co_return caller.complain("cannot read the settings", settings.error());
    settings->erase("RequestId");
    print(*settings, options.caller.output, caller.terminal());
    if (!caller.vod().warning().empty()) say_error("warning: " + caller.vod().warning());
    co_return 0;
}

}  // namespace

void add_config(CLI::App& program, Action& action) {
    CLI::App* config = program.add_subcommand("config", "Show or change settings of the server");
    config->require_subcommand(1);
    config->footer(
        "Examples:\n"
        "  hookreel config event                 (shows the settings)\n"
        "  hookreel config event --mode PULL     (changes one)\n"
        "\n"
        "More:  hookreel config event --help");
    CLI::App* command =
        config->add_subcommand("event", "How the application hears of events: mode, URL, key");
    command->footer(examples);
    const auto options = std::make_shared<EventConfigOptions>();
    const CLI::IsMember on_off({"ON", "OFF"});
    command->add_option("--mode", options->mode, "PUSH calls the URL, PULL fills the queue")
        ->type_name("MODE")
        ->check(CLI::IsMember({"PUSH", "PULL"}));
    command->add_option("--url", options->url, "Where callbacks go; \"\" for nowhere")
        ->type_name("URL");
    command->add_option("--upload", options->upload, "Tell of finished uploads")
        ->type_name("ON|OFF")
        ->check(on_off);
    command->add_option("--delete", options->delete_media, "Tell of deleted files")
        ->type_name("ON|OFF")
        ->check(on_off);
    command->add_option("--sign-key", options->sign_key, "Sign callbacks; \"\" for not at all")
        ->type_name("KEY");
    add_vod_flags(*command, options->caller);
    command->callback(
        [options, &action] { action = [options] { return run_call(&config_event, *options); }; });
}

}  // namespace hookreel::app::commands
