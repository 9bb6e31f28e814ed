#include "media/steps/film_muxer.h"

#include <fmt/format.h>

#include <csignal>

namespace hookreel::media {
namespace {

std::unexpected<Error> unfit(std::string_view why) {
    return fail(Code::invalid, std::string(why));
}

// A step's failure without a fault is what the files are to blame for.
Error error_of(StepFailure failure) {
    if (failure.fault) return std::move(*failure.fault);
    return {Code::invalid, std::move(failure.message)};
}

bool is_known(const model::Metadata& metadata) {
    return !metadata.container.empty();
}

}  // namespace

Task<Result<Muxed>> FilmMuxer::mux(MuxOrder order) {
    Result<MuxSource> picture = co_await look_at(order.picture, order.type);
    if (!picture) co_return fail(std::move(picture.error()));
    Result<MuxSource> sound = co_await look_at(order.sound, order.type);
    if (!sound) co_return fail(std::move(sound.error()));
    const model::Metadata& heard = sound->source.metadata;
    if (is_known(heard) && heard.audio.empty()) co_return unfit("the sound is none");
    const auto create = [this] { return WorkFolder::create(tools_.options.media_folder); };
    const Result<WorkFolder> work = co_await tools_.files.run(create);
    if (!work) co_return fail(work.error());
    const Mux mux{std::move(*picture), std::move(*sound), order.type};
    const Clocks clocks = clocks_of(mux);
    Result<void> made = co_await make(mux, clocks, work->path(), order.bytes_max);
    // Two clocks that were set differently make a film with a hole at its beginning.
    if (!made && made.error().code == Code::invalid && clocks == Clocks::one)
        made = co_await make(mux, Clocks::each, work->path(), order.bytes_max);
    if (!made) co_return fail(std::move(made.error()));
    const std::string path = fmt::format("{}/{}", work->path(), muxed_name);
    co_return co_await take(order, path);
}

Task<Result<MuxSource>> FilmMuxer::look_at(const MuxInput& input, std::string_view type) {
    Result<model::Metadata> metadata = co_await tools_.prober.probe(input.path);
    // WebM in pieces does not say how long it is. Whether it is any will be seen.
    if (!metadata && metadata.error().code == Code::invalid && type == "webm")
        metadata = model::Metadata();
    if (!metadata && metadata.error().code == Code::timed_out)
        co_return unfit("it takes too long to read");
    if (!metadata) co_return fail(std::move(metadata.error()));
    co_return MuxSource{{input.path, std::move(*metadata)}, input.time_offset};
}

Task<Result<void>> FilmMuxer::make(const Mux& mux, Clocks clocks, const std::string& folder,
                                   std::uint64_t bytes_max) {
    StepTools tools = tools_;
    tools.options.output_bytes_max = bytes_max;
    FfmpegRun what{
        mux_arguments(mux, clocks), {mux.picture.source.path, mux.sound.source.path}, folder};
    const StepResult<process::Exit> exit = co_await run_ffmpeg(tools, std::move(what));
    if (!exit) co_return fail(error_of(exit.error()));
    if (exit->status == 128 + SIGXFSZ) co_return fail(Code::too_large, "the film is too large");
    if (exit->status != 0) co_return unfit("picture and sound do not go into one file");
    const StepResult<model::Metadata> metadata =
        co_await probe_output(tools, fmt::format("{}/{}", folder, muxed_name));
    if (!metadata) co_return fail(error_of(metadata.error()));
    const bool is_told =
        is_known(mux.picture.source.metadata) && is_known(mux.sound.source.metadata);
    if (is_told && !has_expected_length(metadata->duration, muxed_seconds(mux)))
        co_return unfit("picture and sound do not make one film");
    co_return Result<void>{};
}

Task<Result<Muxed>> FilmMuxer::take(const MuxOrder& order, const std::string& path) {
    const auto move = [&]() -> Result<Muxed> {
        const Result<OutputFile> file = settle_file(path);
        if (!file && file.error().code == Code::not_found) return unfit("nothing was made");
        if (!file) return fail(file.error());
        if (Result<void> removed = remove_all(order.output); !removed)
            return fail(std::move(removed.error()));
        if (Result<void> moved = move_file({path, order.output}); !moved)
            return fail(std::move(moved.error()));
        return Muxed{file->size_bytes, file->md5};
    };
    co_return co_await tools_.files.run(move);
}

}  // namespace hookreel::media
