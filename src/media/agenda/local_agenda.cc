#include "media/agenda/local_agenda.h"

#include <fmt/format.h>

#include "base/cancellation.h"
#include "media/agenda/shortlist.h"
#include "media/editing/local_edits.h"
#include "media/external/external_tasks.h"
#include "media/files/end_mark.h"
#include "media/files/session_claim.h"
#include "media/pulls/pull_records.h"
#include "media/tasks/task_records.h"
#include "model/task_id.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr int list_step = 200;  // Records that are read at once.
constexpr int newest_step = static_cast<int>(agenda_page_max) + 1;
constexpr Duration forget_every = std::chrono::hours(1);
constexpr Duration first_span = std::chrono::minutes(1);

// Those that a list tells of.
struct Days {
    TimePoint since{};
    TimePoint now{};
};

// What all kinds have, whatever a record has around it.
template <class Work>
AgendaEntry head_of(const Work& work, AgendaKind kind) {
    AgendaEntry entry;
    entry.id = work.id;
    entry.kind = kind;
    entry.status = work.status;
    entry.created = work.created;
    entry.begun = work.begun;
    entry.finished = work.finished;
    return entry;
}

template <class Work>
AgendaEntry head_of_request(const Work& work, AgendaKind kind) {
    AgendaEntry entry = head_of(work, kind);
    entry.session_id = work.request.session_id;
    entry.session_context = work.request.session_context;
    return entry;
}

template <class Work>
model::FileId made_by(const Work& work) {
    const bool is_there =
        work.status == model::TaskStatus::finish && work.failure == model::Failure::none;
    return is_there ? work.file : model::FileId();
}

// The work itself of what a record holds.
template <class State>
auto& work_of(State& state) {
    if constexpr (requires { state.pull; })
        return state.pull;
    else if constexpr (requires { state.task; })
        return state.task;
    else
        return state;
}

AgendaEntry entry_of(const model::Task& task) {
    AgendaEntry entry = head_of(task, AgendaKind::steps);
    entry.file = task.file;
    entry.session_id = task.session_id;
    entry.session_context = task.session_context;
    return entry;
}
AgendaEntry entry_of(const model::Edit& edit) {
    const bool is_cut = std::holds_alternative<model::Cut>(edit.request.work);
    AgendaEntry entry = head_of_request(edit, is_cut ? AgendaKind::cut : AgendaKind::composition);
    entry.file = made_by(edit);
    return entry;
}
AgendaEntry entry_of(const model::Pull& pull) {
    AgendaEntry entry = head_of_request(pull, AgendaKind::pull);
    entry.file = made_by(pull);
    return entry;
}
AgendaEntry entry_of(const model::ExternalTask& task) {
    AgendaEntry entry = head_of_request(task, AgendaKind::external);
    entry.external_kind = task.request.kind;
    entry.file = task.request.file;
    return entry;
}

// Steps that are being done are stored as waiting until the first of them ends.
AgendaEntry as_it_runs(AgendaEntry entry, const LiveTasks& live) {
    if (entry.kind != AgendaKind::steps || model::is_over(entry.status)) return entry;
    const std::optional<model::Task> task = live.find(entry.id);
    if (!task) return entry;
    entry.status = task->status;
    entry.begun = task->begun;
    return entry;
}

// All work, or what did not end.
enum class Which { all, open };

// The records of one kind, in the words in which their shelf keeps them.
template <class State>
struct Shelf {
    store::Store& store;
    store::Kind kind;

    // Shows what these options list, a page of it at a time, until `wants` says that it is enough.
    template <class Wants>
    Task<Result<void>> show(store::ListOptions options, Wants wants) {
        for (;;) {
            const Result<std::vector<store::Record>> page = co_await store.list(kind, options);
            if (!page) co_return fail(page.error());
            for (const store::Record& record : *page) {
                Result<State> state = from_json_text<State>(record.value);
                if (!state) continue;  // It is told where it is worked on.
                const bool goes_on = wants(entry_of(work_of(*state)));
                if (!goes_on) co_return Result<void>{};
            }
            if (std::ssize(*page) < options.count_max) co_return Result<void>{};
            options.after = page->back().key.id;
        }
    }

