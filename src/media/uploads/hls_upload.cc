#include "media/uploads/hls_upload.h"

#include <map>

#include "base/text.h"
#include "media/playlists/film_of_playlist.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using Objects = std::map<std::string, StagedObject, std::less<>>;

std::string_view folder_of(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);  // npos + 1 is 0.
}

bool is_plain_path(std::string_view path) {
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string_view piece = path.substr(0, slash);
        if (piece.empty() || piece == "." || piece == "..") return false;
        if (slash == path.npos) return true;
        path.remove_prefix(slash + 1);
    }
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::unexpected<Error> no_file(std::string why) {
    return fail(Code::denied, "the playlist makes no file: " + std::move(why));
}

// The uploaded object behind an address in a playlist, which is taken as it is written: so do the
// upload SDKs, to which it is the path of a file.
Result<StagedObject> object_at(const Objects& objects, const std::string& name) {
    const auto found = objects.find(name);
    if (found == objects.end()) return fail(Code::not_found, name + " was not uploaded");
    return found->second;
}

// The pieces of the file, in order; their paths are names in the staging folder yet. Errors:
// not_found, denied.
Result<std::vector<Staging::Piece>> pieces_of(const std::vector<Segment>& parts,
                                              const Objects& objects, const std::string& folder) {
    std::uint64_t left = 0;
    for (const auto& [name, object] : objects)
        left += object.size_bytes;
    std::vector<Staging::Piece> pieces;
    for (const Segment& part : parts) {
        const Result<StagedObject> object = object_at(objects, folder + part.uri);
        if (!object) return fail(object.error());
        const PlaylistRange range = part.range.value_or(PlaylistRange{0, object->size_bytes});
        if (range.offset > object->size_bytes || range.length > object->size_bytes - range.offset)
            return no_file(std::string(malformed_source) + "a byte range is beyond its file");
        // A short playlist could otherwise ask for a file without end.
        if (range.length > left)
            return no_file(std::string(unsupported_source) + "it repeats its segments");
        left -= range.length;
        pieces.push_back({object->name, range.length, range.offset});
    }
    return pieces;
}

}  // namespace

std::optional<std::string> segment_name(const Upload& upload, std::string_view key) {
    const std::string_view folder = folder_of(upload.media_key);
    if (upload.request.type != playlist_type || !key.starts_with(folder)) return std::nullopt;
    if (key == upload.media_key || key == upload.cover_key) return std::nullopt;
    const std::string_view name = key.substr(folder.size());
    if (!is_plain_path(name) || name.contains('\\') || std::ranges::any_of(name, is_control) ||
        !is_utf8(name))
        return std::nullopt;
    return std::string(name);
}

std::string segments_prefix(const Upload& upload) {
    return upload.keys.secret_id + "/s/";
}

store::RecordKey segment_key(const Upload& upload, std::string_view name) {
    return {store::Kind::part, segments_prefix(upload) + std::string(name)};
}

Task<Result<JoinedHls>> join_hls(store::Store& store, Staging& staging,
                                 const UploadSession& session) {
    const Upload& upload = session.upload;
    std::string prefix = segments_prefix(upload);
    const std::size_t name_at = prefix.size();
    Result<std::vector<store::Versioned<StagedObject>>> records =
        co_await store::load_all<StagedObject>(store, store::Kind::part, std::move(prefix));
    if (!records) co_return fail(std::move(records.error()));
    Objects objects;
    for (store::Versioned<StagedObject>& record : *records)
        objects.emplace(record.key.id.substr(name_at), std::move(record.value));

    StagedObject at = *session.media;
    std::string folder;
    for (int depth = 0; depth < playlist_depth_max; ++depth) {
        if (at.size_bytes > playlist_bytes_max)
            co_return no_file(std::string(malformed_source) + "the playlist is too long");
        const Result<std::string> text = co_await staging.read(upload, at);
        if (!text) co_return fail(text.error());
        Result<Playlist> playlist = read_playlist(*text);
        if (!playlist) co_return no_file(playlist.error().detail);
        if (playlist->variants.empty()) {
            const Result<std::vector<Segment>> parts = film_parts(std::move(*playlist));
            if (!parts) co_return no_file(parts.error().detail);
            Result<std::vector<Staging::Piece>> pieces = pieces_of(*parts, objects, folder);
            if (!pieces) co_return fail(std::move(pieces.error()));
            for (Staging::Piece& piece : *pieces)
                piece.path = staging.path(upload, piece.path);
            Result<StagedObject> joined = co_await staging.concatenate(upload, std::move(*pieces));
            if (!joined && joined.error().code == Code::not_found)
                co_return fail(Code::internal, "an uploaded file has vanished");
            if (!joined) co_return fail(std::move(joined.error()));
            co_return JoinedHls{std::string(film_type(*parts)), std::move(*joined)};
        }
        const Result<Variant> variant = best_variant(*playlist);
        if (!variant) co_return no_file(variant.error().detail);
        const std::string name = folder + variant->uri;
        Result<StagedObject> next = object_at(objects, name);
        if (!next) co_return fail(std::move(next.error()));
        at = std::move(*next);
        folder = folder_of(name);
    }
    co_return no_file(std::string(malformed_source) + "playlists within playlists");
}

}  // namespace hookreel::media
