#include "media/uploads/upload_request.h"

#include <array>

#include "base/text.h"

namespace hookreel::media {
namespace {

// Tencent 266/9760: video, audio and pictures.
constexpr std::array<std::string_view, 45> media_types = {
    "wmv", "rm",   "mov",  "mpeg", "mp4", "3gp", "flv", "avi", "rmvb", "ts",  "asf",  "mpg",
    "mkv", "webm", "m3u8", "mpd",  "wm",  "asx", "ram", "mpe", "vob",  "dat", "mp4v", "m4v",
    "f4v", "mxf",  "qt",   "ogg",  "ogv", "mp3", "m4a", "wma", "flac", "wav", "ra",   "aac",
    "amr", "ac3",  "opus", "ape",  "jpg", "png", "gif", "bmp", "jpeg"};
constexpr std::array<std::string_view, 4> cover_types = {"gif", "jpg", "jpeg", "png"};

bool is_media_type(std::string_view type) {
    return std::ranges::find(media_types, type) != media_types.end();
}

std::size_t bytes_of_character(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Of text that is UTF-8.
std::string clean_name(std::string_view text) {
    std::string name;
    for (std::size_t count = 0; !text.empty() && count < name_characters_max;) {
        const std::string_view character = text.substr(0, bytes_of_character(text.front()));
        text.remove_prefix(character.size());
        if (has_control_character(character)) continue;
        name += character;
        ++count;
    }
    const std::string_view trimmed = trim(name);
    return trimmed.empty() ? "untitled" : std::string(trimmed);
}

}  // namespace

bool accepted_type(std::string_view type) {
    const std::string lower = to_lower(type);
    return !is_stream_type(lower) && is_media_type(lower);
}

bool is_stream_type(std::string_view type) {
    return type == "m3u8" || type == "mpd";
}

Result<UploadRequest> checked_request(UploadRequest request) {
    request.type = to_lower(request.type);
    request.cover_type = to_lower(request.cover_type);
    if (!is_media_type(request.type))
        return fail(Code::invalid, "type is not one that is taken, such as mp4");
    const bool has_cover = !request.cover_type.empty();
    if (has_cover && std::ranges::find(cover_types, request.cover_type) == cover_types.end())
        return fail(Code::invalid, "cover_type is not gif, jpg, jpeg or png");
    if (!is_utf8(request.name)) return fail(Code::invalid, "name is not UTF-8");
    request.name = clean_name(request.name);
    return request;
}

}  // namespace hookreel::media
