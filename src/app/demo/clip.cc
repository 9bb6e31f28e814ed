#include "app/demo/clip.h"

#include <fmt/format.h>

#include <memory>

#include "app/client/vod/event_text.h"
#include "base/json.h"
#include "base/text.h"
#include "process/child.h"

namespace hookreel::app::demo {
namespace {

constexpr int clip_seconds = 8;

process::Spawn spawn(std::vector<std::string> argv) {
    process::Spawn spawn;
    spawn.argv = std::move(argv);
    spawn.limits.time_max = std::chrono::minutes(2);
    spawn.limits.nice = 0;
    return spawn;
}

Error without(std::string_view program) {
    return {Code::not_found,
            fmt::format("{} is not there: `apt-get install ffmpeg`, or `./dev demo`", program)};
}

// "out_time_us=4000000" of -progress, as a share of the clip.
void tell_progress(std::string_view line, const std::function<void(int)>& on_progress) {
    constexpr std::string_view key = "out_time_us=";
    if (!line.starts_with(key)) return;
    const Result<std::int64_t> microseconds = parse_signed(line.substr(key.size()));
    if (microseconds) on_progress(int(*microseconds / (10'000 * clip_seconds)));
}

std::string describe(const json::object& found) {
    std::vector<std::string> facts;
    const json::value* streams = client::find(found, {"streams"});
    if (streams && streams->is_array())
        for (const json::value& each : streams->get_array()) {
            if (!each.is_object()) continue;
            const json::object& stream = each.get_object();
            std::string fact(client::find_text(stream, {"codec_name"}));
            const json::value* width = client::find(stream, {"width"});
            const json::value* height = client::find(stream, {"height"});
            if (width && height)
                fact += fmt::format(" {}x{}", json::serialize(*width), json::serialize(*height));
            facts.push_back(std::move(fact));
        }
    const std::string duration(client::find_text(found, {"format", "duration"}));
    if (const Result<double> seconds = parse_real(duration); seconds && *seconds >= 0.1)
        facts.push_back(fmt::format("{:.1f} s", *seconds));
    return fmt::format("{}", fmt::join(facts, ", "));
}

}  // namespace

Task<Result<void>> make_clip(std::string path, std::function<void(int)> on_progress) {
    const Result<std::string> program = process::find_program("ffmpeg");
    if (!program) co_return fail(without("ffmpeg"));
    const std::string picture =
        fmt::format("testsrc2=size=640x360:rate=25:duration={}", clip_seconds);
    const std::string tone = fmt::format("sine=frequency=440:duration={}", clip_seconds);
    process::Spawn wanted = spawn(
        {*program, "-hide_banner", "-nostdin", "-loglevel", "error", "-progress", "pipe:1", "-f",
         "lavfi",  "-i",           picture,    "-f",        "lavfi", "-i",        tone,     "-c:v",
         "wmv2",   "-b:v",         "1M",       "-c:a",      "wmav2", "-y",        path});
    const Result<process::Exit> exit = co_await process::run_child(
        std::move(wanted),
        [on_progress](std::string_view line) { tell_progress(line, on_progress); });
    if (!exit) co_return fail(exit.error());
    if (exit->status != 0) co_return fail(Code::internal, "ffmpeg failed: " + exit->errors);
    co_return Result<void>();
}

Task<Result<std::string>> probe(std::string source) {
    const Result<std::string> program = process::find_program("ffprobe");
    if (!program) co_return fail(without("ffprobe"));
    process::Spawn wanted = spawn({*program, "-v", "error", "-of", "json", "-show_entries",
                                   "format=duration:stream=codec_name,width,height", source});
    const Result<process::Exit> exit = co_await process::run_child(std::move(wanted));
    if (!exit) co_return fail(exit.error());
    const Result<json::value> found = parse_json(exit->output);
    if (exit->status != 0 || !found || !found->is_object())
        co_return fail(Code::invalid,
                       fmt::format("ffprobe cannot read {}: {}", source, trim(exit->errors)));
    const std::string facts = describe(found->get_object());
    if (facts.empty()) co_return fail(Code::invalid, source + " has no streams");
    co_return facts;
}

}  // namespace hookreel::app::demo
