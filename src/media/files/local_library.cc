#include "media/files/local_library.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "media/files/rubbish.h"
#include "model/event.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr std::size_t path_bytes_max = 512;
constexpr std::size_t subtitle_id_bytes_max = 64;
// How often a change is begun again because somebody else changed the file meanwhile.
constexpr int rounds_max = 10;
// How long a removed file's folder is looked at again.
constexpr Duration haunting = std::chrono::hours(24);

// What this folder makes: letters, digits and - _ in a name, dots within it but not before it.
bool is_own_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    };
    return !name.empty() && name.front() != '.' && std::ranges::all_of(name, allowed);
}

// A new file with this content, durable.
Result<void> write_file(const std::string& path, std::string_view content) {
    if (Result<void> made = make_folder(path.substr(0, path.rfind('/'))); !made) return made;
    Result<StagedFile> file = StagedFile::create(path);
    if (!file) return fail(std::move(file.error()));
    if (Result<void> written = file->append(content); !written) return written;
    Result<std::string> kept = file->keep(std::nullopt);
    if (!kept) return fail(std::move(kept.error()));
    return {};
}

// What of these parts a file has.
std::vector<model::AssetPart> parts_there(model::Asset asset,
                                          const std::vector<model::AssetPart>& parts) {
    std::vector<model::AssetPart> there;
    for (const model::AssetPart& part : parts) {
        const std::string before = to_json_text(asset);
        asset = without_parts(std::move(asset), {part});
        if (to_json_text(asset) != before) there.push_back(part);
    }
    return there;
}

}  // namespace

store::RecordKey asset_key(model::ApplicationId application, const model::FileId& file) {
    return {store::Kind::asset, fmt::format("{}/{}", application.value(), file.text())};
}

std::string library_folder(model::ApplicationId application, const model::FileId& file) {
    return fmt::format("{}/{}/{}", application.value(), file.text().substr(0, 2), file.text());
}

Task<Result<model::Asset>> LocalLibrary::find(model::ApplicationId application, model::FileId id) {
    const store::RecordKey key = asset_key(application, id);
    Result<store::Versioned<model::Asset>> asset =
        co_await store::load<model::Asset>(ports_.store, key);
    if (!asset) co_return fail(std::move(asset.error()));
    co_return std::move(asset->value);
}

