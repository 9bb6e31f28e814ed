// Where events are sent, what is sent there, and by which rules it is tried.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "model/filter.h"
#include "model/ids.h"

namespace hookreel::model {

enum class Success { any_answer, exactly_200, any_2xx };
constexpr std::array<std::string_view, 3> names(Success*) {
    return {"any_answer", "exactly_200", "any_2xx"};
}

// How often and how long is tried. A value owned by the dialect; an endpoint may have its own.
struct Schedule {
    Duration connect_timeout{5000};
    Duration timeout{5000};  // From the look-up to the last byte of the answer.
    // Before the second, third … send. Its size + 1 is the number of sends; at most 100.
    std::vector<Duration> delays;
    // A delay grows by a random part of it, up to so many percent; it never shrinks.
    int jitter_percent = 0;
    Success success = Success::any_answer;
    // Whether the answer's words are followed: Retry-After between the delay and twice the delay,
    // and 410, after which the endpoint is disabled.
    Switch follows_answer = Switch::off;

    bool operator==(const Schedule&) const = default;
};
template <class V>
void fields(V& v, Of<Schedule, V> s) {
    v("connect_timeout", s.connect_timeout);
    v("timeout", s.timeout);
    v("delays", s.delays);
    v("jitter_percent", s.jitter_percent);
    v("success", s.success);
    v("follows_answer", s.follows_answer);
}

// How the receiver proves that a callback is ours. All live secrets sign.
struct Secret {
    enum class Algorithm { hmac_sha256, ed25519 };
    friend constexpr std::array<std::string_view, 2> names(Algorithm*) { return {"v1", "v1a"}; }

    Algorithm algorithm = Algorithm::hmac_sha256;
    std::string value;          // In the dialect's form: "whsec_…", "whsk_…", a Tencent key.
    TimePoint expires = never;  // Signs until then.

    bool operator==(const Secret&) const = default;
};
template <class V>
void fields(V& v, Of<Secret, V> s) {
    v("algorithm", s.algorithm);
    v("value", s.value);
    v("expires", s.expires);
}

struct Header {
    std::string name;
    std::string value;

    bool operator==(const Header&) const = default;
};
template <class V>
void fields(V& v, Of<Header, V> h) {
    v("name", h.name);
    v("value", h.value);
}

// Trust and proof of an endpoint's TLS connections, as PEM texts; empty: the server's.
struct EndpointTls {
    std::string authorities;
    std::string certificate;  // Of us as a client, with its chain.
    std::string private_key;

    bool operator==(const EndpointTls&) const = default;
};
template <class V>
void fields(V& v, Of<EndpointTls, V> t) {
    v("authorities", t.authorities);
    v("certificate", t.certificate);
    v("private_key", t.private_key);
}

// enabled: sent. paused: kept until somebody resumes it. disabled: failed for too long, or answered
// 410; what comes goes to the dead letters, from where it can be replayed.
enum class EndpointState { enabled, paused, disabled };
constexpr std::array<std::string_view, 3> names(EndpointState*) {
    return {"enabled", "paused", "disabled"};
}

// by_key: while one event of a key waits for a retry, the next ones of that key wait.
enum class Order { none, key };
constexpr std::array<std::string_view, 2> names(Order*) {
    return {"none", "key"};
}

// at_most_once: never sent twice; a dead letter when that fails.
enum class Guarantee { at_least_once, at_most_once };
constexpr std::array<std::string_view, 2> names(Guarantee*) {
    return {"at_least_once", "at_most_once"};
}

struct Endpoint {
    EndpointId id;
    ApplicationId application;
    QueueId queue;
    // Who renders: "tencent_vod", "standard", "cloudevents_structured", "cloudevents_binary",
    // "cloudevents_batched".
    std::string dialect;
    std::string description;
    std::string url;  // Empty: nothing is sent, what waits goes to the dead letters.
    EventFilter filter;
    std::vector<Secret> secrets;  // Empty: not signed. At most 8.
    std::vector<Header> headers;  // Sent with each request. At most 32.
    EndpointTls tls;
    // The DNS name under which the receiver was asked by OPTIONS and allowed to be called
    // (CloudEvents' abuse protection); sent with each request. Empty: it is not asked.
    std::string origin;
    Schedule schedule;
    Order order = Order::none;
    Guarantee guarantee = Guarantee::at_least_once;
    int in_flight_max = 8;       // 1 to 1,024.
    double rate_per_second = 0;  // 0: as fast as it goes.

    EndpointState state = EndpointState::enabled;
    std::string state_reason;         // Why it is paused or disabled, for people.
    TimePoint failing_since = never;  // Since when every attempt failed; never: it works.
    int warned_percent = 0;  // Of the time until it is disabled: what the operator has heard.
    TimePoint created{};
    TimePoint updated{};

    bool operator==(const Endpoint&) const = default;
};
template <class V>
void fields(V& v, Of<Endpoint, V> e) {
    v("id", e.id);
    v("application", e.application);
    v("queue", e.queue);
    v("dialect", e.dialect);
    v("description", e.description);
    v("url", e.url);
    v("filter", e.filter);
    v("secrets", e.secrets);
    v("headers", e.headers);
    v("tls", e.tls);
    v("origin", e.origin);
    v("schedule", e.schedule);
    v("order", e.order);
    v("guarantee", e.guarantee);
    v("in_flight_max", e.in_flight_max);
    v("rate_per_second", e.rate_per_second);
    v("state", e.state);
    v("state_reason", e.state_reason);
    v("failing_since", e.failing_since);
    v("warned_percent", e.warned_percent);
    v("created", e.created);
    v("updated", e.updated);
}

}  // namespace hookreel::model
