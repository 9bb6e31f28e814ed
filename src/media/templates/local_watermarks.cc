// The part of LocalTemplates that keeps watermarks: their pictures are files, so a record names
// them only when they are on disk, and what no record names is rubbish.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "media/files/rubbish.h"
#include "media/templates/local_templates.h"
#include "media/templates/own_record.h"

namespace hookreel::media {
namespace {

using model::WatermarkTemplate;

constexpr std::string_view folder_name = "watermarks";

std::unexpected<Error> full() {
    return fail(Code::too_large, fmt::format("there are {} templates", watermark_templates_max));
}

std::vector<WatermarkTemplate>::iterator find(model::OwnTemplates& own, std::uint64_t definition) {
    return std::ranges::find(own.watermarks, definition, &WatermarkTemplate::definition);
}

void add_rubbish(store::Commit& commit, const std::string& path, TimePoint now) {
    commit.puts.push_back({rubbish_key(path), to_json_text(Rubbish{now}), std::nullopt});
}

}  // namespace

// The path of the picture, which is then on disk.
Task<Result<std::string>> LocalTemplates::write_image(model::ApplicationId application,
                                                      const MarkImage& image) {
    const std::string path =
        fmt::format("{}/{}/{}.{}", folder_name, application.value(), random_hex(16), image.type);
    const auto write = [&]() -> Result<std::string> {
        const std::string absolute = fmt::format("{}/{}", media_folder_, path);
        if (Result<void> made = make_folder(absolute.substr(0, absolute.rfind('/'))); !made)
            return fail(std::move(made.error()));
        Result<StagedFile> file = StagedFile::create(absolute);
        if (!file) return fail(std::move(file.error()));
        if (Result<void> written = file->append(image.bytes); !written)
            return fail(std::move(written.error()));
        if (Result<std::string> kept = file->keep(std::nullopt); !kept) return kept;
        return path;
    };
    co_return co_await files_.run(write);
}

// What cannot be removed now is removed by a sweep of the library, or at the next start.
Task<void> LocalTemplates::remove_image(std::string path) {
    if (path.empty()) co_return;
    const auto remove = [&] { return remove_all(fmt::format("{}/{}", media_folder_, path)); };
    co_await files_.run(remove);
}

Task<Result<WatermarkTemplate>> LocalTemplates::create(model::ApplicationId application,
                                                       WatermarkTemplate made,
                                                       std::optional<MarkImage> image) {
    made.created = made.updated = clock_.now();
    const Result<OwnRecord> before = co_await load_own(store_, application);
    if (!before) co_return fail(before.error());
    if (before->value.watermarks.size() >= watermark_templates_max) co_return full();
    if (image) {
        Result<std::string> path = co_await write_image(application, *image);
        if (!path) co_return fail(std::move(path.error()));
        made.image->path = std::move(*path);
    }
    auto add = [&made](model::OwnTemplates& own, store::Commit&) -> Result<void> {
        if (own.watermarks.size() >= watermark_templates_max) return full();
        made.definition = own.next++;
        own.watermarks.push_back(made);
        return {};
    };
    Result<void> done = co_await change_own(store_, application, add);
    if (done) co_return made;
    if (made.image) co_await remove_image(made.image->path);
    co_return fail(std::move(done.error()));
}

Task<Result<WatermarkTemplate>> LocalTemplates::modify(model::ApplicationId application,
                                                       std::uint64_t definition,
                                                       WatermarkChange change,
                                                       std::optional<MarkImage> image) {
    std::string new_path;
    if (image) {
        Result<std::string> path = co_await write_image(application, *image);
        if (!path) co_return fail(std::move(path.error()));
        new_path = std::move(*path);
    }
    WatermarkTemplate after;
    std::string old_path;
    auto modify = [&](model::OwnTemplates& own, store::Commit& commit) -> Result<void> {
        const auto found = find(own, definition);
        if (found == own.watermarks.end()) return fail(Code::not_found, "no such template");
        old_path.clear();
        if (Result<void> applied = apply(change, *found); !applied) return applied;
        if (image && !found->image) return fail(Code::invalid, "the watermark is not an image");
        if (image) {
            old_path = std::exchange(found->image->path, new_path);
            add_rubbish(commit, old_path, clock_.now());
        }
        found->updated = clock_.now();
        after = *found;
        return {};
    };
    Result<void> done = co_await change_own(store_, application, modify);
    co_await remove_image(done ? old_path : new_path);
    if (!done) co_return fail(std::move(done.error()));
    co_return after;
}

Task<Result<void>> LocalTemplates::remove_watermark(model::ApplicationId application,
                                                    std::uint64_t definition) {
    std::string path;
    auto remove = [&](model::OwnTemplates& own, store::Commit& commit) -> Result<void> {
        const auto found = find(own, definition);
        if (found == own.watermarks.end()) return fail(Code::not_found, "no such template");
        path = found->image ? found->image->path : std::string();
        if (!path.empty()) add_rubbish(commit, path, clock_.now());
        own.watermarks.erase(found);
        return {};
    };
    Result<void> done = co_await change_own(store_, application, remove);
    if (done) co_await remove_image(path);
    co_return done;
}

Task<Result<void>> LocalTemplates::recover() {
    const std::string all = fmt::format("{}/{}", media_folder_, folder_name);
    const auto list = [&] { return names_in(all); };
    const Result<std::vector<std::string>> applications = co_await files_.run(list);
    if (!applications) co_return fail(applications.error());
    for (const std::string& name : *applications) {
        const Result<std::uint64_t> number = parse_unsigned(name);
        if (!number) continue;
        const Result<OwnRecord> own = co_await load_own(store_, model::ApplicationId(*number));
        if (!own) co_return fail(own.error());
        std::set<std::string> named;
        for (const WatermarkTemplate& one : own->value.watermarks)
            if (one.image) named.insert(one.image->path);
        const auto clear = [&]() -> Result<void> {
            const Result<std::vector<std::string>> names =
                names_in(fmt::format("{}/{}", all, name));
            if (!names) return fail(names.error());
            for (const std::string& file : *names) {
                const std::string path = fmt::format("{}/{}/{}", folder_name, name, file);
                if (named.contains(path)) continue;
                if (Result<void> removed = remove_all(fmt::format("{}/{}", media_folder_, path));
                    !removed)
                    return removed;
            }
            return {};
        };
        Result<void> cleared = co_await files_.run(clear);
        if (!cleared) co_return cleared;
    }
    co_return Result<void>{};
}

}  // namespace hookreel::media
