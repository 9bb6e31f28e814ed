// What the commands below `media` do with a server. Each returns the exit code.
//
// Threads: the caller's loop.
#pragma once

#include <string>
#include <vector>

#include "app/client/vod/media_files.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/task_progress.h"

namespace hookreel::app::commands {

// The options of one of them; what it does not take stays as it is.
struct MediaOptions {
    CallerFlags caller;
    std::vector<std::string> files;
    client::MediaFilter filter;
    std::size_t count_max = 20;
    client::CutOrder cut;
    Wait wait = Wait::no;
    enum class Consent { asked, given } consent = Consent::asked;
};

Task<int> list_files(Caller& caller, const MediaOptions& options);
Task<int> show_files(Caller& caller, const MediaOptions& options);
Task<int> edit_files(Caller& caller, const MediaOptions& options);
// Goes on after one that cannot be deleted.
Task<int> delete_files(Caller& caller, const MediaOptions& options);

}  // namespace hookreel::app::commands
