#include "dialect/tencent_vod/actions/frame/ai_works.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "dialect/tencent_vod/actions/frame/not_served.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/events/ai_json.h"
#include "media/tasks/local_tasks.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// What services find for one task must fit into its event.
constexpr std::size_t set_max = 10;

// The parameter with several inputs, where an action has it.
std::string set_of(const AiPart& part) {
    return std::string(part.parameter) + "Set";
}

model::Work ai_work(const AiPart& part, std::string member, const Members& input) {
    model::ServiceWork work;
    work.definition = *input.natural("Definition");
    work.service = part.kind;
    work.input = input.as_json();
    work.member = std::move(member);
    return work;
}

}  // namespace

Answer<std::vector<model::Work>> read_ai_works(const Call& call) {
    std::vector<model::Work> works;
    for (const AiPart& part : ai_parts) {
        if (const std::optional<Members> input = call.parameters.object(part.parameter))
            works.push_back(ai_work(part, std::string(part.parameter), *input));
        const std::string set = set_of(part);
        const std::vector<Members> inputs = call.parameters.objects(set);
        if (inputs.size() > set_max)
            return refuse("InvalidParameter", fmt::format("{} takes at most {}.", set, set_max));
        for (const Members& input : inputs)
            works.push_back(ai_work(part, set, input));
    }
    if (Answer<void> served = check_served(call, works); !served)
        return std::unexpected(std::move(served.error()));
    return works;
}

Task<Answer<std::vector<model::Work>>> read_all_works(const Call& call) {
    Answer<std::vector<model::Work>> works = co_await read_works(call);
    if (!works) co_return works;
    Answer<std::vector<model::Work>> others = read_ai_works(call);
    if (!others) co_return others;
    std::ranges::move(*others, std::back_inserter(*works));
    if (works->size() > media::steps_max)
        co_return refuse("InvalidParameter", "At most 100 tasks are taken in one call.");
    co_return works;
}

Answer<void> check_served(const Call& call, const std::vector<model::Work>& works) {
    for (const model::Work& work : works) {
        const auto* const service = std::get_if<model::ServiceWork>(&work);
        if (service && !call.with.external.serves(service->service))
            return not_served(service->service);
    }
    return {};
}

}  // namespace hookreel::dialect::tencent_vod
