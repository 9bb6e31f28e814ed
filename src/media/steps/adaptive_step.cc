#include "media/steps/adaptive_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/aes.h"
#include "base/random.h"
#include "media/ffmpeg/adaptive_manifest.h"
#include "media/steps/marks.h"
#include "media/steps/stream_encryption.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::Package;

// Makes the names of two editions differ, which are not secret.
constexpr std::size_t edition_bytes = 8;

// Why there is no stream, and whether one could be made without the sound.
struct Flaw {
    StepFailure failure;
    bool may_be_the_sound = false;
};
template <class T>
using Tried = std::expected<T, Flaw>;

bool is_sound(const AdaptivePlan& plan, std::size_t sub_stream) {
    return sub_stream >= plan.pictures.size();
}

std::unexpected<Flaw> malformed(const AdaptivePlan& plan, std::size_t sub_stream) {
    return std::unexpected(
        Flaw{step_failure(Failure::content_malformed), is_sound(plan, sub_stream)});
}

Task<Tried<void>> encode(StepRun& run, const AdaptivePlan& plan) {
    std::vector<std::string> arguments = adaptive_arguments(run.source, plan);
    process::OnLine on_line = progress_of(run, run.source.metadata.duration);
    StepResult<process::Exit> exit =
        co_await run_ffmpeg(run, std::move(arguments), std::move(on_line));
    if (!exit) co_return std::unexpected(Flaw{std::move(exit.error())});
    if (exit->status != 0)
        co_return std::unexpected(
            Flaw{failure_of(*exit), may_be_the_sound(*exit, run.source.metadata)});
    co_return Tried<void>{};
}

// The pieces of each sub-stream, as its manifest names them. Blocking.
Tried<std::vector<Pieces>> listed_pieces(const StepRun& run, const AdaptivePlan& plan) {
    std::vector<Pieces> listed;
    if (plan.preset->package == Package::dash) {
        const Result<std::string> mpd = read_text(work_path(run, manifest_name(*plan.preset)));
        if (!mpd) return std::unexpected(Flaw{failure_of_output(mpd.error())});
        Result<std::vector<Pieces>> pieces = mpd_pieces(*mpd);
        if (!pieces) return std::unexpected(Flaw{failure_of_output(pieces.error())});
        listed = std::move(*pieces);
    }
    while (plan.preset->package == Package::hls && listed.size() < sub_stream_count(plan)) {
        const Result<std::string> playlist =
            read_text(work_path(run, head_name(Package::hls, listed.size())));
        if (!playlist)
            return std::unexpected(
                Flaw{failure_of_output(playlist.error()), is_sound(plan, listed.size())});
        Result<Pieces> pieces = playlist_pieces(*playlist);
        if (!pieces) return malformed(plan, listed.size());
        listed.push_back(std::move(*pieces));
    }
    if (listed.size() != sub_stream_count(plan)) return malformed(plan, listed.size());
    return listed;
}

double seconds_of(const Pieces& pieces) {
    double sum = 0;
    for (const Piece& piece : pieces)
        sum += piece.seconds;
    return sum;
}

Tried<void> check_lengths(const StepRun& run, const AdaptivePlan& plan,
                          const std::vector<Pieces>& listed) {
    const model::Metadata& source = run.source.metadata;
    if (!length_is_exact(source)) return {};
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const double own = is_sound(plan, i) ? source.audio_duration : source.video_duration;
        if (!has_expected_length(seconds_of(listed[i]), own > 0 ? own : source.duration))
            return malformed(plan, i);
    }
    return {};
}

// A file that ffprobe can read: the first piece, with its head where it needs one. Blocking.
Result<std::string> first_piece(const StepRun& run, const AdaptivePlan& plan, const Pieces& pieces,
                                std::size_t sub_stream) {
    const std::string piece = work_path(run, pieces.front().name);
    if (plan.preset->package == Package::hls) return piece;
    std::string joined = work_path(run, fmt::format("probe_{}.mp4", sub_stream));
    if (Result<void> removed = remove_all(joined); !removed) return fail(removed.error());
    Result<StagedFile> file = StagedFile::create(joined);
    if (!file) return fail(std::move(file.error()));
    for (const std::string& part : {work_path(run, head_name(Package::dash, sub_stream)), piece}) {
        const Result<std::string> bytes = read_text(part);
        if (!bytes) return fail(bytes.error());
        if (Result<void> added = file->append(*bytes); !added) return fail(added.error());
    }
    const Result<std::string> kept = file->keep(std::nullopt);
    if (!kept) return fail(kept.error());
    return joined;
}