    Task<Result<void>> offer_to(Shortlist& list, std::string prefix, TimePoint since,
                                const LiveTasks& live, Which which = Which::all) {
        store::ListOptions options{std::move(prefix), {}, list_step};
        const auto wants = [&list, &live, since, which](AgendaEntry entry) {
            const bool fits = which == Which::all || entry.finished == TimePoint{};
            if (fits && entry.created >= since) list.offer(as_it_runs(std::move(entry), live));
            return true;
        };
        co_return co_await show(std::move(options), wants);
    }

    // By its record's id; none when it was forgotten or cannot be read.
    Task<Result<std::optional<AgendaEntry>>> entry(std::string id) {
        const Result<store::Record> record = co_await store.get({kind, std::move(id)});
        if (!record && record.error().code == Code::not_found) co_return std::nullopt;
        if (!record) co_return fail(record.error());
        Result<State> state = from_json_text<State>(record->value);
        if (!state) co_return std::nullopt;
        co_return entry_of(work_of(*state));
    }

    // By the ids of each word, which are the newest first; as many as the list takes are read.
    Task<Result<void>> offer_in_order_to(Shortlist& list, std::string prefix, Days days,
                                         const LiveTasks& live) {
        store::ListOptions first{prefix, {}, 1};
        for (;;) {
            const Result<std::vector<store::Record>> found = co_await store.list(kind, first);
            if (!found) co_return fail(found.error());
            if (found->empty()) co_return Result<void>{};
            const std::string& id = found->front().key.id;
            std::string word(model::word_of(id));
            if (word.empty()) {  // No id that was made here.
                first.after = id;
                continue;
            }
            Result<void> read;
            if (list.reading() == Shortlist::Reading::oldest_first)
                read = co_await offer_oldest_to(list, word, days, live);
            else
                read = co_await offer_newest_to(list, word, days.since, live);
            if (!read) co_return read;
            // Behind all ids of the word: '.' comes after the '-' at its end.
            word.back() = '.';
            first.after = std::move(word);
        }
    }

    // In spans of time that grow, because their ids come last: what is read and not shown is about
    // as much as what is.
    Task<Result<void>> offer_oldest_to(Shortlist& list, std::string word, Days days,
                                       const LiveTasks& live) {
        TimePoint from = std::max(days.since, list.begins_at());
        Duration span = first_span;
        while (from <= days.now && !list.is_closed_to(from)) {
            const TimePoint to = from + span <= days.now ? from + span : never;
            const Result<void> read = co_await offer_span_to(list, word, {from, to}, live);
            if (!read) co_return read;
            from = to;
            span *= 2;
        }
        co_return Result<void>{};
    }

    // What was made from the one time until before the other.
    struct Span {
        TimePoint from;
        TimePoint to;
    };
    Task<Result<void>> offer_span_to(Shortlist& list, std::string word, Span span,
                                     const LiveTasks& live) {
        std::string after = word + model::time_digits(span.to - Duration(1));
        store::ListOptions options{std::move(word), std::move(after), list_step};
        const auto wants = [&list, &live, span](AgendaEntry entry) {
            if (entry.created < span.from) return false;
            list.offer(as_it_runs(std::move(entry), live));
            return true;
        };
        co_return co_await show(std::move(options), wants);
    }

    Task<Result<void>> offer_newest_to(Shortlist& list, std::string word, TimePoint since,
                                       const LiveTasks& live) {
        std::string after = word + model::time_digits(list.begins_at());
        store::ListOptions options{std::move(word), std::move(after), newest_step};
        const auto wants = [&list, &live, since](AgendaEntry entry) {
            if (entry.created < since || list.is_closed_to(entry.created)) return false;
            list.offer(as_it_runs(std::move(entry), live));
            return true;
        };
        co_return co_await show(std::move(options), wants);
    }

    Task<Result<void>> abort(std::string id, TimePoint now) {
        store::RecordKey key{kind, std::move(id)};
        Result<store::Versioned<State>> kept = co_await store::load<State>(store, std::move(key));
        if (!kept) co_return fail(std::move(kept.error()));
        auto& work = work_of(kept->value);
        if (work.status != model::TaskStatus::waiting)
            co_return fail(Code::conflict, std::string(name(work.status)));
        work.status = model::TaskStatus::aborted;
        work.finished = now;
        if constexpr (requires { work.steps; })
            for (model::Step& step : work.steps) {
                step.status = model::StepStatus::fail;
                step.failure = model::Failure::internal_error;
                step.message = "The task was aborted before it began.";
                step.finished = now;
            }
        store::Commit commit;
        commit.puts.push_back(end_mark(kept->key, now));
        commit.puts.push_back({.key = std::move(kept->key),
                               .value = to_json_text(kept->value),
                               .expected_version = kept->version});
        Result<void> done = co_await store.commit(std::move(commit));
        if (!done && done.error().code == Code::conflict) co_return fail(Code::conflict, "");
        co_return done;
    }

