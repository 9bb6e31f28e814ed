// Calls of the Tencent VOD API, signed, over the server's own client.
//
// Threads: the loop of the HTTP client.
#pragma once

#include <string>
#include <string_view>

#include "base/async.h"
#include "base/clock.h"
#include "base/json.h"
#include "http/client/client.h"
#include "model/application.h"

namespace hookreel::app::client {

// Which server is called, and as whom.
struct Account {
    http::Url server;
    model::KeyPair keys;
    model::ApplicationId application{};  // 0: the default application.
};

class VodClient {
 public:
    // `http` and `clock` outlive it.
    VodClient(http::Client& http, const Clock& clock, Account account);

    // The fields of `Response`. An error that the API answered has its code at the start of the
    // detail ("ResourceNotFound: no event …", see api_code) and becomes not_found, denied, invalid,
    // unavailable or internal. Errors also: those of http::Client, protocol (not an API's answer).
    Task<Result<json::object>> call(std::string action, json::object parameters = {});

    // What the server said besides in its last answer: something that is probably not meant. Empty:
    // nothing.
    const std::string& warning() const { return warning_; }
    const Account& account() const { return account_; }
    http::Client& http() { return http_; }
    const Clock& clock() const { return clock_; }

 private:
    http::Client& http_;
    const Clock& clock_;
    Account account_;
    std::string warning_;
};

// The API's error code at the start of a detail: "ResourceNotFound". Empty when there is none.
std::string_view api_code(const Error& error);

// What to do about a failed call, for people: one or two sentences, or nothing.
std::string advice(const Error& error, const Account& account);

// Reads one answer of the API.
Result<json::object> read_answer(const http::ClientResponse& answer);

}  // namespace hookreel::app::client
