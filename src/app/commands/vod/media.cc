#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/frame/caller.h"
#include "app/commands/frame/moment.h"
#include "app/commands/vod/media_calls.h"
#include "app/commands/vod/vod.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel media list --since 1d\n"
    "  hookreel media show FILEID\n"
    "  hookreel media process FILEID --transcode 10 --cover 0 --wait\n"
    "  hookreel media edit FILEID@10-25.5 FILEID@0-5 --name trailer --wait\n"
    "  hookreel media delete FILEID\n"
    "\n"
    "More on each:  hookreel media edit --help. To put one in:  hookreel upload FILE";

constexpr const char* list_examples =
    "Examples:\n"
    "  hookreel media list                                  (the last 20, newest first)\n"
    "  hookreel media list --name holiday --category Video --limit 100\n"
    "  hookreel media list --since 7d --until 1d --tag draft\n"
    "  hookreel media list --tag old --json | jq -r .FileId | xargs hookreel media delete --yes";

constexpr const char* show_examples =
    "Examples:\n"
    "  hookreel media show 3701925921299637010\n"
    "  hookreel media show 3701925921299637010 --json | jq -r .BasicInfo.MediaUrl";

constexpr const char* edit_examples =
    "Examples:\n"
    "  hookreel media edit 3701925921299637010@1:30-2:00.5 --name highlight --wait\n"
    "  hookreel media edit 3701925921299637010@-10 3701925921299637011 --name joined\n"
    "  hookreel media edit 3701925921299637010@60- --type hls --wait --json\n"
    "\n"
    "The pieces are joined in this order, exact to the frame. FROM left out is the beginning, TO\n"
    "left out the end; the files themselves stay as they are.";

constexpr const char* delete_examples =
    "Examples:\n"
    "  hookreel media delete 3701925921299637010\n"
    "  hookreel media delete 3701925921299637010 3701925921299637011 --yes\n"
    "\n"
    "On a terminal it shows what is meant and asks; elsewhere it takes --yes.";

using Options = std::shared_ptr<MediaOptions>;

CLI::App& add_verb(CLI::App& media, const char* name, const char* about, const char* footer) {
    CLI::App* command = media.add_subcommand(name, about);
    command->footer(footer);
    return *command;
}

// The flags about the server come last, when the command has its own.
void set_action(CLI::App& command, const Options& options, Action& action,
                Task<int> (*call)(Caller&, const MediaOptions&)) {
    add_vod_flags(command, options->caller);
    command.callback([options, &action, call] {
        action = [options, call] { return run_call(call, *options); };
    });
}

int run_list(MediaOptions options) {
    const TimePoint now = SystemClock().now();
    for (std::string* moment : {&options.filter.since, &options.filter.until}) {
        Result<std::string> read = api_moment(*moment, now);
        if (!read) return say_error(read.error().detail), 2;
        *moment = std::move(*read);
    }
    return run_call(&list_files, options);
}

void add_list(CLI::App& media, Action& action) {
    CLI::App& command = add_verb(media, "list", "The files of the library", list_examples);
    const auto options = std::make_shared<MediaOptions>();
    client::MediaFilter& filter = options->filter;
    command.add_option("--name", filter.name, "A part of the name, or words of it")
        ->type_name("TEXT");
    command.add_option("--prefix", filter.prefix, "The beginning of the name")->type_name("TEXT");
    command.add_option("--tag", filter.tag, "One of its tags")->type_name("TAG");
    command.add_option("--type", filter.type, "The file's type, such as mp4")->type_name("TYPE");
    command.add_option("--category", filter.category, "Video, Audio or Image")
        ->type_name("NAME")
        ->transform(CLI::IsMember({"Video", "Audio", "Image"}, CLI::ignore_case));
    command.add_option("--class", filter.class_id, "Its class")->type_name("NUMBER");
    command.add_option("--since", filter.since, "Put in from then on: 15m, 2h, 7d, or a time")
        ->type_name("WHEN");
    command.add_option("--until", filter.until, "Put in before then")->type_name("WHEN");
    command.add_option("--limit", options->count_max, "So many at most")
        ->type_name("N")
        ->check(CLI::Range(std::size_t(1), client::media_found_max))
        ->capture_default_str();
    add_vod_flags(command, options->caller);
    command.callback([options, &action] { action = [options] { return run_list(*options); }; });
}

void add_show(CLI::App& media, Action& action) {
    CLI::App& command =
        add_verb(media, "show", "A file, and everything that was made of it", show_examples);
    const auto options = std::make_shared<MediaOptions>();
    command.add_option("FILEID", options->files, "Files of the library")->required();
    set_action(command, options, action, &show_files);
}

int run_edit(MediaOptions options) {
    for (const std::string& text : options.files) {
        Result<client::MediaPiece> piece = client::read_piece(text);
        if (!piece) return say_error(piece.error().detail), 2;
        options.cut.pieces.push_back(std::move(*piece));
    }
    return run_call(&edit_files, options);
}

void add_edit(CLI::App& media, Action& action) {
    CLI::App& command = add_verb(
        media, "edit", "A new file, of pieces of others one after the other", edit_examples);
    const auto options = std::make_shared<MediaOptions>();
    command.add_option("PIECE", options->files, "FILEID, or FILEID@FROM-TO")->required();
    command.add_option("--name", options->cut.name, "The name of the new file")->type_name("TEXT");
    command.add_option("--type", options->cut.type, "mp4 or hls")
        ->type_name("TYPE")
        ->check(CLI::IsMember({"mp4", "hls"}))
        ->capture_default_str();
    add_task_flags(command, options->cut.priority, options->wait);
    add_vod_flags(command, options->caller);
    command.callback([options, &action] { action = [options] { return run_edit(*options); }; });
}

void add_delete(CLI::App& media, Action& action) {
    CLI::App& command = add_verb(
        media, "delete", "Remove files with everything that was made of them", delete_examples);
    const auto options = std::make_shared<MediaOptions>();
    command.add_option("FILEID", options->files, "Files of the library")->required();
    command.add_flag_callback(
        "--yes", [options] { options->consent = MediaOptions::Consent::given; }, "Do not ask");
    set_action(command, options, action, &delete_files);
}

}  // namespace

void add_media(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "media", "The files of the library: list, show, process, edit, delete");
    command->require_subcommand(1);
    command->footer(examples);
    add_list(*command, action);
    add_show(*command, action);
    add_process(*command, action);
    add_edit(*command, action);
    add_delete(*command, action);
}

}  // namespace hookreel::app::commands
