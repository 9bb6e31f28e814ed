#include "app/commands/vod/media_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/client/screen/json_text.h"
#include "app/client/vod/media_text.h"
#include "app/commands/frame/question.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* where_ids_are = "`hookreel media list` lists the ids.";

void print_table(const std::vector<json::object>& files, client::Terminal& terminal) {
    std::vector<client::Row> rows = {client::media_head()};
    for (const json::object& media : files)
        rows.push_back(client::media_row(media));
    terminal.line(client::table(std::move(rows), terminal.screen()));
}

void print_json(const std::vector<json::object>& files, client::Terminal& terminal) {
    for (const json::object& media : files)
        terminal.line(client::compact(media));
}

void print_file(const json::object& media, client::Terminal& terminal) {
    terminal.line(client::table(client::media_facts(media), terminal.screen()));
    for (const std::string& line : client::output_lines(media))
        terminal.line(line);
}

// Names what was asked for and is not there. Returns the exit code.
int complain_of_missing(const std::vector<std::string>& wanted,
                        const std::vector<json::object>& found) {
    int code = 0;
    for (const std::string& id : wanted) {
        const bool is_there = std::ranges::any_of(found, [&id](const json::object& media) {
            return client::find_text(media, {"FileId"}) == id;
        });
        if (is_there) continue;
        say_error(fmt::format("there is no file {}", id));
        code = 1;
    }
    if (code != 0) say_error(where_ids_are);
    return code;
}

// Shows what is meant and asks. Returns 0 when it is to be done.
Task<int> agree_to_delete(Caller& caller, const MediaOptions& options) {
    if (options.consent == MediaOptions::Consent::given) co_return 0;
    const Result<std::vector<json::object>> found =
        co_await client::describe_media(caller.vod(), options.files);
    if (!found) co_return caller.complain("cannot look at the files", found.error());
    if (const int code = complain_of_missing(options.files, *found); code != 0) co_return code;
    for (const json::object& media : *found)
        fmt::print(stderr, "  {}\n", fmt::join(client::media_row(media), "  "));
    co_return ask_to_delete(fmt::format(
        "Delete {} with everything that was made of it?",
        found->size() == 1 ? "this file" : fmt::format("these {} files", found->size())));
}

}  // namespace

Task<int> list_files(Caller& caller, const MediaOptions& options) {
    client::Terminal& terminal = caller.terminal();
    const Result<std::vector<json::object>> found =
        co_await client::find_media(caller.vod(), options.filter, options.count_max);
    if (!found) co_return caller.complain("cannot list files", found.error());
    if (options.caller.output == Output::json)
        print_json(*found, terminal);
    else if (found->empty())
        terminal.line("There is no such file. Put one in: hookreel upload FILE");
    else
        print_table(*found, terminal);
    co_return 0;
}

Task<int> show_files(Caller& caller, const MediaOptions& options) {
    client::Terminal& terminal = caller.terminal();
    const Result<std::vector<json::object>> found =
        co_await client::describe_media(caller.vod(), options.files);
    if (!found) co_return caller.complain("cannot show the files", found.error());
    if (options.caller.output == Output::json) {
        print_json(*found, terminal);
    } else {
        for (std::size_t i = 0; i < found->size(); ++i) {
            if (i > 0) terminal.line("");
            print_file((*found)[i], terminal);
        }
    }
    co_return complain_of_missing(options.files, *found);
}

Task<int> edit_files(Caller& caller, const MediaOptions& options) {
    Result<std::string> task_id = co_await client::edit_media(caller.vod(), options.cut);
    if (!task_id) {
        const int code = caller.complain("cannot edit the files", task_id.error());
        if (task_id.error().code == Code::not_found) say_error(where_ids_are);
        co_return code;
    }
    co_return co_await show_task(caller, options.caller.output, options.wait, std::move(*task_id));
}

Task<int> delete_files(Caller& caller, const MediaOptions& options) {
    int code = co_await agree_to_delete(caller, options);
    if (code != 0) co_return code;
    for (const std::string& id : options.files) {
        const Result<void> deleted = co_await client::delete_media(caller.vod(), id);
        if (!deleted) {
            code = caller.complain("cannot delete " + id, deleted.error());
            continue;
        }
        caller.terminal().line(options.caller.output == Output::json
                                   ? client::compact(json::object{{"FileId", id}})
                                   : "deleted  " + id);
    }
    co_return code;
}

}  // namespace hookreel::app::commands
