#include "media/uploads/stream_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "media/playlists/read_film.h"
#include "media/uploads/upload_request.h"
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

std::unexpected<Error> no_file(std::string why) {
    return fail(Code::denied, "the stream cannot be joined, " + std::move(why));
}

// The name without "." and "..". One that leads out of its folder stays as it is, and is nobody's.
std::string plain_name(std::string_view written) {
    std::vector<std::string_view> pieces;
    for (std::string_view rest = written;;) {
        const std::size_t slash = rest.find('/');
        const std::string_view piece = rest.substr(0, slash);
        if (piece == ".." && pieces.empty()) return std::string(written);
        if (piece == "..")
            pieces.pop_back();
        else if (piece != ".")
            pieces.push_back(piece);
        if (slash == rest.npos) return fmt::format("{}", fmt::join(pieces, "/"));
        rest.remove_prefix(slash + 1);
    }
}

// A name for a sentence: its beginning, up to the end of a character, when it is text.
std::string shown(std::string_view name) {
    constexpr std::size_t bytes_max = 200;
    if (!is_utf8(name) || has_control_character(name)) return "a piece whose name is no text";
    if (name.size() <= bytes_max) return std::string(name);
    std::size_t end = bytes_max;
    while ((name[end] & 0xC0) == 0x80)
        --end;
    return fmt::format("{}…", name.substr(0, end));
}

// The uploaded object behind an address in a manifest, which is taken as it is written: so do the
// upload SDKs, to which it is the path of a file. `base` is the name of the manifest.
Result<StagedObject> object_at(const Objects& objects, std::string_view base,
                               std::string_view address) {
    const std::string name = std::string(folder_of(base)) + std::string(address);
    const auto found = objects.find(plain_name(name));
    if (found == objects.end())
        return fail(Code::not_found,
                    fmt::format("{} names {}, which was not uploaded; upload it with this session "
                                "and commit again",
                                base.empty() ? "the manifest" : shown(base), shown(name)));
    return found->second;
}

// The manifests of one session.
class UploadedManifests final : public ManifestSource {
 public:
    UploadedManifests(const Staging& staging, const UploadSession& session, const Objects& objects)
        : staging_(staging), session_(session), objects_(objects) {}

    // The first one, that of the session itself, has no address.
    Task<Result<Text>> read(std::string base, std::string address) override {
        Result<StagedObject> object = *session_.media;
        if (!address.empty()) object = object_at(objects_, base, address);
        if (!object) co_return fail(std::move(object.error()));
        if (object->size_bytes > playlist_bytes_max)
            co_return fail(Code::invalid,
                           std::string(malformed_source) + "the manifest is too long");
        Result<std::string> content = co_await staging_.read(session_.upload, *object);
        if (!content) co_return fail(std::move(content.error()));
        co_return Text{std::string(folder_of(base)) + address, std::move(*content)};
    }

 private:
    const Staging& staging_;
    const UploadSession& session_;
    const Objects& objects_;
};

// Makes files of the pieces that were uploaded with one session.
class Joiner {
 public:
    Joiner(StreamTools tools, const Upload& upload, const Objects& objects)
        : tools_(tools), upload_(upload), objects_(objects) {}

    Task<Result<StagedObject>> join(const Film& film) {
        if (film.sound) {
            Result<StagedObject> joined = co_await join_with_sound(film);
            co_await tools_.staging.remove(upload_, made_);
            co_return joined;
        }
        Result<std::vector<Staging::Piece>> pieces = pieces_of(film.main);
        if (!pieces) co_return fail(std::move(pieces.error()));
        co_return co_await concatenate(std::move(*pieces));
    }

 private:
    // The picture or the sound, as a file of its own.
    struct Part {
        std::string path;
        std::uint64_t size_bytes = 0;
    };

    // The pieces of a track, in order. Errors: not_found, denied.
    Result<std::vector<Staging::Piece>> pieces_of(const FilmTrack& track) const {
        std::uint64_t left = 0;
        for (const auto& [name, object] : objects_)
            left += object.size_bytes;
        std::vector<Staging::Piece> pieces;
        for (const Segment& part : track.parts) {
            const Result<StagedObject> object = object_at(objects_, track.base, part.uri);
            if (!object) return fail(object.error());
            const PlaylistRange range = part.range.value_or(PlaylistRange{0, object->size_bytes});
            if (range.offset > object->size_bytes ||
                range.length > object->size_bytes - range.offset)
                return no_file(std::string(malformed_source) + "a byte range is beyond its file");
            // A short manifest could otherwise ask for a file without end.
            if (range.length > left)
                return no_file(std::string(unsupported_source) + "it repeats its segments");
            left -= range.length;
            pieces.push_back(
                {tools_.staging.path(upload_, object->name), range.length, range.offset});
        }
        return pieces;
    }