    // Marks what ended in an earlier build, which did not.
    Task<Result<void>> mark_ends() {
        store::ListOptions options{{}, {}, list_step};
        for (;;) {
            const Result<std::vector<store::Record>> page = co_await store.list(kind, options);
            if (!page) co_return fail(page.error());
            store::Commit commit;
            for (const store::Record& record : *page) {
                const Result<State> state = from_json_text<State>(record.value);
                if (!state) continue;
                const AgendaEntry entry = entry_of(work_of(*state));
                if (model::is_over(entry.status))
                    commit.puts.push_back(end_mark(record.key, entry.finished));
            }
            Result<void> done = co_await store.commit(std::move(commit));
            if (!done || std::ssize(*page) < options.count_max) co_return done;
            options.after = page->back().key.id;
        }
    }

    // Whether the ids of all that stays tell when it was made.
    Task<Result<bool>> forget(TimePoint now) {
        bool all_tell = true;
        const auto is_old = [now, &all_tell](const State& state) {
            const auto& work = work_of(state);
            const bool goes =
                model::is_over(work.status) && now - work.finished > model::task_memory;
            all_tell = all_tell && (goes || model::tells_time(work.id, work.created));
            return goes;
        };
        const Result<void> done = co_await store::forget<State>(store, kind, is_old);
        if (!done) co_return fail(done.error());
        co_return all_tell;
    }
};

struct Shelves {
    Shelf<model::Task> tasks;
    Shelf<model::Edit> edits;
    Shelf<PullState> pulls;
    Shelf<ExternalState> external;

    explicit Shelves(store::Store& store)
        : tasks{store, store::Kind::task},
          edits{store, store::Kind::edit},
          pulls{store, store::Kind::pull},
          external{store, store::Kind::external} {}

    // In turn, until one fails.
    template <class Do>
    Task<Result<void>> each(Do work) {
        Result<void> done = co_await work(tasks);
        if (done) done = co_await work(edits);
        if (done) done = co_await work(pulls);
        if (done) done = co_await work(external);
        co_return done;
    }
    Task<Result<std::optional<AgendaEntry>>> entry(store::RecordKey key) {
        switch (key.kind) {
            case store::Kind::task:
                co_return co_await tasks.entry(std::move(key.id));
            case store::Kind::edit:
                co_return co_await edits.entry(std::move(key.id));
            case store::Kind::pull:
                co_return co_await pulls.entry(std::move(key.id));
            case store::Kind::external:
                co_return co_await external.entry(std::move(key.id));
            default:
                co_return std::nullopt;
        }
    }
};

// Those that ended last, as many as the list takes.
Task<Result<void>> offer_ended_to(Shortlist& list, Shelves& shelves, store::Store& store,
                                  model::ApplicationId application, TimePoint since) {
    store::ListOptions options{place_before_ends(application, never),
                               place_before_ends(application, list.begins_at()), newest_step};
    for (;;) {
        const Result<std::vector<store::Record>> page =
            co_await store.list(store::Kind::end_mark, options);
        if (!page) co_return fail(page.error());
        for (const store::Record& record : *page) {
            const Result<EndMark> mark = from_json_text<EndMark>(record.value);
            if (!mark) continue;
            if (mark->ended < since || list.is_closed_to(mark->ended)) co_return Result<void>{};
            Result<std::optional<AgendaEntry>> entry = co_await shelves.entry(mark->work());
            if (!entry) co_return fail(std::move(entry.error()));
            if (*entry && (*entry)->created >= since) list.offer(std::move(**entry));
        }
        if (std::ssize(*page) < options.count_max) co_return Result<void>{};
        options.after = page->back().key.id;
    }
}

