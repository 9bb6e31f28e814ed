#include "app/commands/frame/caller.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace hookreel::app::commands {

void add_output_flag(CLI::App& command, Output& output) {
    command.add_flag_callback(
        "--json", [&output] { output = Output::json; }, "Print JSON for programs");
}

namespace {

constexpr const char* group = "Server";

void add_server_flag(CLI::App& command, CallerFlags& flags) {
    command.add_option("--server", flags.server, "The server's address")
        ->envname("HOOKREEL_SERVER")
        ->type_name("URL")
        ->capture_default_str()
        ->group(group);
}

void add_other_flags(CLI::App& command, CallerFlags& flags) {
    command
        .add_option("--application,--sub-app-id", flags.sub_app_id,
                    "The application, if not the default one")
        ->envname("HOOKREEL_SUB_APP_ID")
        ->type_name("ID")
        ->group(group);
    command.add_option("--ca-file", flags.ca_file, "PEM file of an authority to trust for https")
        ->envname("HOOKREEL_CA_FILE")
        ->type_name("FILE")
        ->group(group);
    add_output_flag(command, flags.output);
}

}  // namespace

void add_vod_flags(CLI::App& command, CallerFlags& flags) {
    add_server_flag(command, flags);
    command.add_option("--secret-id", flags.secret_id, "The key pair of the application")
        ->envname("HOOKREEL_SECRET_ID")
        ->type_name("ID")
        ->group(group);
    command.add_option("--secret-key", flags.secret_key, "Its secret half")
        ->envname("HOOKREEL_SECRET_KEY")
        ->type_name("KEY")
        ->group(group);
    add_other_flags(command, flags);
}

void add_native_flags(CLI::App& command, CallerFlags& flags) {
    add_server_flag(command, flags);
    command.add_option("--api-token", flags.api_token, "A token of the native API")
        ->envname("HOOKREEL_API_TOKEN")
        ->type_name("TOKEN")
        ->group(group);
    add_other_flags(command, flags);
}

http::ClientOptions open_client_options() {
    http::ClientOptions options;
    options.user_agent = "Hookreel command";
    (void)options.rules.allow("0.0.0.0/0");
    (void)options.rules.allow("::/0");
    return options;
}

Result<std::unique_ptr<Caller>> Caller::make(const CallerFlags& flags) {
    Result<http::Url> url = http::parse_url(flags.server);
    if (!url)
        return fail(Code::invalid,
                    fmt::format("--server takes an address such as http://127.0.0.1:8080, not "
                                "\"{}\" ({})",
                                flags.server, url.error().detail));
    client::NativeAccount native{*url, flags.api_token, model::ApplicationId(flags.sub_app_id)};
    client::Account account{std::move(*url),
                            {flags.secret_id, flags.secret_key},
                            model::ApplicationId(flags.sub_app_id)};
    http::ClientOptions options = open_client_options();
    options.ca_file = flags.ca_file;
    return std::unique_ptr<Caller>(
        new Caller(std::move(account), std::move(native), std::move(options)));
}

Caller::Caller(client::Account account, client::NativeAccount native, http::ClientOptions options)
    : http_(loop_, std::move(options)),
      vod_(http_, clock_, std::move(account)),
      native_(http_, std::move(native)) {}

int Caller::complain(std::string_view what, const Error& error) {
    std::string advice = client::advice(error, native_.account());
    if (advice.empty()) advice = client::advice(error, vod_.account());
    say_error(fmt::format("{}: {}{}{}", what, error.detail, advice.empty() ? "" : "\n  ", advice));
    return 1;
}

int Caller::run(Task<int> task) {
    return run_task(loop_, finish(std::move(task)));
}

Task<int> Caller::finish(Task<int> task) {
    const int code = co_await std::move(task);
    http_.close();
    co_return code;
}

int run_task(Loop& loop, Task<int> task) {
    int code = 1;
    asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& exception, int result) {
        if (exception) std::rethrow_exception(exception);
        code = result;
    });
    loop.run();
    return code;
}

bool may_pass(const Error& error) {
    return error.code == Code::network || error.code == Code::timed_out ||
           error.code == Code::unavailable;
}

void say_error(std::string_view text) {
    fmt::print(stderr, "hookreel: {}\n", text);
}

}  // namespace hookreel::app::commands
