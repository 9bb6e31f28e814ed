// What a caller may do. Values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/ids.h"

namespace hookreel::api {

// admin: everything, also accounts, tokens and the audit log.
enum class Scope {
    applications_read,
    endpoints_read,
    endpoints_write,
    events_publish,
    events_read,
    queues_read,
    queues_write,
    queues_consume,
    deliveries_read,
    deliveries_write,
    media_write,
    admin
};
constexpr std::array<std::string_view, 12> names(Scope*) {
    return {"applications:read", "endpoints:read",   "endpoints:write", "events:publish",
            "events:read",       "queues:read",      "queues:write",    "queues:consume",
            "deliveries:read",   "deliveries:write", "media:write",     "admin"};
}

class Scopes {
 public:
    Scopes() = default;
    Scopes(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes)
            add(scope);
    }

    void add(Scope scope) { bits_ |= 1u << static_cast<unsigned>(scope); }
    bool has(Scope scope) const {
        return (bits_ & (1u << static_cast<unsigned>(scope))) || (bits_ & admin_bit);
    }
    bool covers(Scopes other) const { return (bits_ & admin_bit) || !(other.bits_ & ~bits_); }
    std::vector<std::string> texts() const;

    bool operator==(const Scopes&) const = default;

 private:
    static constexpr std::uint32_t admin_bit = 1u << static_cast<unsigned>(Scope::admin);
    std::uint32_t bits_ = 0;
};

// Errors: invalid (an unknown name).
Result<Scopes> parse_scopes(const std::vector<std::string>& names);

// viewer: reads. editor: reads and changes everything but who has access. owner: everything.
enum class Role { viewer, editor, owner };
constexpr std::array<std::string_view, 3> names(Role*) {
    return {"viewer", "editor", "owner"};
}
Scopes scopes_of(Role role);

// Whoever sent a request, once he has proved it.
struct Caller {
    std::string name;  // For the audit log and the rate limits: "owner", "tok_…", "acc_…".
    Scopes scopes;
    std::optional<model::ApplicationId> application;  // The only one that he may touch; none: all.
    double requests_per_second = 0;                   // 0: the server's limit.
    std::string session;                              // "ses_…" when he logged in.

    bool may_touch(model::ApplicationId wanted) const {
        return !application || *application == wanted;
    }
};

}  // namespace hookreel::api
