#include "dialect/tencent_vod/rights.h"

#include <algorithm>
#include <array>

namespace hookreel::dialect::tencent_vod {
namespace {

struct Row {
    std::string_view action;
    model::Right right;
};

// Those whose names do not tell.
constexpr std::array rows = {
    Row{"ApplyUpload", model::Right::upload},
    Row{"CommitUpload", model::Right::upload},
    Row{"PullUpload", model::Right::upload},
    Row{"ConfirmEvents", model::Right::events},
    Row{"DescribeEventConfig", model::Right::events},
    Row{"DescribeEventsState", model::Right::events},
    Row{"ModifyEventConfig", model::Right::events},
    Row{"PullEvents", model::Right::events},
    Row{"CreateSubAppId", model::Right::applications},
};

constexpr std::array<std::string_view, 3> looks = {"Describe", "Parse", "Search"};

}  // namespace

model::Right right_of(std::string_view action) {
    const auto known = std::ranges::find(rows, action, &Row::action);
    if (known != rows.end()) return known->right;
    const bool only_looks = std::ranges::any_of(
        looks, [action](std::string_view verb) { return action.starts_with(verb); });
    return only_looks ? model::Right::read : model::Right::write;
}

}  // namespace hookreel::dialect::tencent_vod
