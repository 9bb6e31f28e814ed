#include "media/playlists/read_film.h"

#include "media/playlists/film_of_mpd.h"
#include "media/playlists/film_of_playlist.h"
#include "media/playlists/manifest.h"

namespace hookreel::media {
namespace {

struct PlaylistTrack {
    FilmTrack track;
    bool has_end = false;
};

Result<PlaylistTrack> track_of(Playlist playlist, std::string base) {
    const bool has_end = playlist.has_end;
    Result<std::vector<Segment>> parts = film_parts(std::move(playlist));
    if (!parts) return fail(std::move(parts.error()));
    std::string type(film_type(*parts));
    return PlaylistTrack{{std::move(base), std::move(*parts), std::move(type), 0}, has_end};
}

Task<Result<PlaylistTrack>> read_track(ManifestSource& source, std::string base,
                                       std::string address) {
    Result<ManifestSource::Text> text = co_await source.read(std::move(base), std::move(address));
    if (!text) co_return fail(std::move(text.error()));
    Result<Playlist> playlist = read_playlist(text->content);
    if (!playlist) co_return fail(std::move(playlist.error()));
    co_return track_of(std::move(*playlist), std::move(text->base));
}

}  // namespace

Task<Result<Film>> read_film(ManifestSource& source, std::string address) {
    const Result<ManifestSource::Text> text = co_await source.read({}, std::move(address));
    if (!text) co_return fail(text.error());
    if (looks_like_mpd(text->content)) {
        Result<Film> film = film_of_mpd(text->content);
        if (film) film->main.base = text->base;
        if (film && film->sound) film->sound->base = text->base;
        co_return film;
    }
    if (text->content.empty())
        co_return fail(Code::invalid, std::string(malformed_source) + "the manifest is empty");
    if (!text->content.contains("#EXTM3U"))
        co_return fail(Code::invalid, std::string(malformed_source) +
                                          "the manifest is neither a playlist of HLS (#EXTM3U) nor "
                                          "a description of DASH (<MPD>)");
    Result<Playlist> playlist = read_playlist(text->content);
    if (!playlist) co_return fail(std::move(playlist.error()));
    if (playlist->variants.empty()) {
        Result<PlaylistTrack> only = track_of(std::move(*playlist), text->base);
        if (!only) co_return fail(std::move(only.error()));
        co_return Film{std::move(only->track), std::nullopt, only->has_end};
    }
    const Variant& variant = best_variant(*playlist);
    const std::string sound_address = separate_sound(*playlist, variant);
    Result<PlaylistTrack> main = co_await read_track(source, text->base, variant.uri);
    if (!main) co_return fail(std::move(main.error()));
    Film film{std::move(main->track), std::nullopt, main->has_end};
    if (sound_address.empty()) co_return film;
    Result<PlaylistTrack> sound = co_await read_track(source, text->base, sound_address);
    if (!sound) co_return fail(std::move(sound.error()));
    film.has_end = film.has_end && sound->has_end;
    film.sound = std::move(sound->track);
    co_return film;
}

}  // namespace hookreel::media