bool is_as_planned(const model::Metadata& found, const AdaptivePlan& plan, std::size_t sub_stream) {
    if (is_sound(plan, sub_stream))
        return found.video.empty() && found.audio.size() == 1 && found.audio[0].codec == "aac";
    const Size& size = plan.pictures[sub_stream].size;
    return found.audio.empty() && found.video.size() == 1 && found.video[0].codec == "h264" &&
           found.width == size.width && found.height == size.height;
}

Task<Tried<void>> probe_pieces(StepRun& run, const AdaptivePlan& plan,
                               const std::vector<Pieces>& listed) {
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto prepare = [&] { return first_piece(run, plan, listed[i], i); };
        Result<std::string> path = co_await run.tools.files.run(prepare);
        if (!path)
            co_return std::unexpected(Flaw{failure_of_output(path.error()), is_sound(plan, i)});
        StepResult<model::Metadata> found = co_await probe_output(run.tools, std::move(*path));
        if (!found) co_return std::unexpected(Flaw{std::move(found.error()), is_sound(plan, i)});
        if (!is_as_planned(*found, plan, i)) co_return malformed(plan, i);
    }
    co_return Tried<void>{};
}

// Everything that the manifests name, made durable; the rest is removed. Blocking.
Tried<OutputFolder> settle(const StepRun& run, const AdaptivePlan& plan,
                           const std::vector<Pieces>& listed) {
    std::set<std::string, std::less<>> names;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        names.insert(head_name(plan.preset->package, i));
        for (const Piece& piece : listed[i])
            names.insert(piece.name);
    }
    if (plan.is_encrypted()) names.insert(key_name(plan));
    const FolderContents contents{
        .main = manifest_name(*plan.preset),
        .belongs = [&names](std::string_view name) { return names.contains(name); }};
    Result<OutputFolder> folder = settle_folder(run.work.path(), contents);
    if (!folder) return std::unexpected(Flaw{failure_of_output(folder.error())});
    names.insert(contents.main);
    for (std::size_t i = 0; i < listed.size(); ++i)
        for (const Piece& piece : listed[i])
            if (folder->sizes_bytes[piece.name] == 0) return malformed(plan, i);
    if (folder->sizes_bytes.size() != names.size()) return malformed(plan, 0);
    if (folder->size_bytes > run.tools.options.output_bytes_max)
        return std::unexpected(Flaw{step_failure(Failure::result_file_size_too_large)});
    return std::move(*folder);
}

// What a sub-stream takes of the line. A piece that is much shorter than the others says nothing of
// that (RFC 8216, 4.3.4.2).
Bandwidth bandwidth_of(const OutputFolder& folder, const Pieces& pieces) {
    constexpr double shortest = 2;
    double sum_bits = 0;
    double peak = 0;
    for (const Piece& piece : pieces) {
        const auto bits = static_cast<double>(folder.sizes_bytes.at(piece.name)) * 8;
        sum_bits += bits;
        if (piece.seconds >= shortest) peak = std::max(peak, bits / piece.seconds);
    }
    const double average = sum_bits / std::max(seconds_of(pieces), 0.001);
    return {std::llround(std::max(peak, average)), std::llround(average)};
}

// Puts what was measured into the master playlist. Blocking.
Tried<std::string> write_master(const StepRun& run, const AdaptivePlan& plan,
                                const std::vector<Pieces>& listed, const OutputFolder& folder) {
    Bandwidth sound;
    if (plan.sound == Sound::keep) sound = bandwidth_of(folder, listed.back());
    std::vector<Bandwidth> bandwidths;
    for (std::size_t i = 0; i < plan.pictures.size(); ++i) {
        Bandwidth both = bandwidth_of(folder, listed[i]);
        both.peak += sound.peak;
        both.average += sound.average;
        bandwidths.push_back(both);
    }
    Result<std::string> text = measured_master(folder.main_text, bandwidths);
    if (!text) return malformed(plan, 0);
    const Result<void> written = write_text(work_path(run, manifest_name(*plan.preset)), *text);
    if (!written) return std::unexpected(Flaw{step_failure(written.error())});
    return std::move(*text);
}

model::AdaptiveStream described(const StepRun& run, const AdaptivePlan& plan,
                                const std::vector<Pieces>& listed, const OutputFolder& folder) {
    model::AdaptiveStream stream{
        .definition = plan.preset->definition,
        .package = plan.preset->package,
        .path = output_path(run, fmt::format("adp.{}/{}", label(run, plan.preset->definition),
                                             manifest_name(*plan.preset))),
        .size_bytes = plan.is_encrypted() ? std::int64_t{aes_key_bytes} : 0,
        .streams = {},
        .protection = plan.preset->protection};
    for (std::size_t i = 0; i < listed.size(); ++i) {
        model::SubStream& one = stream.streams.emplace_back();
        std::uint64_t size_bytes = folder.sizes_bytes.at(head_name(plan.preset->package, i));
        for (const Piece& piece : listed[i])
            size_bytes += folder.sizes_bytes.at(piece.name);
        one.size_bytes = static_cast<std::int64_t>(size_bytes);
        stream.size_bytes += one.size_bytes;
        one.kind = is_sound(plan, i) ? model::StreamKind::audio : model::StreamKind::video;
        if (is_sound(plan, i)) continue;
        one.width = plan.pictures[i].size.width;
        one.height = plan.pictures[i].size.height;
    }
    return stream;
}

