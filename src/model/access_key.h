// A key pair that signs requests of the VOD API, with what it may do and for which application.
//
// Besides these, each application has a first pair (model/application.h), which may do everything.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/ids.h"

namespace hookreel::model {

// Families of actions. None holds another.
enum class Right {
    read,         // See the library, tasks, templates and applications.
    upload,       // Bring files in: uploads, and files that the server fetches.
    write,        // Work on files, change and delete them, and keep templates.
    events,       // Pull and confirm events, and set how they are told.
    applications  // Make applications; of use to a pair for all of them only.
};
constexpr std::array<std::string_view, 5> names(Right*) {
    return {"read", "upload", "write", "events", "applications"};
}

// A disabled pair is as unknown as one that was removed, until it is active again.
enum class KeyState { active, disabled };
constexpr std::array<std::string_view, 2> names(KeyState*) {
    return {"active", "disabled"};
}

struct AccessKey {
    std::string id;                            // The SecretId: "AKID" and 32 letters and digits.
    std::string secret;                        // The SecretKey. Kept as it is: HMAC needs it.
    std::string name;                          // For people.
    std::optional<ApplicationId> application;  // The only one that it acts on; none: all.
    std::vector<Right> rights;
    KeyState state = KeyState::active;
    TimePoint created{};
    TimePoint updated{};

    bool may(Right right) const;
};
template <class V>
void fields(V& v, Of<AccessKey, V> k) {
    v("id", k.id);
    v("secret", k.secret);
    v("name", k.name);
    v("application", k.application);
    v("rights", k.rights);
    v("state", k.state);
    v("created", k.created);
    v("updated", k.updated);
}

}  // namespace hookreel::model
