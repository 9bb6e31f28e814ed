#include "media/tasks/service_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/files/end_mark.h"
#include "media/files/library.h"
#include "media/tasks/task_records.h"
#include "model/event.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::Failure;

model::ServiceWork* open_part(model::Step& step) {
    const bool is_open = step.status == model::StepStatus::processing;
    return is_open ? std::get_if<model::ServiceWork>(&step.work) : nullptr;
}

std::size_t findings_bytes(const model::Task& task) {
    std::size_t bytes = 0;
    for (const model::Step& step : task.steps)
        if (const auto* const part = std::get_if<model::ServiceWork>(&step.work))
            bytes += part->output.size();
    return bytes;
}

class PartTurn final : public ServiceTurn {
 public:
    using ServiceTurn::ServiceTurn;

 private:
    struct Next {
        std::size_t index;
        TimePoint due;
    };

    Task<Result<bool>> load() override;
    Work begin(TimePoint now) override;
    Task<Result<Question>> question() override;
    Result<void> keep(std::string output) override;
    Task<Result<void>> wait(Duration delay) override;
    Task<Result<void>> finish(Failure failure, std::string message) override;

    model::Step& step() { return task_.steps[index_]; }
    model::ServiceWork& part() { return std::get<model::ServiceWork>(step().work); }
    std::optional<Next> next();
    Task<Result<void>> load_file();
    Task<Result<void>> commit(store::Commit commit);

    model::Task task_;
    std::uint64_t version_ = 0;
    std::size_t index_ = 0;  // Of the part that is asked for.
    // What the task works on, as far as it is there.
    std::optional<Question::File> file_;
    model::Asset asset_;
};

// The part that is asked for next; nothing when all are over.
std::optional<PartTurn::Next> PartTurn::next() {
    std::optional<Next> found;
    for (std::size_t i = 0; i < task_.steps.size(); ++i) {
        const model::ServiceWork* const open = open_part(task_.steps[i]);
        if (!open) continue;
        TimePoint due = open->ask_at;
        if (task_.steps[i].begun != TimePoint{})
            due = std::min(due, task_.steps[i].begun + tools_.options.time_limit);
        if (!found || due < found->due) found = Next{i, due};
    }
    return found;
}

Task<Result<bool>> PartTurn::load() {
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease_.body);
    if (!ticket) co_return false;
    const store::RecordKey key = task_key(ticket->application, ticket->task);
    Result<store::Versioned<model::Task>> found =
        co_await store::load<model::Task>(tools_.store, key);
    if (!found && found.error().code == Code::not_found) co_return false;
    if (!found) co_return fail(std::move(found.error()));
    task_ = std::move(found->value);
    version_ = found->version;
    const std::optional<Next> open = next();
    if (!open || model::is_over(task_.status)) co_return false;
    index_ = open->index;
    const Result<void> read = co_await load_file();
    if (!read) co_return fail(read.error());
    co_return true;
}

// Leaves `file_` empty when it is gone, be it only the original.
Task<Result<void>> PartTurn::load_file() {
    asset_.id = task_.file;
    asset_.application = task_.application;
    if (task_.foreign) {
        asset_.name = task_.foreign->name;
        file_ =
            Question::File{task_.foreign->id, task_.foreign->name, task_.foreign->url, {}, 0, 0};
        co_return Result<void>();
    }
    const store::RecordKey key = asset_key(task_.application, task_.file);
    Result<store::Versioned<model::Asset>> found =
        co_await store::load<model::Asset>(tools_.store, key);
    if (!found && found.error().code == Code::not_found) co_return Result<void>();
    if (!found) co_return fail(std::move(found.error()));
    asset_ = std::move(found->value);
    if (!asset_.path.empty()) file_ = file_of(tools_, asset_);
    co_return Result<void>();
}

PartTurn::Work PartTurn::begin(TimePoint now) {
    task_.status = model::TaskStatus::processing;
    if (task_.begun == TimePoint{}) task_.begun = now;
    if (step().begun == TimePoint{}) step().begun = now;
    return {task_.id, part().service, step().begun, part().troubles, step().progress};
}

Task<Result<Question>> PartTurn::question() {
    if (!file_) co_return fail(Code::not_found, "the file was deleted");
    co_return Question{.id = fmt::format("{}-{}", task_.id.text(), index_),
                       .kind = part().service,
                       .application = task_.application,
                       .input = part().input,
                       .session_context = task_.session_context,
                       .file = file_};
}

Result<void> PartTurn::keep(std::string output) {
    if (findings_bytes(task_) + output.size() > findings_bytes_max)
        return fail(Code::too_large, fmt::format("those of one task may have {} KiB in all",
                                                 findings_bytes_max / 1024));
    part().output = std::move(output);
    return {};
}

Task<Result<void>> PartTurn::commit(store::Commit commit) {
    commit.puts.push_back({task_key(task_.application, task_.id), to_json_text(task_), version_});
    const std::optional<Next> open = next();
    if (open) {
        const Duration delay = std::max(open->due - tools_.clock.now(), Duration(0));
        commit.give_backs.push_back({lease_.handle, delay});
    } else {
        commit.confirms.push_back(lease_.handle);
    }
    co_return co_await tools_.store.commit(std::move(commit));
}

Task<Result<void>> PartTurn::wait(Duration delay) {
    part().ask_at = tools_.clock.now() + delay;
    store::Commit nothing_told;
    co_return co_await commit(std::move(nothing_told));
}

Task<Result<void>> PartTurn::finish(Failure failure, std::string message) {
    const model::Task before = task_;
    const TimePoint now = tools_.clock.now();
    model::end_step(step(), failure, std::move(message), now);
    model::end_if_over(task_, now);
    store::Commit told;
    if (model::is_over(task_.status))
        told.puts.push_back(end_mark(task_key(task_.application, task_.id), now));
    if (model::must_tell(task_)) {
        const model::Event event =
            model::make_event(task_.application, now, model::ProcedureChanged{task_, asset_},
                              parse_trace_text(task_.trace));
        told.events.push_back(tools_.announcer.announce(event));
    }
    Result<void> done = co_await commit(std::move(told));
    if (done || done.error().code != Code::too_large || failure != Failure::none) co_return done;
    // The file and what was made of it take room in the event too.
    task_ = before;
    part().output.clear();
    co_return co_await finish(Failure::internal_error,
                              "Internal error: what the external service found does not fit into "
                              "the task's event.");
}

}  // namespace

Task<void> ask_for_part(const ExternalTools& tools, store::Lease lease) {
    PartTurn turn(tools, std::move(lease));
    co_await turn.run();
}

}  // namespace hookreel::media