// What ffmpeg wrote, complete and durable. Blocking.
Tried<model::AdaptiveStream> finished(const StepRun& run, const AdaptivePlan& plan,
                                      const std::vector<Pieces>& listed) {
    if (plan.is_encrypted())
        if (const Result<void> done = encrypt_stream(run, plan, listed); !done)
            return std::unexpected(
                Flaw{failure_of_output(done.error()), done.error().code == Code::invalid});
    const Tried<OutputFolder> folder = settle(run, plan, listed);
    if (!folder) return std::unexpected(folder.error());
    std::size_t manifest_bytes = folder->main_text.size();
    if (plan.preset->package == Package::hls) {
        const Tried<std::string> master = write_master(run, plan, listed, *folder);
        if (!master) return std::unexpected(master.error());
        manifest_bytes = master->size();
    }
    model::AdaptiveStream stream = described(run, plan, listed, *folder);
    stream.size_bytes += static_cast<std::int64_t>(manifest_bytes);
    return stream;
}

Task<Tried<void>> publish(StepRun& run, const model::AdaptiveStream& stream) {
    StepResult<void> room =
        claim_room(run, stream.path, static_cast<std::uint64_t>(stream.size_bytes));
    if (!room) co_return std::unexpected(Flaw{std::move(room.error())});
    const std::string name = "adp." + label(run, stream.definition);
    const Move move{run.work.path(), absolute_path(run, output_path(run, name))};
    const auto publishes = [&move] { return move_folder(move); };
    const Result<void> moved = co_await run.tools.files.run(publishes);
    if (!moved) co_return std::unexpected(Flaw{step_failure(moved.error())});
    co_return Tried<void>{};
}

Task<Tried<model::AdaptiveStream>> make(StepRun& run, const AdaptivePlan& plan) {
    const Tried<void> encoded = co_await encode(run, plan);
    if (!encoded) co_return std::unexpected(encoded.error());
    const auto list = [&run, &plan] { return listed_pieces(run, plan); };
    const Tried<std::vector<Pieces>> listed = co_await run.tools.files.run(list);
    if (!listed) co_return std::unexpected(listed.error());
    Tried<void> fine = check_lengths(run, plan, *listed);
    if (fine) fine = co_await probe_pieces(run, plan, *listed);
    if (!fine) co_return std::unexpected(fine.error());
    const auto finishes = [&] { return finished(run, plan, *listed); };
    Tried<model::AdaptiveStream> stream = co_await run.tools.files.run(finishes);
    if (!stream) co_return stream;
    const Tried<void> published = co_await publish(run, *stream);
    if (!published) co_return std::unexpected(published.error());
    co_return stream;
}

}  // namespace

Task<StepResult<AdaptiveOutcome>> make_adaptive_stream(StepRun& run, model::AdaptiveWork work) {
    StepResult<AdaptivePlan> plan = adaptive_of(work, run.source.metadata, run.own);
    if (!plan) co_return std::unexpected(std::move(plan.error()));
    plan->threads = run.tools.options.threads;
    std::vector<Size> sizes;
    for (const auto& picture : plan->pictures)
        sizes.push_back(picture.size);
    StepResult<std::vector<Mark>> marks = co_await make_marks(run, work.watermarks, sizes);
    if (!marks) co_return std::unexpected(std::move(marks.error()));
    plan->marks = std::move(*marks);
    if (plan->is_encrypted()) plan->edition = random_hex(edition_bytes);
    const bool has_sound = plan->sound == Sound::keep;
    Tried<model::AdaptiveStream> made = co_await make(run, *plan);
    if (!made && has_sound && made.error().may_be_the_sound && !made.error().failure.fault) {
        plan->sound = Sound::drop;
        made = co_await make(run, *plan);
    }
    if (!made) co_return std::unexpected(std::move(made.error().failure));
    const bool is_mute = has_sound && plan->sound == Sound::drop;
    co_return AdaptiveOutcome{std::move(*made),
                              is_mute ? "the sound cannot be decoded and was left out" : ""};
}

}  // namespace hookreel::media
