#include "media/ffmpeg/adaptive_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> invalid(std::string_view what) {
    return fail(Code::invalid, std::string(what));
}

// Cuts off the first line, which is returned without its end.
std::string_view next_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return trim(line);
}

// The text up to and with `end`, cut off; empty when there is none.
std::string_view next_until(std::string_view& text, std::string_view end) {
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return {};
    const std::string_view part = text.substr(0, at + end.size());
    text.remove_prefix(part.size());
    return part;
}

// The number in ` name="…"`.
std::optional<std::uint64_t> attribute(std::string_view element, std::string_view name) {
    const std::string key = fmt::format(" {}=\"", name);
    const std::size_t at = element.find(key);
    if (at == std::string_view::npos) return std::nullopt;
    element.remove_prefix(at + key.size());
    const Result<std::int64_t> value = parse_signed(element.substr(0, element.find('"')));
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

// What stands in the elements S of a Representation.
Result<Pieces> timeline_pieces(std::string_view representation, std::size_t sub_stream) {
    const std::optional<std::uint64_t> timescale = attribute(representation, "timescale");
    if (!timescale || *timescale == 0) return invalid("an MPD without a timescale");
    Pieces pieces;
    for (std::size_t at = representation.find("<S "); at != std::string_view::npos;
         at = representation.find("<S ")) {
        representation.remove_prefix(at);
        const std::string_view element = next_until(representation, "/>");
        const std::optional<std::uint64_t> length = attribute(element, "d");
        const std::uint64_t repeats = attribute(element, "r").value_or(0);
        if (!length || repeats >= pieces_max || pieces.size() + repeats >= pieces_max)
            return invalid("an MPD with a wrong timeline");
        const double seconds = static_cast<double>(*length) / static_cast<double>(*timescale);
        for (std::uint64_t i = 0; i <= repeats; ++i)
            pieces.push_back(
                {piece_name(model::Package::dash, sub_stream, pieces.size() + 1), seconds});
    }
    if (pieces.empty()) return invalid("an MPD with an empty timeline");
    return pieces;
}

}  // namespace

Result<Pieces> playlist_pieces(std::string_view playlist) {
    constexpr std::string_view length_key = "#EXTINF:";
    if (next_line(playlist) != "#EXTM3U") return invalid("not a playlist");
    Pieces pieces;
    double seconds = -1;  // Of the next piece; not yet said when negative.
    bool has_ended = false;
    while (!playlist.empty() && !has_ended) {
        const std::string_view line = next_line(playlist);
        has_ended = line == "#EXT-X-ENDLIST";
        if (line.starts_with(length_key)) {
            const std::string_view value =
                line.substr(length_key.size(), line.find(',') - length_key.size());
            seconds = parse_real(value).value_or(-1);
            if (!std::isfinite(seconds) || seconds < 0) return invalid("a piece without a length");
        } else if (!line.empty() && !line.starts_with('#')) {
            if (seconds < 0 || line.contains('/') || pieces.size() == pieces_max)
                return invalid("a playlist with a wrong piece");
            pieces.push_back({std::string(line), std::exchange(seconds, -1)});
        }
    }
    if (!has_ended || pieces.empty()) return invalid("a playlist without an end");
    return pieces;
}

Result<std::vector<Pieces>> mpd_pieces(std::string_view mpd) {
    constexpr std::size_t sub_streams_max = 100;
    if (!mpd.contains("</MPD>")) return invalid("an MPD without an end");
    std::vector<Pieces> sub_streams;
    for (std::size_t at = mpd.find("<Representation "); at != std::string_view::npos;
         at = mpd.find("<Representation ")) {
        mpd.remove_prefix(at);
        const std::string_view representation = next_until(mpd, "</Representation>");
        if (attribute(representation, "id") != sub_streams.size() ||
            sub_streams.size() == sub_streams_max)
            return invalid("an MPD with a wrong representation");
        Result<Pieces> pieces = timeline_pieces(representation, sub_streams.size());
        if (!pieces) return fail(std::move(pieces.error()));
        sub_streams.push_back(std::move(*pieces));
    }
    return sub_streams;
}

Result<std::string> measured_master(std::string_view master,
                                    const std::vector<Bandwidth>& bandwidths) {
    constexpr std::string_view key = "#EXT-X-STREAM-INF:BANDWIDTH=";
    std::string text;
    std::size_t index = 0;
    while (!master.empty()) {
        const std::string_view line = next_line(master);
        if (!line.starts_with(key)) {
            text += fmt::format("{}\n", line);
            continue;
        }
        const std::size_t comma = line.find(',');
        const std::string_view address = next_line(master);
        if (index == bandwidths.size() || comma == std::string_view::npos ||
            address != head_name(model::Package::hls, index))
            return invalid("a master playlist of other pictures");
        const Bandwidth& measured = bandwidths[index++];
        text += fmt::format("{}{},AVERAGE-BANDWIDTH={}{}\n{}\n", key, measured.peak,
                            measured.average, line.substr(comma), address);
    }
    if (index != bandwidths.size()) return invalid("a master playlist of too few pictures");
    return text;
}

Result<std::string> keyed_playlist(std::string_view playlist, std::string_view key_name) {
    constexpr std::string_view start_key = "#EXT-X-MEDIA-SEQUENCE:";
    std::string text;
    bool has_key = false;
    while (!playlist.empty()) {
        const std::string_view line = next_line(playlist);
        if (line.starts_with("#EXT-X-KEY:") || line.starts_with("#EXT-X-MAP:"))
            return invalid("a playlist with a key of its own");
        if (line.starts_with(start_key) && line.substr(start_key.size()) != "0")
            return invalid("a playlist that does not begin at 0");
        // Before the first piece, for all.
        if (line.starts_with("#EXTINF:") && !std::exchange(has_key, true))
            text += fmt::format("#EXT-X-KEY:METHOD=AES-128,URI=\"{}\"\n", key_name);
        text += fmt::format("{}\n", line);
    }
    if (!has_key) return invalid("a playlist without pieces");
    return text;
}

}  // namespace hookreel::media
