#include "delivery/rules/classify.h"

#include <fmt/format.h>

#include <algorithm>

#include "delivery/rules/schedule.h"

namespace hookreel::delivery {
namespace {

using Success = model::Success;

bool taken(Success rule, int status) {
    switch (rule) {
        case Success::any_answer:
            return true;
        case Success::exactly_200:
            return status == 200;
        case Success::any_2xx:
            return status >= 200 && status < 300;
    }
    return false;
}

// The class that leads the detail of a client's error: "dns: no such name".
Cause named_cause(std::string_view detail) {
    const std::string_view word = detail.substr(0, detail.find(':'));
    const auto* const found = std::ranges::find(cause_names, word);
    return found == cause_names.end() ? Cause::none
                                      : static_cast<Cause>(found - cause_names.begin());
}

bool is_overload(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_gone(const model::Schedule& schedule, const Answer& answer) {
    return answer && answer->status == 410 && schedule.follows_answer == model::Switch::on;
}

std::string given_up(int attempt, std::string_view last) {
    return fmt::format("{} {} failed, the last with: {}", attempt, attempt == 1 ? "send" : "sends",
                       last);
}

}  // namespace

std::string_view name(const Outcome& outcome) {
    if (std::holds_alternative<Delivered>(outcome)) return "delivered";
    return std::holds_alternative<Retry>(outcome) ? "retry" : "dead";
}

std::string_view name(Fault fault) {
    constexpr std::array<std::string_view, 5> names = {"none", "receiver", "address", "ours",
                                                       "stopping"};
    return names[static_cast<std::size_t>(fault)];
}

Cause cause(const model::Schedule& schedule, const Answer& answer) {
    if (answer) return taken(schedule.success, answer->status) ? Cause::none : Cause::http_status;
    const Cause named = named_cause(answer.error().detail);
    switch (answer.error().code) {
        case Code::cancelled:
            return Cause::stopping;
        case Code::denied:
            return Cause::address;
        case Code::invalid:
            return Cause::request;
        case Code::timed_out:
            return named == Cause::none ? Cause::timeout : named;
        case Code::network:
            return named == Cause::none ? Cause::reset : named;
        case Code::protocol:
        case Code::too_large:
            return named == Cause::none ? Cause::protocol : named;
        case Code::not_found:
        case Code::conflict:
        case Code::lease_lost:
        case Code::unavailable:
        case Code::internal:
            return named == Cause::proxy ? Cause::proxy : Cause::ours;
    }
    return Cause::ours;
}

Fault fault(Cause cause) {
    switch (cause) {
        case Cause::none:
            return Fault::none;
        case Cause::address:
            return Fault::address;
        case Cause::proxy:
        case Cause::ours:
            return Fault::ours;
        case Cause::stopping:
            return Fault::stopping;
        default:
            return Fault::receiver;
    }
}

Verdict verdict(const model::Schedule& schedule, const Answer& answer) {
    const Cause why = cause(schedule, answer);
    if (why == Cause::none) return Verdict::taken;
    if (is_gone(schedule, answer)) return Verdict::gone;
    if (why == Cause::timeout || (answer && is_overload(answer->status)))
        return Verdict::overloaded;
    switch (fault(why)) {
        case Fault::stopping:
            return Verdict::stopping;
        case Fault::ours:
            return Verdict::ours;
        default:
            return Verdict::refused;
    }
}

std::string failure(const model::Schedule& schedule, const Answer& answer) {
    if (!answer) {
        const std::string& detail = answer.error().detail;
        const Cause why = cause(schedule, answer);
        return named_cause(detail) == why ? detail : fmt::format("{}: {}", name(why), detail);
    }
    return taken(schedule.success, answer->status) ? std::string()
                                                   : fmt::format("status {}", answer->status);
}

Outcome outcome(const model::Schedule& schedule, const Circumstances& circumstances,
                const Answer& answer) {
    switch (verdict(schedule, answer)) {
        case Verdict::taken:
            return Delivered{};
        case Verdict::stopping:
            return Retry{Duration(0), Retry::Counted::no};
        case Verdict::ours:
            return Retry{own_fault_delay(circumstances.own_faults, circumstances.random),
                         Retry::Counted::no};
        case Verdict::gone:
            return Dead{"the endpoint answered 410 Gone"};
        case Verdict::refused:
        case Verdict::overloaded:
            break;
    }
    const std::optional<Duration> asked =
        answer ? retry_after(answer->headers.get("Retry-After"), circumstances.now) : std::nullopt;
    const std::optional<Duration> delay =
        retry_delay(schedule, {circumstances.attempt, asked, circumstances.random});
    if (delay) return Retry{*delay};
    return Dead{given_up(circumstances.attempt, failure(schedule, answer))};
}

}  // namespace hookreel::delivery
