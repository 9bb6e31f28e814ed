#include "app/demo/tutorial.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/client/vod/media_task.h"
#include "app/demo/clip.h"
#include "base/cancellation.h"
#include "base/text.h"

namespace hookreel::app::demo {
namespace {

using client::find_text;
using client::Paint;
using client::ProgressBar;
using client::Unit;

constexpr std::uint64_t transcode_template = 10;
constexpr std::string_view transcode_name = "MP4-LD-FLU";
constexpr Duration callback_time_max{20'000};

std::uint64_t size_of(const std::string& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

// Says that a step failed, and hands its error on.
std::unexpected<Error> failed(ProgressBar& bar, Error error) {
    bar.fail(error.detail);
    return fail(std::move(error));
}

std::unexpected<Error> wrong(ProgressBar& bar, std::string detail) {
    return failed(bar, {Code::internal, std::move(detail)});
}

// Moves the bar with the clock until it is full or the task is cancelled. The bar's total is in
// milliseconds.
Task<void> tick(ProgressBar& bar, Duration whole) {
    constexpr Duration interval{100};
    while (bar.elapsed() < whole) {
        co_await sleep_for(interval);
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
        bar.update(std::uint64_t(bar.elapsed().count()));
    }
}

// The part of an event that names its file.
std::string_view file_of(const json::object& event) {
    const std::string_view uploaded = find_text(event, {"FileUploadEvent", "FileId"});
    return uploaded.empty() ? find_text(event, {"ProcedureStateChangeEvent", "FileId"}) : uploaded;
}

}  // namespace

void Tutorial::heading(std::string_view title, std::string_view about) {
    needs_.terminal.line("");
    needs_.terminal.line(needs_.terminal.paint(Paint::bold, title));
    explain(about);
}

void Tutorial::explain(std::string_view text) {
    needs_.terminal.line("");
    needs_.terminal.line(needs_.terminal.paint(Paint::dim, text));
}

void Tutorial::show(const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
        needs_.terminal.line("    " + line);
}

Task<Result<void>> Tutorial::run() {
    const Result<void> pushed = co_await normal_callback();
    if (!pushed) co_return pushed;
    co_return co_await reliable_callback();
}

Task<Result<void>> Tutorial::normal_callback() {
    heading("Part 1 · Normal callback",
            "The server calls your application: an HTTP POST for each event.");
    explain("ModifyEventConfig sets the mode PUSH, the URL, and asks for news of uploads.");
    const Result<void> mode = co_await set_mode("PUSH");
    if (!mode) co_return mode;

    explain(
        "ApplyUpload hands out temporary keys, the bytes go to /cos/, CommitUpload puts the file "
        "into the library.");
    const Result<void> uploaded = co_await upload();
    if (!uploaded) co_return uploaded;
    explain("The receiver hears of it.");
    const Result<json::object> arrived = co_await await_callback("NewFileUpload");
    if (!arrived) co_return fail(arrived.error());

    explain(fmt::format("ProcessMedia asks for template {} ({}) and a cover snapshot.",
                        transcode_template, transcode_name));
    const Result<void> processed = co_await process();
    if (!processed) co_return processed;
    explain("The receiver hears of that too, with the results of both steps.");
    const Result<json::object> done = co_await await_callback("ProcedureStateChanged");
    if (!done) co_return fail(done.error());

    explain("The files are served over HTTP with ranges; ffprobe reads what it gets.");
    const Result<void> original = co_await check_links(*arrived);
    if (!original) co_return original;
    co_return co_await check_links(*done);
}

Task<Result<void>> Tutorial::reliable_callback() {
    heading("Part 2 · Reliable callback",
            "Your application pulls events from a durable queue and confirms them.");
    explain("ModifyEventConfig sets the mode PULL; the URL is not used now.");
    const Result<void> mode = co_await set_mode("PULL");
    if (!mode) co_return mode;
    explain("The same upload and the same work again.");
    const Result<void> uploaded = co_await upload();
    if (!uploaded) co_return uploaded;
    const Result<void> processed = co_await process();
    if (!processed) co_return processed;

    explain("PullEvents hands out what waits, each event with a handle.");
    const Result<std::vector<Pulled>> events = co_await pull_both();
    if (!events) co_return fail(events.error());
    explain("ConfirmEvents with these handles, within 30 s, removes them from the queue.");
    std::vector<std::string> handles;
    for (const Pulled& event : *events)
        handles.push_back(event.handle);
    const Result<void> confirmed = co_await confirm(std::move(handles));
    if (!confirmed) co_return confirmed;
    explain("Nothing is left: PullEvents waits up to 5 s and then answers ResourceNotFound.");
    const Result<void> nothing = co_await pull_nothing();
    if (!nothing) co_return nothing;
    co_return co_await unconfirmed_event();
}

Task<Result<void>> Tutorial::unconfirmed_event() {
    explain("One more upload, whose event is pulled and not confirmed.");
    const Result<void> uploaded = co_await upload();
    if (!uploaded) co_return uploaded;
    const Result<std::vector<Pulled>> events = co_await pull();
    if (!events) co_return fail(events.error());
    if (events->size() != 1) co_return fail(Code::internal, "one event was expected");
    const Pulled event = events->front();
    if (needs_.pace == Pace::fast) {
        explain("Left out (--fast): after 30 s it would come again. It is confirmed in time.");
        co_return co_await confirm({event.handle});
    }
    explain("Unconfirmed for 30 s, as if your application had died over it.");
    const Result<void> waited = co_await wait_for_lease_end();
    if (!waited) co_return waited;
    explain("The late confirm is refused: the event is not this holder's any more.");
    const Result<void> refused = co_await confirm_too_late(event);
    if (!refused) co_return refused;
    explain("The event comes again, the same one, with a new handle. Nothing was lost.");
    co_return co_await pull_again(event);
}

Task<Result<void>> Tutorial::set_mode(std::string mode) {
    ProgressBar bar(needs_.terminal, {"Setting the mode " + mode, Unit::percent, 100});
    json::object wanted = {{"Mode", mode}, {"UploadMediaCompleteEventSwitch", "ON"}};
    if (mode == "PUSH") wanted["NotificationUrl"] = needs_.callback_url;
    const Result<json::object> changed =
        co_await needs_.vod.call("ModifyEventConfig", std::move(wanted));
    if (!changed) co_return failed(bar, changed.error());
    bar.update(50);
    const Result<json::object> settings = co_await needs_.vod.call("DescribeEventConfig");
    if (!settings) co_return failed(bar, settings.error());
    if (find_text(*settings, {"Mode"}) != mode ||
        find_text(*settings, {"NotificationUrl"}) != needs_.callback_url ||
        find_text(*settings, {"UploadMediaCompleteEventSwitch"}) != "ON")
        co_return wrong(bar, "the settings are not what was set: " + json::serialize(*settings));
    bar.succeed(mode == "PUSH" ? needs_.callback_url : "done");
    co_return Result<void>();
}

Task<Result<void>> Tutorial::upload() {
    const std::uint64_t bytes = size_of(needs_.clip);
    ProgressBar bar(needs_.terminal,
                    {"Uploading " + client::stem_of(needs_.clip), Unit::bytes, bytes});
    client::UploadOrder order{
        needs_.clip, {}, {}, [&bar](std::uint64_t sent) { bar.update(sent); }};
    const Result<client::UploadedFile> file =
        co_await client::upload_file(needs_.vod, std::move(order));
    if (!file) co_return failed(bar, file.error());
    if (file->file_id.empty()) co_return wrong(bar, "CommitUpload gave no FileId");
    file_id_ = file->file_id;
    bar.succeed(fmt::format("{} in {}, file {}", human_bytes(bytes),
                            client::human_duration(bar.elapsed()), file_id_));
    co_return Result<void>();
}

Task<Result<void>> Tutorial::process() {
    ProgressBar bar(needs_.terminal, {"Transcoding and taking the cover", Unit::percent, 100});
    client::ProcessOrder order{file_id_, {transcode_template}, 0.0};
    const Result<std::string> task_id =
        co_await client::process_media(needs_.vod, std::move(order));
    if (!task_id) co_return failed(bar, task_id.error());
    task_id_ = *task_id;
    const Result<json::object> task = co_await client::await_task(
        needs_.vod, task_id_,
        [&bar](int percent, const json::object&) { bar.update(std::uint64_t(percent)); });
    if (!task) co_return failed(bar, task.error());
    if (!client::succeeded(*task)) {
        bar.fail("a step failed");
        show(client::task_lines(*task, needs_.terminal));
        co_return fail(Code::internal, "the media task failed");
    }
    bar.succeed(client::human_duration(bar.elapsed()));
    co_return Result<void>();
}

Task<Result<json::object>> Tutorial::await_callback(std::string type) {
    ProgressBar bar(needs_.terminal, {"Callback", Unit::percent, 100});
    Result<json::object> event = co_await needs_.inbox.take(callback_time_max);
    if (!event) co_return failed(bar, event.error());
    if (find_text(*event, {"EventType"}) != type || file_of(*event) != file_id_)
        co_return wrong(bar, fmt::format("{} of file {} was expected, not {}", type, file_id_,
                                         json::serialize(*event)));
    const json::value* procedure = client::find(*event, {"ProcedureStateChangeEvent"});
    if (procedure && procedure->is_object() &&
        (find_text(procedure->get_object(), {"TaskId"}) != task_id_ ||
         !client::succeeded(procedure->get_object()) || client::media_links(*event).size() != 2))
        co_return wrong(bar, "it does not tell of the task's two results");
    bar.succeed(type);
    show(client::event_lines(*event, needs_.terminal));
    co_return event;
}

Task<Result<void>> Tutorial::check_links(const json::object& event) {
    const std::vector<client::MediaLink> links = client::media_links(event);
    if (links.empty()) co_return fail(Code::internal, "the event has no URL");
    for (const client::MediaLink& link : links) {
        ProgressBar bar(needs_.terminal, {"Playing: " + link.what, Unit::percent, 100});
        const Result<std::string> facts = co_await check_link(link.url);
        if (!facts) co_return failed(bar, facts.error());
        bar.succeed(*facts);
        show({link.url});
    }
    co_return Result<void>();
}

// Asks for the first bytes and for everything, as players do. Returns what ffprobe sees.
Task<Result<std::string>> Tutorial::check_link(std::string url) {
    const Result<http::Url> parsed = http::parse_url(url);
    if (!parsed) co_return fail(parsed.error());
    http::ClientRequest request;
    request.url = *parsed;
    request.headers.add("Range", "bytes=0-99");
    const Result<http::ClientResponse> part = co_await needs_.vod.http().send(std::move(request));
    if (!part) co_return fail(part.error());
    if (part->status != 206 || part->body.size() != 100)
        co_return fail(Code::internal, fmt::format("{} answers {} with {} bytes to a range", url,
                                                   part->status, part->body.size()));
    http::ClientRequest whole;
    whole.url = *parsed;
    const Result<http::ClientResponse> all = co_await needs_.vod.http().send(std::move(whole));
    if (!all) co_return fail(all.error());
    if (all->status != 200)
        co_return fail(Code::internal, fmt::format("{} answers {}", url, all->status));
    co_return co_await probe(std::move(url));
}

Task<Result<std::vector<Tutorial::Pulled>>> Tutorial::pull() {
    ProgressBar bar(needs_.terminal, {"Pulling", Unit::percent, 100});
    const Result<json::object> answer = co_await needs_.vod.call("PullEvents");
    if (!answer) co_return failed(bar, answer.error());
    const json::value* set = client::find(*answer, {"EventSet"});
    if (!set || !set->is_array()) co_return wrong(bar, "PullEvents gave no EventSet");
    std::vector<Pulled> pulled;
    std::vector<std::string> lines;
    for (const json::value& each : set->get_array()) {
        if (!each.is_object()) co_return wrong(bar, "PullEvents gave something that is no event");
        const json::object& event = each.get_object();
        pulled.push_back({std::string(find_text(event, {"EventHandle"})),
                          std::string(find_text(event, {"EventType"})),
                          std::string(file_of(event))});
        lines.push_back(fmt::format("handle {}  {}  {}", pulled.back().handle, pulled.back().type,
                                    client::event_subject(event)));
        if (pulled.back().handle.empty() || pulled.back().file_id != file_id_)
            co_return wrong(bar, "it has no handle, or is of another file: " + lines.back());
    }
    bar.succeed(fmt::format("{} {}", pulled.size(), pulled.size() == 1 ? "event" : "events"));
    show(lines);
    co_return pulled;
}

// Both events of the file wait by now; one call usually brings them together.
Task<Result<std::vector<Tutorial::Pulled>>> Tutorial::pull_both() {
    std::vector<Pulled> events;
    while (events.size() < 2) {
        const Result<std::vector<Pulled>> more = co_await pull();
        if (!more) co_return fail(more.error());
        events.insert(events.end(), more->begin(), more->end());
    }
    if (events.size() != 2 || events[0].type != "NewFileUpload" ||
        events[1].type != "ProcedureStateChanged")
        co_return fail(Code::internal, "the upload and the task were expected, in this order");
    if (needs_.inbox.size() != 0)
        co_return fail(Code::internal, "a callback was sent in the mode PULL");
    co_return events;
}

Task<Result<void>> Tutorial::confirm(std::vector<std::string> handles) {
    ProgressBar bar(needs_.terminal, {"Confirming", Unit::percent, 100});
    json::array list;
    for (const std::string& handle : handles)
        list.push_back(json::string(handle));
    json::object parameters = {{"EventHandles", std::move(list)}};
    const Result<json::object> done =
        co_await needs_.vod.call("ConfirmEvents", std::move(parameters));
    if (!done) co_return failed(bar, done.error());
    bar.succeed(fmt::format("{} confirmed", handles.size()));
    co_return Result<void>();
}

Task<Result<void>> Tutorial::pull_nothing() {
    constexpr Duration hold{5000};
    ProgressBar bar(needs_.terminal, {"Pulling again", Unit::percent, hold.count()});
    TaskGroup clockwork(co_await asio::this_coro::executor);
    clockwork.spawn(tick(bar, hold));
    const Result<json::object> answer = co_await needs_.vod.call("PullEvents");
    clockwork.cancel();
    co_await clockwork.join();
    if (answer) co_return wrong(bar, "events came again: " + json::serialize(*answer));
    if (client::api_code(answer.error()) != "ResourceNotFound")
        co_return failed(bar, answer.error());
    bar.succeed(fmt::format("ResourceNotFound after {}", client::human_duration(bar.elapsed())));
    co_return Result<void>();
}

Task<Result<void>> Tutorial::wait_for_lease_end() {
    constexpr Duration lease_and_margin{30'500};
    ProgressBar bar(needs_.terminal, {"Waiting", Unit::percent, lease_and_margin.count()});
    co_await tick(bar, lease_and_margin);
    if (bar.elapsed() < lease_and_margin) co_return failed(bar, {Code::cancelled, "interrupted"});
    bar.succeed("30 s are over");
    co_return Result<void>();
}

Task<Result<void>> Tutorial::confirm_too_late(const Pulled& event) {
    ProgressBar bar(needs_.terminal, {"Confirming too late", Unit::percent, 100});
    json::object parameters = {{"EventHandles", json::array{json::string(event.handle)}}};
    const Result<json::object> done =
        co_await needs_.vod.call("ConfirmEvents", std::move(parameters));
    if (done) co_return wrong(bar, "the late confirm was taken");
    if (client::api_code(done.error()) != "InvalidParameterValue")
        co_return failed(bar, done.error());
    bar.succeed("refused with " + done.error().detail);
    co_return Result<void>();
}

Task<Result<void>> Tutorial::pull_again(const Pulled& event) {
    const Result<std::vector<Pulled>> again = co_await pull();
    if (!again) co_return fail(again.error());
    if (again->size() != 1 || again->front().type != event.type ||
        again->front().file_id != event.file_id || again->front().handle == event.handle)
        co_return fail(Code::internal, "the same event with a new handle was expected");
    co_return co_await confirm({again->front().handle});
}

}  // namespace hookreel::app::demo