Result<std::string> LocalLibrary::absolute(std::string_view path) const {
    if (path.size() > path_bytes_max) return fail(Code::not_found, "no such path");
    for (std::string_view rest = path;;) {
        const std::size_t slash = rest.find('/');
        if (!is_own_name(rest.substr(0, slash))) return fail(Code::not_found, "no such path");
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    return folder_ + "/" + std::string(path);
}

// The change with the paths of its new files, which are then on disk.
Task<Result<AssetChange>> LocalLibrary::with_files(const model::Asset& asset, AssetChange change,
                                                   const NewFiles& files) {
    const std::string folder = library_folder(asset.application, asset.id);
    std::vector<std::pair<std::string, std::string_view>> writes;
    if (files.cover) {
        change.cover = fmt::format("{}/cover_{}.{}", folder, random_hex(8), files.cover->type);
        writes.emplace_back(change.cover, files.cover->bytes);
    }
    for (const NewSubtitle& subtitle : files.subtitles) {
        const std::string id = subtitle.id.empty() ? random_hex(8) : subtitle.id;
        if (!is_own_name(id) || id.size() > subtitle_id_bytes_max)
            co_return fail(Code::invalid, "subtitles: an id has letters, digits, - and _");
        std::string path = fmt::format("{}/subtitle_{}.{}", folder, random_hex(8), subtitle.format);
        writes.emplace_back(path, subtitle.content);
        change.add_subtitles.push_back(
            {id, subtitle.name, subtitle.language, subtitle.format, std::move(path)});
    }
    auto work = [&]() -> Result<void> {
        for (const auto& [path, content] : writes)
            if (Result<void> written = write_file(folder_ + "/" + path, content); !written)
                return written;
        return {};
    };
    Result<void> written = co_await ports_.threads.run(work);
    if (!written) co_return fail(std::move(written.error()));
    co_return change;
}

Task<Result<model::Asset>> LocalLibrary::modify(model::ApplicationId application, model::FileId id,
                                                AssetChange change, NewFiles files) {
    bool has_files = false;
    for (int round = 0; round < rounds_max; ++round) {
        const store::RecordKey key = asset_key(application, id);
        Result<store::Versioned<model::Asset>> asset =
            co_await store::load<model::Asset>(ports_.store, key);
        if (!asset) co_return fail(std::move(asset.error()));
        // The limits first: what breaks them writes nothing.
        if (!has_files) {
            AssetChange with_places = change;
            with_places.add_subtitles.resize(files.subtitles.size());
            for (std::size_t i = 0; i < files.subtitles.size(); ++i)
                with_places.add_subtitles[i].id =
                    files.subtitles[i].id.empty() ? std::to_string(i) : files.subtitles[i].id;
            Result<model::Asset> fits = changed(asset->value, with_places);
            if (!fits) co_return fits;
            Result<AssetChange> complete =
                co_await with_files(asset->value, std::move(change), files);
            if (!complete) co_return fail(std::move(complete.error()));
            change = std::move(*complete);
            has_files = true;
        }
        Result<model::Asset> after = changed(asset->value, change);
        if (!after) co_return after;
        store::Commit no_more;
        Result<model::Asset> written =
            co_await write(std::move(*asset), std::move(*after), std::move(no_more));
        if (written || written.error().code != Code::conflict) co_return written;
    }
    co_return fail(Code::unavailable, "the file changes all the time");
}

// One commit of the changed asset and of what it no longer needs. Errors: conflict.
Task<Result<model::Asset>> LocalLibrary::write(store::Versioned<model::Asset> before,
                                               model::Asset after, store::Commit commit) {
    const TimePoint now = ports_.clock.now();
    after.updated = now;
    std::vector<std::string> dropped = files_beyond(before.value, after);
    for (const std::string& path : dropped)
        commit.puts.push_back(rubbish(path, now));
    commit.puts.push_back({before.key, to_json_text(after), before.version});
    FileChanges changes;
    changes.put.push_back(after);
    Result<void> done =
        co_await ports_.catalog.commit(ports_.store, std::move(commit), std::move(changes));
    if (!done) co_return fail(std::move(done.error()));
    co_await remove_files(std::move(dropped));
    co_return after;
}

Task<Result<void>> LocalLibrary::remove(model::ApplicationId application, model::FileId id,
                                        std::vector<model::AssetPart> parts) {
    if (parts.empty()) co_return co_await remove_whole(application, std::move(id));
    for (int round = 0; round < rounds_max; ++round) {
        const store::RecordKey key = asset_key(application, id);
        Result<store::Versioned<model::Asset>> asset =
            co_await store::load<model::Asset>(ports_.store, key);
        if (!asset) co_return fail(std::move(asset.error()));
        std::vector<model::AssetPart> there = parts_there(asset->value, parts);
        // No event: one without parts would tell that all of the file is gone.
        if (there.empty()) co_return Result<void>{};
        model::Asset after = without_parts(asset->value, there);
        store::Commit commit;
        const model::Event event = model::make_event(application, ports_.clock.now(),
                                                     model::MediaDeleted{id, std::move(there)});
        commit.events.push_back(ports_.announcer.announce(event));
        Result<model::Asset> written =
            co_await write(std::move(*asset), std::move(after), std::move(commit));
        if (written) co_return Result<void>{};
        if (written.error().code != Code::conflict) co_return fail(std::move(written.error()));
    }
    co_return fail(Code::unavailable, "the file changes all the time");
}

Task<Result<void>> LocalLibrary::remove_whole(model::ApplicationId application, model::FileId id) {
    const store::RecordKey key = asset_key(application, id);
    const std::string folder = library_folder(application, id);
    for (int round = 0; round < rounds_max; ++round) {
        Result<store::Record> asset = co_await ports_.store.get(key);
        if (!asset) co_return fail(std::move(asset.error()));
        // Put and removed, so that the version counts: of two removals at once one finds nothing.
        const TimePoint now = ports_.clock.now();
        store::Commit commit;
        commit.puts.push_back({key, asset->value, asset->version});
        commit.removes.push_back(key);
        commit.puts.push_back(rubbish(folder, now + haunting));
        const model::Event event = model::make_event(application, now, model::MediaDeleted{id, {}});
        commit.events.push_back(ports_.announcer.announce(event));
        FileChanges changes;
        changes.removed.push_back({application, id});
        Result<void> done =
            co_await ports_.catalog.commit(ports_.store, std::move(commit), std::move(changes));
        if (!done && done.error().code == Code::conflict) continue;
        if (!done) co_return done;
        const std::vector<std::string> paths = {folder};
        co_await remove_files(paths);
        co_return Result<void>{};
    }
    co_return fail(Code::unavailable, "the file changes all the time");
}

Task<Result<Found>> LocalLibrary::search(model::ApplicationId application, Query query) {
    co_await ports_.catalog.await_loaded();
    if (!ports_.catalog.is_loaded())
        co_return fail(Code::unavailable, "the files are still being counted after the start");
    auto work = [&] { return ports_.catalog.search(application, query); };
    co_return co_await ports_.threads.run(work);
}

}  // namespace hookreel::media
