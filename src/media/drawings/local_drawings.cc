#include "media/drawings/local_drawings.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/cancellation.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "media/drawings/svg_check.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr std::string_view folder_name = ".drawings";
constexpr Duration sweep_every = std::chrono::hours(1);
// A record that names a drawing is committed seconds after its text came.
constexpr Duration unnamed_for = std::chrono::hours(1);
constexpr Duration unnamed_for_when_full = std::chrono::minutes(1);

std::string path_of(model::ApplicationId application, std::string_view name) {
    return fmt::format("{}/{}/{}", folder_name, application.value(), name);
}

void add_named(std::set<std::string>& names, const model::Work& work) {
    const auto add = [&names](const auto& chosen) {
        if constexpr (requires { chosen.watermarks; })
            for (const model::Watermark& mark : chosen.watermarks)
                if (!mark.drawing.empty()) names.insert(mark.drawing);
    };
    std::visit(add, work);
}

}  // namespace

Drawing drawing_of(model::ApplicationId application, std::string text) {
    const std::string name = hex(digest(Algorithm::sha256, text)) + ".svg";
    return {path_of(application, name), application, std::move(text)};
}

std::string LocalDrawings::absolute(const std::string& path) const {
    return folder_ + path.substr(folder_name.size());
}

Task<Result<void>> LocalDrawings::keep(Drawing drawing) {
    const auto work = [&] { return write(drawing); };
    Result<void> kept = co_await ports_.threads.run(work);
    if (kept || kept.error().code != Code::too_large) co_return kept;
    // What calls brought that were refused, or works that are over: a minute makes room.
    const Result<void> swept = co_await sweep_one(drawing.application, unnamed_for_when_full);
    if (!swept) co_return swept;
    co_return co_await ports_.threads.run(work);
}

// Blocking. Under another name until it is whole: who asks for the same sees it then, or not yet.
Result<void> LocalDrawings::write(const Drawing& drawing) {
    if (Result<void> fine = check_svg(drawing.text); !fine) return fine;
    const Result<bool> is_new = reserve(drawing);
    if (!is_new) return fail(is_new.error());
    if (!*is_new) return {};
    const auto bring = [&]() -> Result<void> {
        const std::string place = absolute(drawing.path);
        const std::string coming = fmt::format("{}.{}", place, random_hex(8));
        if (Result<void> made = make_folder(place.substr(0, place.rfind('/'))); !made) return made;
        Result<StagedFile> file = StagedFile::create(coming);
        if (!file) return fail(std::move(file.error()));
        if (Result<void> written = file->append(drawing.text); !written) return written;
        if (const Result<std::string> whole = file->keep(std::nullopt); !whole)
            return fail(whole.error());
        return move_file({.from = coming, .to = place});
    };
    Result<void> brought = bring();
    if (brought) return brought;
    const std::scoped_lock lock(mutex_);
    std::uint64_t& bytes = shelves_[drawing.application].bytes;
    bytes -= std::min<std::uint64_t>(bytes, drawing.text.size());
    return brought;
}

// Whether it must be written; room is then kept for it. Blocking.
Result<bool> LocalDrawings::reserve(const Drawing& drawing) {
    const std::scoped_lock lock(mutex_);
    Shelf& shelf = shelves_[drawing.application];
    shelf.unnamed_since.erase(drawing.path);
    if (open_to_read(absolute(drawing.path))) return false;
    if (shelf.bytes + drawing.text.size() > drawings_bytes_max)
        return fail(Code::too_large, fmt::format("drawings of {} MiB", drawings_bytes_max >> 20));
    shelf.bytes += drawing.text.size();
    return true;
}

Task<Result<void>> LocalDrawings::recover() {
    co_return co_await sweep_all(Duration(0));
}

Task<Result<void>> LocalDrawings::sweep() {
    co_return co_await sweep_all(unnamed_for);
}

