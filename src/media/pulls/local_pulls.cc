#include "media/pulls/local_pulls.h"

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "http/url.h"
#include "media/files/session_claim.h"
#include "media/pulls/pull_records.h"
#include "media/uploads/upload_request.h"
#include "model/queue.h"
#include "model/task_id.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

// The last piece of an address's path, as it is written.
std::string_view last_piece(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t host = url.find("://");
    const std::size_t slash = url.rfind('/');
    if (host == url.npos || slash == url.npos || slash < host + 3) return {};
    return url.substr(slash + 1);
}

std::string name_of(std::string_view url) {
    std::string_view piece = last_piece(url);
    piece = piece.substr(0, piece.rfind('.'));
    Result<std::string> decoded = percent_decode(piece);
    return decoded && is_utf8(*decoded) ? *decoded : std::string();
}

store::NewEvent ticket_of(const model::Pull& pull) {
    auto body = std::make_shared<const std::string>(
        to_json_text(PullTicket{pull.request.application, pull.id}));
    return {
        .id = model::EventId(random_hex(16)),
        .application = pull.request.application,
        .type = "pull.waiting",
        .key = pull.file.text(),
        .time = pull.created,
        .entries = {{.queue = model::pull_queue(pull.request.priority), .body = std::move(body)}}};
}

}  // namespace

void LivePulls::set(const model::TaskId& id, int percent) {
    const std::lock_guard lock(mutex_);
    int& known = percents_[id];
    known = std::max(known, percent);
}

void LivePulls::remove(const model::TaskId& id) {
    const std::lock_guard lock(mutex_);
    percents_.erase(id);
}

std::optional<int> LivePulls::find(const model::TaskId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = percents_.find(id);
    if (found == percents_.end()) return std::nullopt;
    return found->second;
}

std::string extension_of(std::string_view url) {
    const std::string_view piece = last_piece(url);
    const std::size_t dot = piece.rfind('.');
    return dot == piece.npos ? std::string() : to_lower(piece.substr(dot + 1));
}

Result<model::PullRequest> checked_pull(model::PullRequest request) {
    if (const Result<http::Url> url = http::parse_url(request.url); !url)
        return fail(Code::invalid, "url: " + url.error().detail);
    std::string cover_type;
    if (!request.cover_url.empty()) {
        if (const Result<http::Url> url = http::parse_url(request.cover_url); !url)
            return fail(Code::invalid, "cover_url: " + url.error().detail);
        cover_type = extension_of(request.cover_url);
        if (cover_type.empty()) cover_type = "none";
    }
    if (request.type.empty()) request.type = extension_of(request.url);
    if (request.name.empty()) request.name = name_of(request.url);
    UploadRequest as_upload;
    as_upload.type = std::move(request.type);
    as_upload.name = std::move(request.name);
    as_upload.cover_type = std::move(cover_type);
    Result<UploadRequest> checked = checked_request(std::move(as_upload));
    if (!checked) return fail(std::move(checked.error()));
    request.type = std::move(checked->type);
    request.name = std::move(checked->name);
    return request;
}

Task<Result<model::TaskId>> LocalPulls::create(model::PullRequest request) {
    Result<model::PullRequest> checked = checked_pull(std::move(request));
    if (!checked) co_return fail(std::move(checked.error()));
    PullState state;
    model::Pull& pull = state.pull;
    pull.request = std::move(*checked);
    pull.created = clock_.now();
    pull.id =
        model::make_task_id("Pull", pull.created, random_hex(model::task_id_random_digits / 2));
    pull.file = model::FileId(random_decimal(19));
    const SessionScope scope{pull.request.application, "pull", pull_session_window};
    const SessionUse use{pull.id, pull.created};
    Result<std::optional<store::Put>> session =
        co_await claim_session(store_, scope, pull.request.session_id, use);
    if (!session) co_return fail(std::move(session.error()));
    store::Commit commit;
    commit.puts.push_back({pull_key(pull.request.application, pull.id), to_json_text(state), 0});
    if (*session) commit.puts.push_back(std::move(**session));
    commit.events.push_back(ticket_of(pull));
    const model::TaskId id = pull.id;
    Result<void> done = co_await store_.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    co_return id;
}

Task<Result<model::Pull>> LocalPulls::find(model::ApplicationId application, model::TaskId id) {
    const store::RecordKey key = pull_key(application, id);
    Result<store::Versioned<PullState>> state = co_await store::load<PullState>(store_, key);
    if (!state) co_return fail(std::move(state.error()));
    model::Pull pull = std::move(state->value.pull);
    if (const std::optional<int> percent = live_.find(id); percent && !model::is_over(pull.status))
        pull.progress = *percent;
    co_return pull;
}

store::RecordKey pull_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::pull, fmt::format("{}/{}", application.value(), id.text())};
}

}  // namespace hookreel::media
