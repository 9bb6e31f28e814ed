// An application of the platform's user, its key pairs, and what it wants to hear and how.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/filter.h"
#include "model/ids.h"

namespace hookreel::model {

// The account that all applications of a server belong to (Tencent: AppId). It is the prefix of
// task ids and bucket names.
inline constexpr std::uint64_t account_id = 1300000001;
// The application that is meant when a request names none. It is made at first start.
inline constexpr ApplicationId default_application{1500000001};

struct KeyPair {
    std::string secret_id;
    std::string secret_key;

    bool operator==(const KeyPair&) const = default;
};
template <class V>
void fields(V& v, Of<KeyPair, V> k) {
    v("secret_id", k.secret_id);
    v("secret_key", k.secret_key);
}

// PUSH is the normal callback, PULL the reliable one. One at a time.
enum class Mode { push, pull };
constexpr std::array<std::string_view, 2> names(Mode*) {
    return {"PUSH", "PULL"};
}

// Tencent DescribeEventConfig / ModifyEventConfig. The defaults are those of a new application
// (open point 10).
struct EventSettings {
    Mode mode = Mode::push;
    std::string notification_url;  // Empty: in push mode events are dropped (open point 11).
    Switch upload_complete = Switch::off;
    Switch delete_complete = Switch::off;
    Switch persistence_complete = Switch::off;
    std::string sign_key;  // Empty, or 1 to 32 letters and digits: callbacks are signed.

    bool operator==(const EventSettings&) const = default;
};
template <class V>
void fields(V& v, Of<EventSettings, V> s) {
    v("mode", s.mode);
    v("notification_url", s.notification_url);
    v("upload_complete", s.upload_complete);
    v("delete_complete", s.delete_complete);
    v("persistence_complete", s.persistence_complete);
    v("sign_key", s.sign_key);
}

struct Application {
    ApplicationId id;
    std::string name;
    std::string description;
    TimePoint created{};
    std::vector<KeyPair> keys;
    EventSettings events;
};
template <class V>
void fields(V& v, Of<Application, V> a) {
    v("id", a.id);
    v("name", a.name);
    v("description", a.description);
    v("created", a.created);
    v("keys", a.keys);
    v("events", a.events);
}

}  // namespace hookreel::model
