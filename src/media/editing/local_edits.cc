#include "media/editing/local_edits.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "media/files/library.h"
#include "media/files/session_claim.h"
#include "media/tasks/task_records.h"
#include "model/queue.h"
#include "model/task_id.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

struct CountItems {
    std::size_t operator()(const model::Cut& cut) const { return cut.pieces.size(); }
    std::size_t operator()(const model::Composition& work) const {
        std::size_t count = 0;
        for (const model::Track& track : work.tracks)
            count += track.items.size();
        return count;
    }
};

Result<void> check(const model::EditRequest& request) {
    const std::size_t items = std::visit(CountItems{}, request.work);
    if (items == 0) return fail(Code::invalid, "there is nothing to do");
    if (items > edit_items_max)
        return fail(Code::invalid,
                    fmt::format("{} items; at most {} are taken", items, edit_items_max));
    const auto* const work = std::get_if<model::Composition>(&request.work);
    if (!work) return {};
    for (const model::Track& track : work->tracks) {
        const auto alike = std::ranges::count(work->tracks, track.type, &model::Track::type);
        if (static_cast<std::size_t>(alike) > tracks_of_a_type_max)
            return fail(Code::invalid,
                        fmt::format("more than {} tracks of one type", tracks_of_a_type_max));
    }
    return {};
}

model::Edit make_edit(model::EditRequest request, TimePoint now) {
    model::Edit edit;
    const bool is_cut = std::holds_alternative<model::Cut>(request.work);
    edit.id = model::make_task_id(is_cut ? "EditMedia" : "ComposeMedia", now,
                                  random_hex(model::task_id_random_digits / 2));
    edit.request = std::move(request);
    edit.file = model::FileId(random_decimal(19));
    edit.created = now;
    return edit;
}

store::NewEvent ticket_of(const model::Edit& edit) {
    const TaskTicket ticket{
        .application = edit.request.application, .task = edit.id, .kind = TicketKind::edit};
    auto body = std::make_shared<const std::string>(to_json_text(ticket));
    return {.id = model::EventId(random_hex(16)),
            .application = edit.request.application,
            .type = "task.waiting",
            .key = edit.file.text(),
            .time = edit.created,
            .entries = {{.queue = model::task_queue(edit.request.priority, model::JobLength::slow),
                         .body = std::move(body)}}};
}

}  // namespace

void LiveEdits::set(const model::TaskId& id, int percent) {
    const std::scoped_lock lock(mutex_);
    int& known = percents_[id];
    known = std::max(known, std::clamp(percent, 0, 100));
}

void LiveEdits::remove(const model::TaskId& id) {
    const std::scoped_lock lock(mutex_);
    percents_.erase(id);
}

std::optional<int> LiveEdits::find(const model::TaskId& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = percents_.find(id);
    if (found == percents_.end()) return std::nullopt;
    return found->second;
}

store::RecordKey edit_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::edit, fmt::format("{}/{}", application.value(), id.text())};
}

Task<Result<void>> LocalEdits::check_sources(const model::EditRequest& request) {
    for (const model::FileId& file : model::sources_of(request.work)) {
        store::RecordKey key = asset_key(request.application, file);
        const Result<store::Record> asset = co_await store_.get(std::move(key));
        if (!asset && asset.error().code == Code::not_found)
            co_return fail(Code::not_found, file.text());
        if (!asset) co_return fail(asset.error());
    }
    co_return Result<void>{};
}

Task<Result<model::TaskId>> LocalEdits::create(model::EditRequest request) {
    if (Result<void> checked = check(request); !checked) co_return fail(checked.error());
    const Result<void> found = co_await check_sources(request);
    if (!found) co_return fail(found.error());
    const model::Edit edit = make_edit(std::move(request), clock_.now());
    const SessionScope scope{edit.request.application, "edit", edit_session_window};
    const SessionUse use{edit.id, edit.created};
    Result<std::optional<store::Put>> session =
        co_await claim_session(store_, scope, edit.request.session_id, use);
    if (!session) co_return fail(std::move(session.error()));
    store::Commit commit;
    commit.puts.push_back({.key = edit_key(edit.request.application, edit.id),
                           .value = to_json_text(edit),
                           .expected_version = 0});
    if (*session) commit.puts.push_back(std::move(**session));
    commit.events.push_back(ticket_of(edit));
    const Result<void> committed = co_await store_.commit(std::move(commit));
    if (!committed) co_return fail(committed.error());
    co_return edit.id;
}

Task<Result<model::Edit>> LocalEdits::find(model::ApplicationId application, model::TaskId id) {
    store::RecordKey key = edit_key(application, id);
    Result<store::Versioned<model::Edit>> kept =
        co_await store::load<model::Edit>(store_, std::move(key));
    if (!kept) co_return fail(std::move(kept.error()));
    model::Edit edit = std::move(kept->value);
    if (edit.status == model::TaskStatus::processing)
        if (const std::optional<int> percent = live_.find(id)) edit.progress = *percent;
    co_return edit;
}

}  // namespace hookreel::media
