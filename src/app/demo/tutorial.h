// The tutorial: hear of an upload and of a task by normal callback, then by reliable callback.
//
// Every step says what it does, shows how far it is, and checks what came of it; the first one that
// does not hold ends the tutorial. Threads: one loop.
#pragma once

#include <string>
#include <vector>

#include "app/client/screen/terminal.h"
#include "app/client/vod/event_text.h"
#include "app/client/vod/file_upload.h"
#include "app/client/vod/vod_client.h"
#include "app/demo/inbox.h"

namespace hookreel::app::demo {

enum class Pace {
    whole,
    fast,  // Without the 30 s until an unconfirmed event comes again.
};

class Tutorial {
 public:
    struct Needs {
        client::VodClient& vod;
        client::Terminal& terminal;
        Inbox& inbox;  // Of the receiver at `callback_url`.
        std::string callback_url;
        std::string clip;  // The video file.
        Pace pace = Pace::whole;
    };

    explicit Tutorial(Needs needs) : needs_(std::move(needs)) {}

    // Errors: the first step that did not do what it says; it was told on the terminal.
    Task<Result<void>> run();

 private:
    // An event that was pulled.
    struct Pulled {
        std::string handle;
        std::string type;
        std::string file_id;
    };

    Task<Result<void>> normal_callback();
    Task<Result<void>> reliable_callback();
    Task<Result<void>> unconfirmed_event();

    Task<Result<void>> set_mode(std::string mode);
    Task<Result<void>> upload();
    Task<Result<void>> process();
    Task<Result<json::object>> await_callback(std::string type);
    Task<Result<void>> check_links(const json::object& event);
    Task<Result<std::string>> check_link(std::string url);
    Task<Result<std::vector<Pulled>>> pull();
    Task<Result<std::vector<Pulled>>> pull_both();
    Task<Result<void>> confirm(std::vector<std::string> handles);
    Task<Result<void>> pull_nothing();
    Task<Result<void>> wait_for_lease_end();
    Task<Result<void>> confirm_too_late(const Pulled& event);
    Task<Result<void>> pull_again(const Pulled& event);

    void heading(std::string_view title, std::string_view about);
    void explain(std::string_view text);
    void show(const std::vector<std::string>& lines);

    Needs needs_;
    std::string file_id_;  // Of the last upload.
    std::string task_id_;  // Of the last task.
};

}  // namespace hookreel::app::demo
