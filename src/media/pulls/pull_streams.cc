// How a pull fetches a stream: its manifests, then the sound where it is apart, then the picture.
#include <fmt/format.h>

#include <algorithm>

#include "media/playlists/read_film.h"
#include "media/pulls/pull_job.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> malformed(std::string_view why) {
    return fail(Code::invalid, std::string(malformed_source) + std::string(why));
}

std::string text_of(const http::Url& url) {
    const bool is_secure = url.scheme == http::Url::Scheme::https;
    return fmt::format("{}://{}{}", is_secure ? "https" : "http", url.authority(), url.target);
}

// Of a stream a status alone would not tell which of its files is missing. What is asked for behind
// the path may be a secret.
Error error_of(Error error, std::string_view what, const http::Url& url) {
    constexpr std::size_t path_bytes_max = 200;
    std::string path = url.target.substr(0, std::min(url.target.find('?'), path_bytes_max));
    std::ranges::replace_if(path, [](char c) { return c <= ' ' || c > '~'; }, '?');
    error.detail += fmt::format(", of the {} {}", what, path);
    return error;
}

// Errors: malformed.
Result<http::Url> address_at(const std::string& base, const std::string& address) {
    const Result<http::Url> document = http::parse_url(base.empty() ? address : base);
    if (!document) return malformed(document.error().detail);
    if (base.empty()) return document;
    Result<http::Url> url = http::resolve(*document, address);
    if (!url) return malformed(url.error().detail);
    return url;
}

// Manifests that come through the checked client.
class FetchedManifests final : public ManifestSource {
 public:
    explicit FetchedManifests(Download& download) : download_(download) {}

    Task<Result<Text>> read(std::string base, std::string address) override {
        Result<http::Url> url = address_at(base, address);
        if (!url) co_return fail(std::move(url.error()));
        Result<Download::Text> text = co_await download_.text(*url, playlist_bytes_max);
        if (!text && !base.empty()) co_return fail(error_of(text.error(), "playlist", *url));
        if (!text) co_return fail(std::move(text.error()));
        co_return Text{text_of(text->url), std::move(text->content)};
    }

 private:
    Download& download_;
};

}  // namespace

Task<Result<void>> PullJob::fetch_stream() {
    const DownloadTools tools{tools_.client, tools_.threads};
    const DownloadOptions& options = tools_.options.download;
    Download texts(tools, options, *this, folder() + "/media");
    FetchedManifests manifests(texts);
    const Result<Film> film = co_await read_film(manifests, state_.pull.request.url);
    if (!film) co_return fail(film.error());
    if (!film->has_end)
        co_return fail(Code::invalid, std::string(unsupported_source) + "the playlist is live");
    state_.type = film->main.type;
    segments_ = {0, film->part_count()};
    if (film->sound)
        if (Result<void> done = co_await fetch_sound(*film->sound); !done) co_return done;
    Download download(tools, options, *this, folder() + (film->sound ? "/picture" : "/media"));
    Checkpoint& point = state_.checkpoint;
    Result<void> done = co_await download.open(point.bytes);
    if (!done) co_return done;
    if (point.segments > film->main.parts.size() || point.segment_at > download.size_bytes()) {
        point = {};
        done = co_await download.open(0);
        if (!done) co_return done;
    }
    done = co_await fetch_pieces(download, film->main, point);
    if (done) done = co_await keep_as_media(download);
    if (!done || !film->sound) co_return done;
    // What is there needs not be fetched again when the rest fails.
    point.bytes = download.size_bytes();
    done = co_await save();
    if (!done) co_return done;
    co_return co_await mux(*film);
}

// It comes first, and at once: it is small beside the picture, and after a crash begins anew unless
// it was whole.
Task<Result<void>> PullJob::fetch_sound(const FilmTrack& sound) {
    Download download({tools_.client, tools_.threads}, tools_.options.download, *this,
                      folder() + "/sound");
    Result<void> done = co_await download.open(state_.sound_bytes);
    if (!done) co_return done;
    const bool is_there = state_.sound_bytes > 0 && download.size_bytes() == state_.sound_bytes;
    if (!is_there) {
        state_.sound_bytes = 0;
        done = co_await download.open(0);
        if (!done) co_return done;
        fetching_ = Fetching::sound;
        Checkpoint point;
        done = co_await fetch_pieces(download, sound, point);
        fetching_ = Fetching::media;
        if (!done) co_return done;
        const Result<std::string> md5 = co_await download.finish();
        if (!md5) co_return fail(md5.error());
        state_.sound_bytes = download.size_bytes();
        done = co_await save();
    }
    segments_->first = sound.parts.size();
    co_return done;
}

// Appends the pieces that `point` does not have yet, and moves it on.
Task<Result<void>> PullJob::fetch_pieces(Download& download, const FilmTrack& track,
                                         Checkpoint& point) {
    const std::uint64_t done_before = segments_->first;
    std::string validator = point.validator;
    for (std::uint64_t i = point.segments; i < track.parts.size(); ++i) {
        segments_->first = done_before + i;
        bytes_before_ = state_.sound_bytes + point.segment_at;
        Result<http::Url> url = address_at(track.base, track.parts[i].uri);
        if (!url) co_return fail(std::move(url.error()));
        Download::Source source{*url, track.parts[i].range, point.segment_at,
                                std::exchange(validator, {})};
        Result<void> done = co_await download.fetch(std::move(source));
        if (!done) co_return fail(error_of(done.error(), "piece", *url));
        point.segments = i + 1;
        point.segment_at = download.size_bytes();
        tools_.live.set(state_.pull.id,
                        static_cast<int>((done_before + i + 1) * std::uint64_t{fetched_percent} /
                                         segments_->second));
    }
    co_return Result<void>{};
}

// Makes the media file of the picture and the sound.
Task<Result<void>> PullJob::mux(const Film& film) {
    const DownloadOptions& options = tools_.options.download;
    const std::uint64_t bytes = state_.checkpoint.bytes + state_.sound_bytes;
    const auto look = [&] { return options.free_bytes(folder()); };
    const Result<std::uint64_t> free = co_await tools_.threads.run(look);
    if (!free) co_return fail(free.error());
    if (*free < options.reserve_bytes + bytes)
        co_return fail(Code::unavailable, "the disk has no room to put the film together");
    MuxOrder order{.picture = {folder() + "/picture", film.main.time_offset},
                   .sound = {folder() + "/sound", film.sound->time_offset},
                   .type = film.main.type,
                   .output = folder() + "/media",
                   .bytes_max = options.bytes_max};
    Result<Muxed> muxed = co_await tools_.muxer.mux(std::move(order));
    if (!muxed && muxed.error().code == Code::invalid) co_return malformed(muxed.error().detail);
    if (!muxed) co_return fail(std::move(muxed.error()));
    state_.md5 = std::move(muxed->md5);
    state_.size_bytes = static_cast<std::int64_t>(muxed->size_bytes);
    co_return Result<void>{};
}

}  // namespace hookreel::media
