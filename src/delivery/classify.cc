#include "delivery/classify.h"

#include <fmt/format.h>

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

bool taken(const model::Schedule& schedule, const Result<http::ClientResponse>& answer) {
    return answer && taken(schedule.success, answer->status);
}

}  // namespace

std::string_view name(const Outcome& outcome) {
    if (std::holds_alternative<Delivered>(outcome)) return "delivered";
    return std::holds_alternative<Retry>(outcome) ? "retry" : "dead";
}

std::string_view name(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "none";
        case Fault::receiver:
            return "receiver";
        case Fault::address:
            return "address";
        case Fault::ours:
            return "ours";
        case Fault::stopping:
            return "stopping";
    }
    return "ours";
}

Fault fault(const model::Schedule& schedule, const Result<http::ClientResponse>& answer) {
    if (taken(schedule, answer)) return Fault::none;
    if (answer) return Fault::receiver;
    switch (answer.error().code) {
        case Code::cancelled:
            return Fault::stopping;
        case Code::denied:
            return Fault::address;
        case Code::network:
        case Code::timed_out:
            return answer.error().detail.starts_with("dns:") ? Fault::ours : Fault::receiver;
        case Code::protocol:
        case Code::too_large:
            return Fault::receiver;
        case Code::invalid:
        case Code::not_found:
        case Code::conflict:
        case Code::lease_lost:
        case Code::unavailable:
        case Code::internal:
            return Fault::ours;
    }
    return Fault::ours;
}

std::string failure(const model::Schedule& schedule, const Result<http::ClientResponse>& answer) {
    if (taken(schedule, answer)) return {};
    return answer ? fmt::format("status {}", answer->status) : answer.error().detail;
}

Outcome outcome(const model::Schedule& schedule, int attempt,
                const Result<http::ClientResponse>& answer) {
    if (taken(schedule, answer)) return Delivered{};
    if (fault(schedule, answer) == Fault::stopping) return Retry{};
    const std::size_t failed = attempt > 1 ? static_cast<std::size_t>(attempt) : 1;
    if (failed <= schedule.delays.size()) return Retry{schedule.delays[failed - 1]};
    return Dead{fmt::format("{} {} failed, the last with: {}", failed,
                            failed == 1 ? "send" : "sends", failure(schedule, answer))};
}

}  // namespace hookreel::delivery
