// One question to an external service, and what comes of the answer; whatever it is asked about: a
// task of its own (external_workers.h), or a part of a task on a file
// (media/tasks/service_parts.h).
//
// A service that does not answer is asked again with growing pauses until the time is up; then the
// work fails. What a service finished is checked before it is believed. Threads: one loop, that of
// the service's client.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "media/external/external_service.h"
#include "media/files/catalog.h"
#include "store/announcer.h"

namespace hookreel::media {

struct ExternalOptions {
    int questions_max = 32;                       // At a time: each waits, and computes nothing.
    Duration hold{60'000};                        // Longer than a question may take.
    Duration time_limit = std::chrono::hours(1);  // Of the work, from its first question.
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

// A file of the library, as a question tells of it.
Question::File file_of(const ExternalTools& tools, const model::Asset& asset);

class ServiceTurn {
 public:
    // The tools outlive it.
    ServiceTurn(const ExternalTools& tools, store::Lease lease)
        : tools_(tools), lease_(std::move(lease)) {}
    virtual ~ServiceTurn() = default;
    ServiceTurn(const ServiceTurn&) = delete;
    ServiceTurn& operator=(const ServiceTurn&) = delete;

    // Asks once. Returns when the outcome is committed, or the lease is given back to the next
    // worker.
    Task<void> run();

 protected:
    // What is told to, and heard from, the service about the work at hand.
    struct Work {
        model::TaskId task;
        std::string_view kind;
        TimePoint begun;         // Of its first question, which may be this one.
        std::int64_t& troubles;  // Questions in a row that were not answered.
        std::int64_t& progress;
    };

    // Reads what the lease is about; false: nothing of it is left to do. Errors: the store's.
    virtual Task<Result<bool>> load() = 0;
    // What was loaded; begun, if it was not.
    virtual Work begin(TimePoint now) = 0;
    // Errors: not_found (its file is gone), the store's.
    virtual Task<Result<Question>> question() = 0;
    // Takes an output that was checked. Errors: why it cannot be kept.
    virtual Result<void> keep(std::string output) = 0;
    // Commits that it is asked for again after the delay. Errors: the store's.
    virtual Task<Result<void>> wait(Duration delay) = 0;
    // Commits its end and the event of it. Errors: the store's.
    virtual Task<Result<void>> finish(model::Failure failure, std::string message) = 0;

    const ExternalTools& tools_;
    const store::Lease lease_;

 private:
    Task<Result<void>> advance();
    Task<Result<void>> take(Work work, Reply reply);
    Task<Result<void>> trouble(Work work, Error error);
    Task<void> let_go(Result<void> done);
};

// How long to wait before a service that did not answer is asked again: 2 s, doubled each time, at
// most 60 s.
Duration trouble_delay(std::int64_t troubles);

}  // namespace hookreel::media