Task<Result<void>> LocalDrawings::sweep_all(Duration unnamed_max) {
    const auto list = [this] { return names_in(folder_); };
    const Result<std::vector<std::string>> folders = co_await ports_.threads.run(list);
    if (!folders) co_return fail(folders.error());
    for (const std::string& folder : *folders) {
        const Result<std::uint64_t> number = parse_unsigned(folder);
        if (!number) continue;
        Result<void> swept = co_await sweep_one(model::ApplicationId(*number), unnamed_max);
        if (!swept) co_return swept;
    }
    co_return Result<void>{};
}

// The files first: what comes while the records are read is no concern of this sweep.
Task<Result<void>> LocalDrawings::sweep_one(model::ApplicationId application,
                                            Duration unnamed_max) {
    const auto look = [&] { return kept(application); };
    const Result<std::vector<Kept>> files = co_await ports_.threads.run(look);
    if (!files) co_return fail(files.error());
    if (files->empty()) co_return Result<void>{};
    const Result<std::set<std::string>> names = co_await named(application);
    if (!names) co_return fail(names.error());
    const auto clear = [&] { return remove_unnamed(application, *files, *names, unnamed_max); };
    co_return co_await ports_.threads.run(clear);
}

// By what is still to be done. A task that cannot be read is not done either.
Task<Result<std::set<std::string>>> LocalDrawings::named(model::ApplicationId application) {
    std::set<std::string> names;
    const Result<std::vector<model::Procedure>> own = co_await ports_.procedures.own(application);
    if (!own) co_return fail(own.error());
    for (const model::Procedure& procedure : *own)
        for (const model::Work& work : procedure.works)
            add_named(names, work);
    store::ListOptions options{fmt::format("{}/", application.value()), {}, 500};
    for (;;) {
        const Result<std::vector<store::Record>> page =
            co_await ports_.store.list(store::Kind::task, options);
        if (!page) co_return fail(page.error());
        for (const store::Record& record : *page) {
            const Result<model::Task> task = from_json_text<model::Task>(record.value);
            if (!task || model::is_over(task->status)) continue;
            for (const model::Step& step : task->steps)
                add_named(names, step.work);
        }
        if (std::ssize(*page) < options.count_max) co_return names;
        options.after = page->back().key.id;
    }
}

// Blocking.
Result<std::vector<LocalDrawings::Kept>> LocalDrawings::kept(
    model::ApplicationId application) const {
    const std::string folder = fmt::format("{}/{}", folder_, application.value());
    const Result<std::vector<std::string>> names = names_in(folder);
    if (!names) return fail(names.error());
    std::vector<Kept> files;
    for (const std::string& name : *names) {
        std::error_code gone;  // Then it takes no room.
        const std::uintmax_t size = std::filesystem::file_size(folder + "/" + name, gone);
        files.push_back({name, gone ? 0 : size});
    }
    return files;
}

// Blocking. What was asked for meanwhile is news again, and stays.
Result<void> LocalDrawings::remove_unnamed(model::ApplicationId application,
                                           const std::vector<Kept>& files,
                                           const std::set<std::string>& names,
                                           Duration unnamed_max) {
    const TimePoint now = ports_.clock.now();
    const std::scoped_lock lock(mutex_);
    Shelf& shelf = shelves_[application];
    Shelf after;
    for (const Kept& file : files) {
        const std::string path = path_of(application, file.name);
        if (!names.contains(path)) {
            const auto found = shelf.unnamed_since.find(path);
            const TimePoint since = found == shelf.unnamed_since.end() ? now : found->second;
            if (now - since >= unnamed_max) {
                if (Result<void> removed = remove_all(absolute(path)); !removed) return removed;
                continue;
            }
            after.unnamed_since.emplace(path, since);
        }
        after.bytes += file.size_bytes;
    }
    shelf = std::move(after);
    return {};
}

Task<void> LocalDrawings::tend() {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_after(sweep_every);
        const auto [error] = co_await timer.async_wait(use_result);
        if (error) co_return;
        const Result<void> done = co_await sweep();
        if (!done)
            ports_.log.warning("old drawings stay for now", {{"reason", done.error().detail}});
        // A signal that came during the work ends no wait that begins after it.
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
    }
}

}  // namespace hookreel::media