// Once in the life of a data folder.
Task<Result<void>> mark_old_ends(store::Store& store, Shelves& shelves) {
    const store::RecordKey all_marked{store::Kind::server, "ends-are-marked"};
    const Result<store::Record> marked = co_await store.get(all_marked);
    if (marked) co_return Result<void>{};
    if (marked.error().code != Code::not_found) co_return fail(marked.error());
    const auto mark = [](auto& shelf) { return shelf.mark_ends(); };
    Result<void> done = co_await shelves.each(mark);
    if (!done) co_return done;
    store::Commit commit;
    commit.puts.push_back({all_marked, "{}", std::nullopt});
    co_return co_await store.commit(std::move(commit));
}

}  // namespace

Task<Result<AgendaPage>> LocalAgenda::list(AgendaQuery query) {
    const std::string prefix = fmt::format("{}/", query.application.value());
    const TimePoint now = clock_.now();
    const Days days{now - model::task_memory, now};
    const model::ApplicationId application = query.application;
    Result<Shortlist> found = Shortlist::open(std::move(query));
    if (!found) co_return fail(std::move(found.error()));
    Shortlist& page = *found;
    Shelves shelves(store_);
    Result<void> read;
    const auto offer_all = [&](auto& shelf) {
        return shelf.offer_to(page, prefix, days.since, live_);
    };
    const auto offer_open = [&](auto& shelf) {
        return shelf.offer_to(page, prefix, days.since, live_, Which::open);
    };
    const auto offer_in_order = [&](auto& shelf) {
        return shelf.offer_in_order_to(page, prefix, days, live_);
    };
    if (!is_ordered_ || page.reading() == Shortlist::Reading::all) {
        read = co_await shelves.each(offer_all);
    } else if (page.reading() == Shortlist::Reading::last_ended_first) {
        if (page.wants_ended())
            read = co_await offer_ended_to(page, shelves, store_, application, days.since);
        if (read && page.wants_open()) read = co_await shelves.each(offer_open);
    } else {
        read = co_await shelves.each(offer_in_order);
    }
    if (!read) co_return fail(std::move(read.error()));
    co_return std::move(page).page();
}

// A worker that takes the task at the same moment finds its record changed when it wants to write,
// and drops what it did.
Task<Result<void>> LocalAgenda::abort(model::ApplicationId application, model::TaskId id) {
    if (const std::optional<model::Task> running = live_.find(id);
        running && running->application == application)
        co_return fail(Code::conflict, std::string(name(running->status)));
    const std::string key = fmt::format("{}/{}", application.value(), id.text());
    const TimePoint now = clock_.now();
    Shelves all(store_);
    const auto is_elsewhere = [](const Result<void>& done) {
        return !done && done.error().code == Code::not_found;
    };
    Result<void> done = co_await all.tasks.abort(key, now);
    if (is_elsewhere(done)) done = co_await all.edits.abort(key, now);
    if (is_elsewhere(done)) done = co_await all.pulls.abort(key, now);
    if (is_elsewhere(done)) done = co_await all.external.abort(key, now);
    co_return done;
}

Task<Result<void>> LocalAgenda::forget_old() {
    const TimePoint now = clock_.now();
    Shelves shelves(store_);
    bool all_tell = true;
    const auto forget = [&](auto& shelf) -> Task<Result<void>> {
        const Result<bool> tells = co_await shelf.forget(now);
        if (!tells) co_return fail(tells.error());
        all_tell = all_tell && *tells;
        co_return Result<void>{};
    };
    Result<void> done = co_await shelves.each(forget);
    if (done) done = co_await mark_old_ends(store_, shelves);
    if (!done) co_return done;
    is_ordered_ = all_tell;
    const auto is_gone = [now](const EndMark& mark) {
        return now - mark.ended > model::task_memory;
    };
    done = co_await store::forget<EndMark>(store_, store::Kind::end_mark, is_gone);
    if (!done) co_return done;
    const auto is_free = [now](const SessionUse& use) { return now - use.used > session_memory; };
    co_return co_await store::forget<SessionUse>(store_, store::Kind::session, is_free);
}

Task<void> LocalAgenda::tend() {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const Result<void> done = co_await forget_old();
        if (!done) log_.warning("old tasks stay for now", {{"reason", done.error().detail}});
        // A signal that came during the work ends no wait that begins after it.
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_after(forget_every);
        const auto [error] = co_await timer.async_wait(use_result);
        if (error) co_return;
    }
}

}  // namespace hookreel::media
