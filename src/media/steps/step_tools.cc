#include "media/steps/step_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/ffmpeg/arguments.h"

namespace hookreel::media {
namespace {

process::Limits limits_of(const StepOptions& options) {
    process::Limits limits;
    limits.time_max = options.time_max;
    limits.cpu_seconds_max = static_cast<std::uint64_t>(
        std::chrono::ceil<std::chrono::seconds>(options.time_max).count() * options.threads);
    limits.file_bytes_max = options.output_bytes_max;
    return limits;
}

}  // namespace

Task<StepResult<process::Exit>> run_ffmpeg(const StepTools& tools, FfmpegRun what,
                                           process::OnLine on_line) {
    const StepOptions& options = tools.options;
    const std::string first = what.sources.empty() ? std::string() : what.sources.front();
    process::Command command{.program = options.ffmpeg,
                             .arguments = std::move(what.arguments),
                             .readable = std::move(what.sources),
                             .writable = what.folder};
    command.limits = what.limits.value_or(limits_of(options));
    Result<process::Exit> exit = co_await tools.sandbox.run(std::move(command), std::move(on_line));
    if (!exit) co_return std::unexpected(step_failure(std::move(exit.error())));
    if (exit->status != 0)
        tools.log.info("ffmpeg failed",
                       {{"source", first},
                        {"status", exit->status},
                        {"errors", std::string_view(exit->errors).substr(0, 500)}});
    const auto look = [&what] { return free_bytes(what.folder); };
    const Result<std::uint64_t> left = co_await tools.files.run(look);
    if (left && *left < options.free_bytes_min)
        co_return std::unexpected(step_failure(Error{Code::unavailable, "the disk is full"}));
    co_return std::move(*exit);
}

Task<StepResult<process::Exit>> run_ffmpeg(StepRun& run, std::vector<std::string> arguments,
                                           process::OnLine on_line) {
    FfmpegRun what{std::move(arguments), {readable_path(run.source)}, run.work.path()};
    what.sources.insert(what.sources.end(), run.more_sources.begin(), run.more_sources.end());
    co_return co_await run_ffmpeg(run.tools, std::move(what), std::move(on_line));
}

Task<StepResult<model::Metadata>> probe_output(const StepTools& tools, std::string path) {
    Result<model::Metadata> metadata = co_await tools.prober.probe(std::move(path));
    if (metadata) co_return std::move(*metadata);
    co_return std::unexpected(failure_of_output(std::move(metadata.error())));
}

bool is_gone(const std::string& path) {
    const Result<Descriptor> opened = open_to_read(path);
    return !opened && opened.error().code == Code::not_found;
}

StepFailure failure_of_output(Error error) {
    if (error.code == Code::not_found || error.code == Code::invalid)
        return step_failure(model::Failure::content_malformed);
    return step_failure(std::move(error));
}

StepResult<void> claim_room(StepRun& run, std::string_view path, std::uint64_t bytes) {
    if (!run.claim) return {};
    Result<void> claimed = run.claim(path, bytes);
    if (!claimed) return std::unexpected(failure_of_claim(std::move(claimed.error())));
    return {};
}

process::OnLine progress_of(StepRun& run, double seconds) {
    return [&run, seconds = std::max(seconds, 0.001)](std::string_view line) {
        const std::optional<double> position = progress_seconds(line);
        if (!position) return;
        run.on_progress(static_cast<int>(std::clamp(*position / seconds, 0.0, 0.99) * 100));
    };
}

std::string output_path(const StepRun& run, std::string_view name) {
    return fmt::format("{}/{}", run.folder, name);
}

std::string label(const StepRun& run, std::uint64_t definition) {
    return run.place == 0 ? fmt::to_string(definition)
                          : fmt::format("{}.{}", definition, run.place);
}

std::string absolute_path(const StepRun& run, std::string_view path) {
    return fmt::format("{}/{}", run.tools.options.media_folder, path);
}

std::string work_path(const StepRun& run, std::string_view name) {
    return fmt::format("{}/{}", run.work.path(), name);
}

}  // namespace hookreel::media
