// What the doctor found of one thing. Values and pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "app/client/screen/terminal.h"
#include "base/json.h"

namespace hookreel::app::doctor {

// warning: it works, but not as well as it should. failed: something will not work.
enum class Outcome { ok, warning, failed };
constexpr std::array<std::string_view, 3> names(Outcome*) {
    return {"ok", "warning", "failed"};
}
std::string_view name(Outcome outcome);

struct Finding {
    std::string subject;  // "free space"
    Outcome outcome = Outcome::ok;
    std::string found;   // "2.1 GiB of 512 MiB that are kept free"
    std::string advice;  // What to do; empty when it is ok.
};
using Findings = std::vector<Finding>;

bool has_failed(const Findings& findings);

// A table, and under each row that is not ok what to do.
std::vector<std::string> lines(const Findings& findings, const client::Terminal& terminal);
// {"ok":…,"findings":[{"subject","outcome","found","advice"}]}
json::object to_json(const Findings& findings);

}  // namespace hookreel::app::doctor
