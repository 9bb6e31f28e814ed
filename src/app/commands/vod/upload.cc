#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/screen/json_text.h"
#include "app/client/vod/file_upload.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/vod.h"
#include "base/text.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel upload holiday.mp4\n"
    "  hookreel upload recording.bin --type wmv --name \"Board meeting\"\n"
    "  FILE_ID=$(hookreel upload holiday.mp4 --json | jq -r .FileId)";

struct UploadOptions {
    CallerFlags caller;
    std::string path;
    std::string name;
    std::string type;
};

// For the bar alone: whether the file can be read is found out by the upload.
std::uint64_t size_of(const std::string& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

std::string told(std::uint64_t bytes, Duration took) {
    const double seconds = std::max(0.001, std::chrono::duration<double>(took).count());
    return fmt::format("{} in {}, {}/s", human_bytes(bytes), client::human_duration(took),
                       human_bytes(std::uint64_t(double(bytes) / seconds)));
}

Task<int> upload(Caller& caller, const UploadOptions& options) {
    client::Terminal quiet(client::Screen{}, -1);
    const bool for_people = options.caller.output == Output::people;
    client::Terminal& terminal = for_people ? caller.terminal() : quiet;
    const std::uint64_t bytes = size_of(options.path);
    const std::string shown = options.name.empty() ? client::stem_of(options.path) : options.name;
    client::ProgressBar bar(terminal, {"Uploading " + shown, client::Unit::bytes, bytes});
    client::UploadOrder order{options.path, options.type, options.name,
                              [&bar](std::uint64_t sent) { bar.update(sent); }};
    const Result<client::UploadedFile> file =
        co_await client::upload_file(caller.vod(), std::move(order));
    if (!file) {
        terminal.erase();
        co_return caller.complain("cannot upload " + options.path, file.error());
    }
    if (for_people) {
        bar.succeed(told(bytes, bar.elapsed()));
        terminal.line(fmt::format("  file id  {}\n  URL      {}", file->file_id, file->media_url));
    } else {
        const json::object result = {{"FileId", file->file_id}, {"MediaUrl", file->media_url}};
        caller.terminal().line(client::compact(result));
    }
    co_return 0;
}

}  // namespace

void add_upload(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("upload", "Upload a file into the library");
    command->footer(examples);
    const auto options = std::make_shared<UploadOptions>();
    command->add_option("FILE", options->path, "A video or audio file")->required();
    command->add_option("--name", options->name, "Its name there; default: that of the file")
        ->type_name("TEXT");
    command->add_option("--type", options->type, "mp4, wmv, …; default: the file's extension")
        ->type_name("EXT");
    add_vod_flags(*command, options->caller);
    command->callback(
        [options, &action] { action = [options] { return run_call(&upload, *options); }; });
}

}  // namespace hookreel::app::commands
