// The arguments of ffmpeg for an adaptive stream, and the files that it then writes.
//
// One program makes all sub-streams: the source is read and decoded once, and all pictures have
// their key frames at the same times, so that a player may change between them. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {

struct SubPicture {
    VideoTemplate video;
    Size size;
    std::string filters{};  // Which make that size.
};

struct AdaptivePlan {
    const AdaptiveTemplate* preset = nullptr;
    std::vector<SubPicture> pictures;  // The smallest first; sub-streams 0 and on.
    Sound sound = Sound::keep;         // Keep: the last sub-stream.
    int threads = 2;                   // Of each encoder.
    std::vector<Mark> marks{};
    // Of an encrypted stream: a word in the names of its pieces and of its key, another each time
    // the stream is made. What a player or a cache kept of the one before is then never taken
    // together with a key of this one. Empty for others.
    std::string edition{};

    bool is_encrypted() const { return preset->protection == model::Protection::simple_aes; }
};

// The pictures of a template for a source that is shown in this size. A template that does not
// enlarge makes those that are not larger than the source, by the short side; where all are, the
// smallest, in the source's size (Tencent 266/33932). The template has at least one.
std::vector<SubPicture> sub_pictures(const AdaptiveTemplate& preset, Size shown);

std::size_t sub_stream_count(const AdaptivePlan& plan);
std::vector<std::string> adaptive_arguments(const Source& source, const AdaptivePlan& plan);

// The file that a player opens: "adp.10.m3u8", "adp.20.mpd". All others lie beside it.
std::string manifest_name(const AdaptiveTemplate& preset);
// What a sub-stream has besides its pieces: a playlist of its own, or the head of its pieces.
std::string head_name(model::Package package, std::size_t sub_stream);
// DASH counts pieces from 1; HLS from 0, and names them in the playlist.
std::string piece_name(model::Package package, std::size_t sub_stream, std::size_t number);
// The key of an encrypted stream: "adp.12.9f86d081884c7d65.key".
std::string key_name(const AdaptivePlan& plan);
// Whether an encrypted sub-stream may have a piece of that name.
bool is_encrypted_piece(const AdaptivePlan& plan, std::size_t sub_stream, std::string_view name);

}  // namespace hookreel::media
