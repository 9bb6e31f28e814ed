#include "app/client/native/trial_event.h"

namespace hookreel::app::client {

json::value merged(json::value target, const json::value& patch) {
    if (!patch.is_object()) return patch;
    if (!target.is_object()) target = json::object();
    json::object& members = target.get_object();
    for (const auto& [name, value] : patch.get_object()) {
        if (value.is_null()) {
            members.erase(name);
            continue;
        }
        json::value* before = members.if_contains(name);
        members[name] = merged(before ? std::move(*before) : json::value(nullptr), value);
    }
    return target;
}

json::object trial_event(const TrialWishes& wishes, const json::value& sample) {
    json::object event = {{"type", wishes.type}};
    json::value data = json::object();
    if (const json::object* known = sample.if_object()) {
        if (const json::value* key = known->if_contains("key")) event["key"] = *key;
        if (const json::value* of_sample = known->if_contains("data")) data = *of_sample;
    }
    if (wishes.key) event["key"] = *wishes.key;
    event["data"] = wishes.data ? merged(std::move(data), *wishes.data) : std::move(data);
    return event;
}

}  // namespace hookreel::app::client
