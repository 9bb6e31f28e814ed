// Asks a program outside of this server to do a piece of work, and whether it is done.
//
// There is one verb: the same question is asked again until the answer is the last one. So the
// service needs no way back to us, and whoever asks after a crash asks the same thing. The contract
// for those who write a service is docs/guides/external-services.md. Threads: one loop.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/result.h"
#include "http/client/client.h"
#include "model/external.h"

namespace hookreel::media {

struct Question {
    std::string id;  // The same each time that it is asked.
    std::string kind;
    model::ApplicationId application;
    std::string input;  // A JSON object.
    std::string session_context;
    // The file that it is about, if there is one.
    struct File {
        std::string id;
        std::string name;
        std::string url;
        std::string md5;
        std::int64_t size_bytes = 0;
        double duration_seconds = 0;
    };
    std::optional<File> file;
    TimePoint deadline{};  // Afterwards nobody asks any more.
};

struct Reply {
    enum class State { processing, finished, failed } state = State::processing;
    int progress = 0;           // Percent.
    Duration ask_again{5'000};  // While it is processing.
    std::string output;         // A JSON object or array, when it is finished.
    model::Failure failure = model::Failure::internal_error;  // When it failed.
    std::string message;
};

class ExternalService {
 public:
    virtual ~ExternalService() = default;

    // Whether somebody does this kind of work.
    virtual bool serves(std::string_view kind) const = 0;
    // Errors: invalid (the answer is not of the contract, or a status that says that asking again
    // is of no use), not_found (nobody serves the kind), all others as http::Client::send: ask
    // again later.
    virtual Task<Result<Reply>> ask(Question question) = 0;
};

// The URL of each kind; "*" for all others.
using ServiceUrls = std::map<std::string, std::string, std::less<>>;
// A POST of the body with proof of who we are; its URL and limits are set afterwards.
using WriteRequest = std::function<Result<http::ClientRequest>(std::string id, std::string body)>;

class HttpExternalService final : public ExternalService {
 public:
    // The client outlives this; its address rules hold, so an operator's own networks must be open
    // in it.
    HttpExternalService(http::Client& client, ServiceUrls urls, WriteRequest write)
        : client_(client), urls_(std::move(urls)), write_(std::move(write)) {}

    bool serves(std::string_view kind) const override { return url_of(kind) != nullptr; }
    Task<Result<Reply>> ask(Question question) override;

 private:
    const std::string* url_of(std::string_view kind) const;

    http::Client& client_;
    ServiceUrls urls_;
    WriteRequest write_;
};

// The body of a request: {"id","kind","application","input","file","session_context","deadline"}.
std::string question_text(const Question& question);
// Reads an answer. Errors: invalid (not of the contract; a status from 400 to 499 but 408, 425 and
// 429), unavailable (any other status but 200 and 202: ask again).
Result<Reply> read_reply(int status, std::string_view body);

}  // namespace hookreel::media
