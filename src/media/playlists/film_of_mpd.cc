#include "media/playlists/film_of_mpd.h"

#include <algorithm>
#include <tuple>

#include "media/playlists/film_of_playlist.h"
#include "media/playlists/mpd_segments.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> refused(std::string_view kind, std::string_view why) {
    return fail(Code::invalid, std::string(kind) + std::string(why));
}

// "video" or "audio" among others; empty when it is not said.
std::string_view kind_of(const MpdPlace& place) {
    if (!place.set->content_type.empty()) return place.set->content_type;
    const std::string_view mime = place.mime_type();
    return mime.substr(0, mime.find('/'));
}

// "mp4" of "video/mp4".
std::string_view container_of(const MpdPlace& place) {
    const std::string_view mime = place.mime_type();
    return mime.substr(mime.find('/') + 1);  // npos + 1 is 0.
}

// Those of a kind. What only some players understand is left out, unless there is nothing else.
std::vector<MpdPlace> places_of_kind(const Mpd& mpd, std::string_view kind) {
    std::vector<MpdPlace> all = places_of(mpd);
    std::erase_if(all, [kind](const MpdPlace& place) {
        return kind_of(place) != kind || place.representation->is_dependent;
    });
    const auto is_special = [](const MpdPlace& place) { return place.set->is_special; };
    if (!std::ranges::all_of(all, is_special)) std::erase_if(all, is_special);
    return all;
}

// There is one.
MpdPlace best_of(const std::vector<MpdPlace>& places) {
    const auto bandwidth = [](const MpdPlace& place) { return place.representation->bandwidth; };
    return *std::ranges::max_element(places, {}, bandwidth);
}

// The best of the set that is to be heard. There is one.
MpdPlace best_sound(std::vector<MpdPlace> sounds, std::string_view container) {
    const auto rank = [container](const MpdPlace& place) {
        return std::tuple(container_of(place) == container, place.set->is_main);
    };
    const MpdPlace first = *std::ranges::max_element(sounds, {}, rank);
    std::erase_if(sounds, [&](const MpdPlace& place) {
        return place.set != first.set || rank(place) != rank(first);
    });
    return best_of(sounds);
}

Result<FilmTrack> track_of(const MpdPlace& place) {
    if (place.is_encrypted()) return refused(unsupported_source, "the segments are encrypted");
    MpdBudget budget;
    Result<std::vector<Segment>> parts = segments_of(place, budget);
    if (!parts) return refused(malformed_source, parts.error().detail);
    if (parts->empty()) return refused(malformed_source, "a representation has no segments");
    const std::string_view container = container_of(place);
    std::string type(film_type(*parts));
    if (container == "mp4" || container == "webm") type = container;
    if (container == "mp2t") type = "ts";
    return FilmTrack{{}, std::move(*parts), std::move(type), place.time_offset()};
}

}  // namespace

Result<Film> film_of_mpd(std::string_view text) {
    const Result<Mpd> mpd = parse_mpd(text);
    if (!mpd) return refused(malformed_source, mpd.error().detail);
    if (mpd->is_live) return refused(unsupported_source, "the description is live");
    if (mpd->has_links)
        return refused(unsupported_source, "a part of the description is in another document");
    if (mpd->periods.size() > 1) return refused(unsupported_source, "several periods");
    const std::vector<MpdPlace> pictures = places_of_kind(*mpd, "video");
    const std::vector<MpdPlace> sounds = places_of_kind(*mpd, "audio");
    if (pictures.empty() && sounds.empty())
        return refused(malformed_source, "it has neither picture nor sound");
    const MpdPlace main = pictures.empty() ? best_sound(sounds, {}) : best_of(pictures);
    Result<FilmTrack> track = track_of(main);
    if (!track) return fail(std::move(track.error()));
    Film film{std::move(*track), std::nullopt, true};
    if (pictures.empty() || sounds.empty()) {
        // Its pieces do not tell a length, which is put right only where a sound is put in.
        if (film.main.type == "webm")
            return refused(unsupported_source, "WebM of a picture or a sound alone");
        return film;
    }
    Result<FilmTrack> sound = track_of(best_sound(sounds, container_of(main)));
    if (!sound) return fail(std::move(sound.error()));
    film.sound = std::move(*sound);
    return film;
}

}  // namespace hookreel::media
