// One call of an action, as the action sees it: what the server has, who calls, and the parameters,
// all of them checked.
#pragma once

#include <functional>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "dialect/tencent_vod/protocol/errors.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "http/request.h"
#include "media/agenda/agenda.h"
#include "media/drawings/local_drawings.h"
#include "media/editing/edits.h"
#include "media/external/external_tasks.h"
#include "media/files/library.h"
#include "media/procedures/local_procedures.h"
#include "media/pulls/pulls.h"
#include "media/tasks/tasks.h"
#include "media/templates/local_templates.h"
#include "media/uploads/uploads.h"
#include "store/access_keys.h"
#include "store/applications.h"
#include "store/store.h"

namespace hookreel::dialect::tencent_vod {

// A longer one is no file's.
inline constexpr std::size_t file_id_bytes_max = 64;

// What actions work with. All of it outlives the API.
struct Dependencies {
    store::Store& store;
    store::Applications& applications;
    const store::AccessKeys& keys;
    media::Uploads& uploads;
    media::Tasks& tasks;
    media::Library& library;
    media::Pulls& pulls;
    media::Edits& edits;
    media::ExternalTasks& external;
    media::Agenda& agenda;
    media::LocalProcedures& procedures;
    media::LocalTemplates& templates;
    media::LocalDrawings& drawings;
    const Clock& clock;
    const Log& log;
    MediaUrls urls;
    // How long PullEvents waits for a first event (spec b.2).
    Duration pull_wait{5'000};
    // Why callbacks to a URL can never be sent, or empty.
    std::function<std::string(std::string_view url)> callback_trouble = nullptr;
};

// Who signed a request.
struct Signer {
    store::Applications::Pointer application;          // That is meant when the request names none.
    enum class Reach { own, all } reach = Reach::own;  // Which applications it may name.
    // Null: the first pair of the application, which may do everything.
    store::AccessKeys::Pointer key = nullptr;

    bool may_name(model::ApplicationId id) const {
        return reach == Reach::all || application->id == id;
    }
    bool may(model::Right right) const { return !key || key->may(right); }
};

struct Call {
    const Dependencies& with;
    const http::Request& request;  // Its body was read.
    const schema::Action& action;
    store::Applications::Pointer application;  // That the call is about.
    const Signer& signer;
    Members parameters;
    http::Headers& notes;  // Header fields that the answer gets besides.

    model::ApplicationId application_id() const { return application->id; }
};

// Answers with the members of `Response` but RequestId, as text: `"TaskId":"…"`. The call outlives
// the task.
using Function = Task<Answer<std::string>> (*)(const Call& call);

// The header field of an answer that says what is probably not meant.
inline constexpr const char* warning_header = "X-Hookreel-Warning";
// Notes it when callbacks to the URL can never be sent. Returns the warning.
std::string note_trouble(const Call& call, std::string_view url);

// wire_error, and a line in the log when the fault is ours. An application that has used its quota:
// LimitExceeded.
std::unexpected<WireError> failed(const Call& call, const Error& error,
                                  std::initializer_list<ErrorRule> rules = {});

}  // namespace hookreel::dialect::tencent_vod