    Task<Result<StagedObject>> concatenate(std::vector<Staging::Piece> pieces) {
        Result<StagedObject> joined =
            co_await tools_.staging.concatenate(upload_, std::move(pieces));
        if (!joined && joined.error().code == Code::not_found)
            co_return fail(Code::internal, "an uploaded file has vanished");
        co_return joined;
    }

    // One piece that is a whole file is taken as it is.
    Task<Result<Part>> part_of(const FilmTrack& track) {
        if (track.parts.size() == 1 && !track.parts.front().range) {
            const Result<StagedObject> object =
                object_at(objects_, track.base, track.parts.front().uri);
            if (!object) co_return fail(object.error());
            co_return Part{tools_.staging.path(upload_, object->name), object->size_bytes};
        }
        Result<std::vector<Staging::Piece>> pieces = pieces_of(track);
        if (!pieces) co_return fail(std::move(pieces.error()));
        const Result<StagedObject> joined = co_await concatenate(std::move(*pieces));
        if (!joined) co_return fail(joined.error());
        made_.push_back(joined->name);
        co_return Part{tools_.staging.path(upload_, joined->name), joined->size_bytes};
    }

    Task<Result<StagedObject>> join_with_sound(const Film& film) {
        const Result<Part> picture = co_await part_of(film.main);
        if (!picture) co_return fail(picture.error());
        const Result<Part> sound = co_await part_of(*film.sound);
        if (!sound) co_return fail(sound.error());
        co_return co_await mux(film, *picture, *sound);
    }

    Task<Result<StagedObject>> mux(const Film& film, const Part& picture, const Part& sound) {
        const Result<void> room = tools_.staging.check_room(picture.size_bytes + sound.size_bytes);
        if (!room) co_return fail(room.error());
        const std::string name = random_hex(16);
        MuxOrder order{.picture = {picture.path, film.main.time_offset},
                       .sound = {sound.path, film.sound->time_offset},
                       .type = film.main.type,
                       .output = tools_.staging.path(upload_, name),
                       .bytes_max = tools_.staging.object_bytes_max()};
        const Result<Muxed> muxed = co_await tools_.muxer.mux(std::move(order));
        if (!muxed && muxed.error().code == Code::invalid)
            co_return no_file(std::string(malformed_source) + muxed.error().detail);
        if (!muxed) co_return fail(muxed.error());
        co_return StagedObject{name, muxed->size_bytes, muxed->md5, muxed->md5, {}, {}};
    }

    StreamTools tools_;
    const Upload& upload_;
    const Objects& objects_;
    std::vector<std::string> made_;  // Names in the staging folder of what was made on the way.
};

}  // namespace

std::optional<std::string> segment_name(const Upload& upload, std::string_view key) {
    const std::string_view folder = folder_of(upload.media_key);
    if (!is_stream_type(upload.request.type) || !key.starts_with(folder)) return std::nullopt;
    if (key == upload.media_key || key == upload.cover_key) return std::nullopt;
    const std::string_view name = key.substr(folder.size());
    if (!is_plain_path(name) || name.contains('\\') || !is_utf8(name) ||
        has_control_character(name))
        return std::nullopt;
    return std::string(name);
}

std::string segments_prefix(const Upload& upload) {
    return upload.keys.secret_id + "/s/";
}

store::RecordKey segment_key(const Upload& upload, std::string_view name) {
    return {store::Kind::part, segments_prefix(upload) + std::string(name)};
}

Task<Result<JoinedStream>> join_stream(StreamTools tools, const UploadSession& session) {
    std::string prefix = segments_prefix(session.upload);
    const std::size_t name_at = prefix.size();
    Result<std::vector<store::Versioned<StagedObject>>> records =
        co_await store::load_all<StagedObject>(tools.store, store::Kind::part, std::move(prefix));
    if (!records) co_return fail(std::move(records.error()));
    Objects objects;
    for (store::Versioned<StagedObject>& record : *records)
        objects.emplace(record.key.id.substr(name_at), std::move(record.value));
    UploadedManifests manifests(tools.staging, session, objects);
    const Result<Film> film = co_await read_film(manifests, {});
    if (!film && film.error().code == Code::invalid) co_return no_file(film.error().detail);
    if (!film) co_return fail(film.error());
    Joiner joiner(tools, session.upload, objects);
    Result<StagedObject> joined = co_await joiner.join(*film);
    if (!joined) co_return fail(std::move(joined.error()));
    co_return JoinedStream{film->main.type, std::move(*joined)};
}

}  // namespace hookreel::media
