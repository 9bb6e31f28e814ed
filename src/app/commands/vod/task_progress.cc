#include "app/commands/vod/task_progress.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/client/vod/event_text.h"
#include "app/client/vod/media_task.h"

namespace hookreel::app::commands {
namespace {

// What a moving bar shows on a terminal: a line for each step that is further than was told.
void tell_changes(client::Terminal& terminal, const json::object& task,
                  std::vector<client::StepState>& told) {
    const std::vector<client::StepState> now = client::step_states(task);
    for (const client::StepState& state : now)
        if (std::ranges::find(told, state) == told.end())
            terminal.line(fmt::format("{:<20}{}", state.step, state.status));
    told = now;
}

std::vector<std::string> result_lines(const json::object& task, const client::Terminal& terminal) {
    const bool has_steps = client::find(task, {"MediaProcessResultSet"}) != nullptr;
    return has_steps ? client::task_lines(task, terminal) : client::edit_lines(task, terminal);
}

Task<int> await_end(Caller& caller, Output output, std::string task_id) {
    client::Terminal& terminal = caller.terminal();
    client::ProgressBar bar(terminal, {"Processing", client::Unit::percent, 100});
    const bool for_people = output == Output::people;
    std::vector<client::StepState> told;
    const auto on_progress = [&](int percent, const json::object& task) {
        if (!for_people) return;
        bar.update(std::uint64_t(percent));
        if (!terminal.interactive()) tell_changes(terminal, task, told);
    };
    const Result<json::object> task =
        co_await client::await_task(caller.vod(), std::move(task_id), on_progress);
    terminal.erase();
    if (!task) co_return caller.complain("cannot follow the task", task.error());
    const bool success = client::succeeded(*task);
    if (!for_people) {
        terminal.line(client::compact(*task));
        co_return success ? 0 : 1;
    }
    const std::string took = client::human_duration(bar.elapsed());
    success ? bar.succeed(took) : bar.fail(took);
    for (const std::string& line : result_lines(*task, terminal))
        terminal.line(line);
    co_return success ? 0 : 1;
}

}  // namespace

void add_task_flags(CLI::App& command, std::int64_t& priority, Wait& wait) {
    command.add_option("--priority", priority, "-10 to 10: larger goes first of what waits")
        ->type_name("N")
        ->check(CLI::Range(-10, 10));
    command.add_flag_callback(
        "--wait", [&wait] { wait = Wait::yes; }, "Wait for the end and show the results");
}

Task<int> show_task(Caller& caller, Output output, Wait wait, std::string task_id) {
    if (wait == Wait::yes) co_return co_await await_end(caller, output, std::move(task_id));
    if (output == Output::json)
        caller.terminal().line(client::compact(json::object{{"TaskId", task_id}}));
    else
        caller.terminal().line("task  " + task_id);
    co_return 0;
}

}  // namespace hookreel::app::commands
