// A file that is fetched from an address and put into the library.
//
// Like a task it ends as `finish` also when it failed; why is in `failure` (Tencent spec c.1).
#pragma once

#include <string>

#include "base/json.h"
#include "model/ids.h"
#include "model/task.h"

namespace hookreel::model {

struct PullRequest {
    ApplicationId application;
    std::string url;
    std::string cover_url;  // Or empty.
    std::string type;       // Extension without the dot; empty: from the address.
    std::string name;       // Of the media; empty: from the address.
    std::string procedure;
    TimePoint expires = never;
    std::int64_t class_id = 0;
    std::int64_t priority = 0;
    std::string session_id;
    std::string session_context;
    std::string source_context;
    std::string trace;  // Of whoever asks, as trace_text has it; or empty.
};
template <class V>
void fields(V& v, Of<PullRequest, V> r) {
    v("application", r.application);
    v("url", r.url);
    v("cover_url", r.cover_url);
    v("type", r.type);
    v("name", r.name);
    v("procedure", r.procedure);
    v("expires", r.expires);
    v("class_id", r.class_id);
    v("priority", r.priority);
    v("session_id", r.session_id);
    v("session_context", r.session_context);
    v("source_context", r.source_context);
    v("trace", r.trace);
}

struct Pull {
    TaskId id;
    PullRequest request;
    FileId file;  // Reserved when it is asked for, told when it is there.
    TaskStatus status = TaskStatus::waiting;
    Failure failure = Failure::none;
    std::string message;  // For people; "SUCCESS" when it went well.
    std::int64_t progress = 0;
    TaskId procedure_task;  // Empty when no procedure was asked for.
    TimePoint created{};
    TimePoint begun{};
    TimePoint finished{};
    TaskId review_task{};  // Empty when the procedure asks for no review.
};
template <class V>
void fields(V& v, Of<Pull, V> p) {
    v("id", p.id);
    v("request", p.request);
    v("file", p.file);
    v("status", p.status);
    v("failure", p.failure);
    v("message", p.message);
    v("progress", p.progress);
    v("procedure_task", p.procedure_task);
    v("created", p.created);
    v("begun", p.begun);
    v("finished", p.finished);
    v("review_task", p.review_task);
}

}  // namespace hookreel::model
