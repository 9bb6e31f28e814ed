// The workers that ask external services: they lease tasks from the queues "external", one question
// each time, in the order of media/crew/rota.h.
//
// A service that does not answer is asked again with growing pauses until the task's time is up;
// then the task fails. What a service finished is checked before it is believed; what it found in a
// file is kept with that, in the commit of the task's end. Threads: one loop, on which they are
// made and stopped, and whose client the service uses.
#pragma once

#include <functional>
#include <string>

#include "base/log.h"
#include "media/crew/crew.h"
#include "media/external/external_tasks.h"
#include "media/files/catalog.h"
#include "store/announcer.h"

namespace hookreel::media {

struct ExternalOptions {
    int questions_max = 32;                       // At a time: each waits, and computes nothing.
    Duration hold{60'000};                        // Longer than a question may take.
    Duration time_limit = std::chrono::hours(1);  // Of a task, from its first question.
    Duration retry_delay{10'000};                 // When the store refuses.
};

// All of it outlives the workers.
struct ExternalTools {
    store::Store& store;
    const store::Announcer& announcer;
    const Clock& clock;
    ExternalService& service;
    const Log& log;
    std::function<std::string(std::string_view path)> url_of;  // Of a file of the library.
    // The output as the dialect of the kind wants it. Errors: invalid, naming the member.
    std::function<Result<std::string>(std::string_view kind, std::string output)> checked_output;
    // What the task, whose output is checked, tells of its file.
    std::function<model::Findings(const model::ExternalTask& task)> findings;
    Catalog& catalog;
    ExternalOptions options;
};

class ExternalWorkers {
 public:
    // They begin at once.
    ExternalWorkers(Executor executor, ExternalTools tools);

    // Breaks off the questions under way and returns when all is done. Their entries are due again.
    Task<void> stop();

    // One question, for a lease of the queue. Returns when its outcome is committed or left to the
    // next worker.
    static Task<void> serve(const ExternalTools& tools, store::Lease lease);

 private:
    ExternalTools tools_;
    Crew crew_;
};

// A file of the library, as a question tells of it.
Question::File file_of(const ExternalTools& tools, const model::Asset& asset);

// Confirms the lease of what is over already, or gives it back after an error: at once when the
// work was stopped, else after the retry delay.
Task<void> let_go(const ExternalTools& tools, store::Handle handle, model::TaskId task,
                  Result<void> done);

// How long to wait before a service that did not answer is asked again: 2 s, doubled each time, at
// most 60 s.
Duration trouble_delay(std::int64_t troubles);

}  // namespace hookreel::media
