#include "media/procedures/local_procedures.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "media/external/external_tasks.h"
#include "media/tasks/local_tasks.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

// How often a change is tried again because somebody else changed the record meanwhile. Each time
// one of those who try goes in, so as many may come at once.
constexpr int change_tries_max = 100;

// What one application has.
struct OwnProcedures {
    std::vector<model::Procedure> procedures;  // Oldest first.
};
template <class V>
void fields(V& v, Of<OwnProcedures, V> o) {
    v("procedures", o.procedures);
}

store::RecordKey key_of(model::ApplicationId application) {
    return {store::Kind::procedure, fmt::to_string(application.value())};
}

using OwnRecord = store::Versioned<OwnProcedures>;

// Without a record there are none.
Task<Result<OwnRecord>> load_own(store::Store& store, model::ApplicationId application) {
    const store::RecordKey key = key_of(application);
    Result<OwnRecord> own = co_await store::load<OwnProcedures>(store, key);
    if (!own && own.error().code == Code::not_found) co_return OwnRecord{key, {}, 0};
    co_return own;
}

using Change = std::function<Result<void>(std::vector<model::Procedure>&)>;

Task<Result<void>> change_own(store::Store& store, model::ApplicationId application,
                              Change change) {
    for (int tries = 0; tries < change_tries_max; ++tries) {
        Result<OwnRecord> own = co_await load_own(store, application);
        if (!own) co_return fail(std::move(own.error()));
        Result<void> changed = change(own->value.procedures);
        if (!changed) co_return changed;
        store::Commit commit;
        commit.puts.push_back({own->key, to_json_text(own->value), own->version});
        Result<void> done = co_await store.commit(std::move(commit));
        if (done || done.error().code != Code::conflict) co_return done;
    }
    co_return fail(Code::unavailable, "the procedures change all the time");
}

// The task that does its steps.
Result<PreparedTask> steps_of(model::Procedure procedure, ProcedureRequest request, TimePoint now) {
    TaskRequest task;
    task.application = request.application;
    task.file = std::move(request.file);
    task.works = std::move(procedure.works);
    task.priority = request.priority;
    task.session_context = std::move(request.session_context);
    task.trace = parse_trace_text(request.trace);
    return prepared_task(std::move(task), now);
}

// The review that it asks for.
model::ExternalRequest review_of(const model::Procedure& procedure,
                                 const ProcedureRequest& request) {
    return {.application = request.application,
            .kind = std::string(model::review_kind),
            .file = request.file,
            .input = procedure.review,
            .priority = request.priority,
            .session_id = {},
            .session_context = request.session_context};
}

auto find_in(std::vector<model::Procedure>& procedures, const std::string& name) {
    return std::ranges::find(procedures, name, &model::Procedure::name);
}

}  // namespace

Task<Result<void>> LocalProcedures::create(model::ApplicationId application,
                                           model::Procedure procedure) {
    if (find_preset_procedure(procedure.name))
        co_return fail(Code::conflict, "a preset has the name");
    procedure.created = procedure.updated = clock_.now();
    Change add = [&procedure](std::vector<model::Procedure>& all) -> Result<void> {
        if (find_in(all, procedure.name) != all.end())
            return fail(Code::conflict, "the name is taken");
        if (all.size() >= procedures_max)
            return fail(Code::too_large, fmt::format("there are {} procedures", procedures_max));
        all.push_back(procedure);
        return {};
    };
    co_return co_await change_own(store_, application, std::move(add));
}

Task<Result<void>> LocalProcedures::reset(model::ApplicationId application,
                                          model::Procedure procedure) {
    procedure.updated = clock_.now();
    Change replace = [&procedure](std::vector<model::Procedure>& all) -> Result<void> {
        const auto found = find_in(all, procedure.name);
        if (found == all.end()) return fail(Code::not_found, "no such procedure");
        procedure.created = found->created;
        *found = procedure;
        return {};
    };
    co_return co_await change_own(store_, application, std::move(replace));
}

Task<Result<void>> LocalProcedures::remove(model::ApplicationId application, std::string name) {
    Change erase = [&name](std::vector<model::Procedure>& all) -> Result<void> {
        const auto found = find_in(all, name);
        if (found == all.end()) return fail(Code::not_found, "no such procedure");
        all.erase(found);
        return {};
    };
    co_return co_await change_own(store_, application, std::move(erase));
}

Task<Result<model::Procedure>> LocalProcedures::find(model::ApplicationId application,
                                                     std::string name) {
    if (const model::Procedure* preset = find_preset_procedure(name)) co_return *preset;
    Result<OwnRecord> own = co_await load_own(store_, application);
    if (!own) co_return fail(std::move(own.error()));
    const auto found = find_in(own->value.procedures, name);
    if (found == own->value.procedures.end()) co_return fail(Code::not_found, "no such procedure");
    co_return std::move(*found);
}

Task<Result<std::vector<model::Procedure>>> LocalProcedures::own(model::ApplicationId application) {
    Result<OwnRecord> own = co_await load_own(store_, application);
    if (!own) co_return fail(std::move(own.error()));
    co_return std::move(own->value.procedures);
}

Task<Result<PreparedTask>> LocalProcedures::prepare(ProcedureRequest request) {
    Result<model::Procedure> found = co_await find(request.application, request.name);
    if (!found) co_return fail(std::move(found.error()));
    PreparedTask review;
    if (!found->review.empty())
        review = prepared_external_task(review_of(*found, request), clock_.now());
    Result<PreparedTask> prepared = PreparedTask{};
    if (!found->works.empty())
        prepared = steps_of(std::move(*found), std::move(request), clock_.now());
    if (!prepared) co_return prepared;
    prepared->review = std::move(review.id);
    std::ranges::move(review.puts, std::back_inserter(prepared->puts));
    std::ranges::move(review.events, std::back_inserter(prepared->events));
    co_return prepared;
}

}  // namespace hookreel::media
