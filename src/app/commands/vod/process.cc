#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/client/vod/event_text.h"
#include "app/client/vod/media_task.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/vod.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel process 3701925921299637010 --transcode 10 --cover 0 --wait\n"
    "  hookreel process 3701925921299637010 --transcode 100010 --transcode 100020\n"
    "\n"
    "Templates:";

// Every template, a family on lines of its own: those that share their hundreds.
std::string template_lines() {
    constexpr std::size_t columns_max = 78;
    std::string lines, line;
    std::uint64_t family = 0;
    for (const media::TranscodeTemplate& each : media::transcode_templates()) {
        const std::string entry = fmt::format("  {} {}", each.definition, each.name);
        if (each.definition / 100 != family || line.size() + entry.size() > columns_max) {
            lines += line + "\n";
            line.clear();
        }
        family = each.definition / 100;
        line += entry;
    }
    return lines + line;
}

struct ProcessOptions {
    CallerFlags caller;
    client::ProcessOrder order;
    enum class Wait { no, yes } wait = Wait::no;
};

// What a moving bar shows on a terminal: a line for each step that is further than was told.
void tell_changes(client::Terminal& terminal, const json::object& procedure_task,
                  std::vector<client::StepState>& told) {
    const std::vector<client::StepState> now = client::step_states(procedure_task);
    for (const client::StepState& state : now)
        if (std::ranges::find(told, state) == told.end())
            terminal.line(fmt::format("{:<20}{}", state.step, state.status));
    told = now;
}

Task<int> await_end(Caller& caller, const ProcessOptions& options, std::string task_id) {
    client::Terminal& terminal = caller.terminal();
    client::ProgressBar bar(terminal, {"Processing", client::Unit::percent, 100});
    const bool for_people = options.caller.output == Output::people;
    std::vector<client::StepState> told;
    const auto on_progress = [&](int percent, const json::object& procedure_task) {
        if (!for_people) return;
        bar.update(std::uint64_t(percent));
        if (!terminal.interactive()) tell_changes(terminal, procedure_task, told);
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
    for (const std::string& line : client::task_lines(*task, terminal))
        terminal.line(line);
    co_return success ? 0 : 1;
}

Task<int> process_file(Caller& caller, const ProcessOptions& options) {
    Result<std::string> task_id = co_await client::process_media(caller.vod(), options.order);
    if (!task_id) co_return caller.complain("cannot process the file", task_id.error());
    if (options.wait == ProcessOptions::Wait::yes)
        co_return co_await await_end(caller, options, std::move(*task_id));
    if (options.caller.output == Output::json)
        caller.terminal().line(client::compact(json::object{{"TaskId", *task_id}}));
    else
        caller.terminal().line("task  " + *task_id);
    co_return 0;
}

int run_process(const ProcessOptions& options) {
    if (options.order.transcodes.empty() && !options.order.cover_second) {
        say_error("nothing to do: name a template with --transcode or a time with --cover");
        return 2;
    }
    return run_call(&process_file, options);
}

}  // namespace

void add_process(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("process", "Transcode a file, take a cover of it");
    command->footer(examples + template_lines());
    const auto options = std::make_shared<ProcessOptions>();
    command->add_option("FILEID", options->order.file_id, "A file of the library")->required();
    command->add_option("--transcode", options->order.transcodes, "A template; may be repeated")
        ->type_name("NUMBER")
        ->allow_extra_args(false)
        ->take_all();
    command->add_option("--cover", options->order.cover_second, "Take the cover at this time")
        ->type_name("SECONDS");
    command->add_flag_callback(
        "--wait", [options] { options->wait = ProcessOptions::Wait::yes; },
        "Wait for the end and show the results");
    add_vod_flags(*command, options->caller);
    command->callback([options, &action] { action = [options] { return run_process(*options); }; });
}

}  // namespace hookreel::app::commands
