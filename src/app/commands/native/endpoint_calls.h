// What the sub-commands of `hookreel endpoint` do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands/frame/caller.h"
#include "app/commands/native/endpoint_settings.h"

namespace hookreel::app::commands {

// Each sub-command has one of its own, and reads what it has flags for.
struct EndpointOptions {
    CallerFlags caller;
    std::string id;
    EndpointSettings settings;
    std::string url;                              // create: required; change: empty for none.
    std::string order;                            // create
    std::string state;                            // create: "paused", else empty; list: a filter.
    std::string algorithm, secret;                // create, rotate-secret
    std::vector<std::string> defaults;            // change: members that go back to theirs.
    std::string reason;                           // pause
    std::string type, data;                       // test
    enum class Wait { no, yes } wait = Wait::no;  // test
    std::string keep_old;                         // rotate-secret: a span.
    std::size_t count_max = 100;                  // list
    enum class Consent { asked, given } consent = Consent::asked;  // delete
};

Task<int> list_endpoints(Caller& caller, const EndpointOptions& options);
Task<int> show_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> create_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> change_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> pause_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> resume_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> test_endpoint(Caller& caller, const EndpointOptions& options);
Task<int> show_secrets(Caller& caller, const EndpointOptions& options);
Task<int> rotate_secret(Caller& caller, const EndpointOptions& options);
Task<int> delete_endpoint(Caller& caller, const EndpointOptions& options);

}  // namespace hookreel::app::commands
