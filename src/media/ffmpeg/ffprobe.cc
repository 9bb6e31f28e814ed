#include "media/ffmpeg/ffprobe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>

#include "base/json.h"
#include "base/text.h"

namespace hookreel::media {
namespace {

constexpr std::string_view formats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,mpegts,mpeg,avi,asf,ogg,wav,mp3,aac,flac,rm,"
    "amr,ac3,ape,dv,mxf";
constexpr JsonLimits output_limits{.depth_max = 12, .bytes_max = 1 << 20};
constexpr std::size_t streams_max = 64;
constexpr std::size_t text_bytes_max = 64;
// Larger values do not come from a file that can be played; the products of two still fit.
constexpr double number_max = 1e12;
constexpr double side_max = 65'535;
constexpr double duration_seconds_max = 365.0 * 24 * 3600;

const json::object& object_at(const json::object& in, std::string_view name) {
    static const json::object none;
    const json::value* const found = in.if_contains(name);
    return found && found->is_object() ? found->get_object() : none;
}
const json::array& array_at(const json::object& in, std::string_view name) {
    static const json::array none;
    const json::value* const found = in.if_contains(name);
    return found && found->is_array() ? found->get_array() : none;
}

std::string text_at(const json::object& in, std::string_view name) {
    const json::value* const found = in.if_contains(name);
    if (!found || !found->is_string()) return {};
    return std::string(std::string_view(found->get_string()).substr(0, text_bytes_max));
}

// ffprobe writes most numbers as strings, and "N/A" or nothing for what it does not know: 0.
double real_at(const json::object& in, std::string_view name, double at_most = number_max) {
    const json::value* const found = in.if_contains(name);
    if (!found) return 0;
    double value = 0;
    if (found->is_string()) {
        value = parse_real(std::string_view(found->get_string())).value_or(0);
    } else if (found->is_number()) {
        value = found->to_number<double>();
    }
    return std::isfinite(value) && value > 0 && value <= at_most ? value : 0;
}
std::int64_t integer_at(const json::object& in, std::string_view name,
                        double at_most = number_max) {
    return static_cast<std::int64_t>(real_at(in, name, at_most));
}

// "30000/1001" to 29.97; "0/0" to 0.
double fraction_at(const json::object& in, std::string_view name, char between = '/') {
    const std::string text = text_at(in, name);
    const std::size_t at = text.find(between);
    if (at == std::string::npos) return 0;
    const double over = parse_real(text.substr(0, at)).value_or(0);
    const double under = parse_real(text.substr(at + 1)).value_or(0);
    const double value = under > 0 ? over / under : 0;
    return std::isfinite(value) && value > 0 && value <= 1000 ? value : 0;
}

std::int64_t rotation_of(const json::object& stream) {
    for (const json::value& side : array_at(stream, "side_data_list")) {
        const json::value* const found =
            side.is_object() ? side.get_object().if_contains("rotation") : nullptr;
        if (!found || !found->is_number()) continue;
        const double degrees = found->to_number<double>();
        if (!std::isfinite(degrees) || std::abs(degrees) > 3600) continue;
        const auto quarters = static_cast<std::int64_t>(std::lround(degrees / 90));
        return ((quarters % 4 + 4) % 4) * 90;
    }
    return 0;
}

// "16:11". What is beyond all sense, or unknown as "0:1", is square.
double pixel_aspect_of(const json::object& stream) {
    constexpr double aspect_max = 10;
    const double aspect = fraction_at(stream, "sample_aspect_ratio", ':');
    return aspect >= 1 / aspect_max && aspect <= aspect_max ? aspect : 1;
}

std::string hdr_of(const json::object& stream) {
    const std::string transfer = text_at(stream, "color_transfer");
    if (transfer == "smpte2084") return "hdr10";
    if (transfer == "arib-std-b67") return "hlg";
    return {};
}

model::VideoStream video_of(const json::object& stream) {
    const double average = fraction_at(stream, "avg_frame_rate");
    const double rate = average > 0 ? average : fraction_at(stream, "r_frame_rate");
    std::string tag = text_at(stream, "codec_tag_string");
    if (tag.contains('[')) tag.clear();  // "[0][0][0][0]": the container has none.
    return {.bitrate = integer_at(stream, "bit_rate"),
            .width = integer_at(stream, "width", side_max),
            .height = integer_at(stream, "height", side_max),
            .codec = text_at(stream, "codec_name"),
            .fps = std::lround(rate),
            .codec_tag = std::move(tag),
            .hdr = hdr_of(stream),
            .frame_rate = rate};
}

model::AudioStream audio_of(const json::object& stream) {
    return {.bitrate = integer_at(stream, "bit_rate"),
            .sampling_rate = integer_at(stream, "sample_rate"),
            .codec = text_at(stream, "codec_name")};
}

bool is_cover_art(const json::object& stream) {
    return integer_at(object_at(stream, "disposition"), "attached_pic") == 1;
}

void add_stream(model::Metadata& metadata, const json::object& stream) {
    const std::string kind = text_at(stream, "codec_type");
    const double duration = real_at(stream, "duration", duration_seconds_max);
    if (kind == "audio") {
        if (metadata.audio.empty()) metadata.audio_duration = duration;
        metadata.audio.push_back(audio_of(stream));
    } else if (kind == "video" && !is_cover_art(stream)) {
        metadata.video.push_back(video_of(stream));
        if (metadata.video.size() > 1) return;
        metadata.video_duration = duration;
        metadata.rotate = rotation_of(stream);
        metadata.pixel_aspect = pixel_aspect_of(stream);
        metadata.width = metadata.video.front().width;
        metadata.height = metadata.video.front().height;
    }
}

// What matroska, mpeg, flv and asf leave out follows from the rest.
void fill_gaps(model::Metadata& metadata) {
    if (metadata.bitrate == 0)
        metadata.bitrate = std::llround(static_cast<double>(metadata.size_bytes) * 8 /
                                        std::max(metadata.duration, 0.001));
    if (!metadata.video.empty() && metadata.video_duration == 0)
        metadata.video_duration = metadata.duration;
    if (!metadata.audio.empty() && metadata.audio_duration == 0)
        metadata.audio_duration = metadata.duration;
    if (metadata.video.size() != 1 || metadata.video.front().bitrate != 0) return;
    if (lacks_bitrates(metadata)) return;
    std::int64_t audio = 0;
    for (const model::AudioStream& stream : metadata.audio)
        audio += stream.bitrate;
    metadata.video.front().bitrate = std::max<std::int64_t>(0, metadata.bitrate - audio);
}

// Whether each name of a format, such as "mov,mp4,m4a,3gp,3g2,mj2", is on the list.
bool is_allowed(std::string_view format) {
    while (!format.empty()) {
        const std::string_view part = format.substr(0, format.find(','));
        format.remove_prefix(std::min(format.size(), part.size() + 1));
        if (!fmt::format(",{},", formats).contains(fmt::format(",{},", part))) return false;
    }
    return true;
}

}  // namespace

std::string_view allowed_formats() {
    return formats;
}

bool lacks_bitrates(const model::Metadata& metadata) {
    const auto is_unknown = [](const auto& stream) { return stream.bitrate == 0; };
    return metadata.video.size() == 1 && is_unknown(metadata.video.front()) &&
           std::ranges::any_of(metadata.audio, is_unknown);
}

model::Metadata with_shares(model::Metadata metadata, std::string_view packets) {
    double video_bytes = 0;
    double audio_bytes = 0;
    while (!packets.empty()) {
        const std::string_view line = packets.substr(0, packets.find('\n'));
        packets.remove_prefix(std::min(packets.size(), line.size() + 1));
        const std::size_t comma = line.find(',');
        if (comma == std::string_view::npos) continue;
        // Behind the size ffprobe writes one more comma where a packet has side data.
        std::string_view size = line.substr(comma + 1);
        size = trim(size.substr(0, size.find(',')));
        const double bytes = parse_real(size).value_or(0);
        if (!(bytes > 0 && bytes <= number_max)) continue;
        if (line.starts_with("video,")) video_bytes += bytes;
        if (line.starts_with("audio,")) audio_bytes += bytes;
    }
    const double all_bytes = video_bytes + audio_bytes;
    if (all_bytes <= 0) return metadata;
    const auto share = [&metadata, all_bytes](double bytes) {
        return std::llround(static_cast<double>(metadata.bitrate) * bytes / all_bytes);
    };
    if (metadata.video.size() == 1) metadata.video.front().bitrate = share(video_bytes);
    if (metadata.audio.size() == 1) metadata.audio.front().bitrate = share(audio_bytes);
    return metadata;
}

Result<model::Metadata> parse_ffprobe(std::string_view output) {
    const Result<json::value> parsed = parse_json(output, output_limits);
    if (!parsed) return fail(Code::invalid, "ffprobe: " + parsed.error().detail);
    if (!parsed->is_object()) return fail(Code::invalid, "ffprobe: not an object");
    const json::object& format = object_at(parsed->get_object(), "format");
    const json::array& streams = array_at(parsed->get_object(), "streams");

    model::Metadata metadata;
    metadata.container = text_at(format, "format_name");
    if (metadata.container.empty()) return fail(Code::invalid, "not a media file");
    if (!is_allowed(metadata.container))
        return fail(Code::invalid,
                    fmt::format("a file of format \"{}\" is not taken", metadata.container));
    if (streams.size() > streams_max)
        return fail(Code::invalid,
                    fmt::format("{} streams; at most {} are taken", streams.size(), streams_max));
    metadata.size_bytes = integer_at(format, "size", 1e15);
    metadata.bitrate = integer_at(format, "bit_rate");
    metadata.duration = real_at(format, "duration", duration_seconds_max);
    for (const json::value& stream : streams)
        if (stream.is_object()) add_stream(metadata, stream.get_object());
    if (metadata.video.empty() && metadata.audio.empty())
        return fail(Code::invalid, "neither video nor audio");
    if (metadata.duration <= 0)
        metadata.duration = std::max(metadata.video_duration, metadata.audio_duration);
    if (metadata.duration <= 0) return fail(Code::invalid, "no duration");
    fill_gaps(metadata);
    return metadata;
}

Task<Result<model::Metadata>> FfprobeProber::probe(std::string path) {
    path = std::filesystem::absolute(path).string();
    const std::vector<std::string> what = {"-print_format", "json", "-show_format",
                                           "-show_streams"};
    const Result<process::Exit> exit = co_await ask(path, what);
    if (!exit) {
        if (exit.error().code == Code::too_large)
            co_return fail(Code::invalid, "the file describes itself without end");
        co_return fail(exit.error());
    }
    if (exit->status > 128) co_return fail(Code::invalid, "the file cannot be read within limits");
    if (exit->status != 0) co_return fail(Code::invalid, "not a media file");
    Result<model::Metadata> found = parse_ffprobe(exit->output);
    if (!found || !lacks_bitrates(*found)) co_return found;
    // The beginning tells enough, and takes no longer for a long film.
    const std::vector<std::string> sizes = {"-print_format",   "csv=p=0",
                                            "-show_entries",   "packet=codec_type,size",
                                            "-read_intervals", "%+20"};
    const Result<process::Exit> packets = co_await ask(path, sizes);
    if (!packets && packets.error().code == Code::cancelled) co_return fail(packets.error());
    if (packets && packets->status == 0) found = with_shares(std::move(*found), packets->output);
    co_return found;
}

Task<Result<process::Exit>> FfprobeProber::ask(const std::string& path,
                                               std::vector<std::string> question) {
    process::Command command{.program = ffprobe_, .readable = {path}};
    command.arguments = {"-v",
                         "error",
                         "-max_pixels",
                         "50000000",
                         "-protocol_whitelist",
                         "file",
                         "-format_whitelist",
                         std::string(formats)};
    std::ranges::move(question, std::back_inserter(command.arguments));
    command.arguments.insert(command.arguments.end(), {"-i", "file:" + path});
    command.limits.time_max = Duration(60'000);
    command.limits.cpu_seconds_max = 60;
    command.limits.memory_bytes_max = 2ull << 30;
    command.limits.file_bytes_max = 0;
    co_return co_await sandbox_.run(std::move(command));
}

}  // namespace hookreel::media
