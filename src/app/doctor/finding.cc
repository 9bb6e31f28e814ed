#include "app/doctor/finding.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::app::doctor {
namespace {

using client::Paint;

Paint paint_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
            return Paint::green;
        case Outcome::warning:
            return Paint::yellow;
        case Outcome::failed:
            break;
    }
    return Paint::red;
}

}  // namespace

std::string_view name(Outcome outcome) {
    return names(static_cast<Outcome*>(nullptr))[static_cast<std::size_t>(outcome)];
}

bool has_failed(const Findings& findings) {
    return std::ranges::find(findings, Outcome::failed, &Finding::outcome) != findings.end();
}

std::vector<std::string> lines(const Findings& findings, const client::Terminal& terminal) {
    std::size_t subject_columns = 0;
    for (const Finding& finding : findings)
        subject_columns = std::max(subject_columns, client::width(finding.subject));
    std::vector<std::string> all;
    for (const Finding& finding : findings) {
        const std::string blanks(subject_columns - client::width(finding.subject) + 2, ' ');
        const std::string outcome = fmt::format("{:<9}", name(finding.outcome));
        all.push_back(finding.subject + blanks +
                      terminal.paint(paint_of(finding.outcome), outcome) + finding.found);
        if (!finding.advice.empty())
            all.push_back(std::string(subject_columns + 2, ' ') + "→ " + finding.advice);
    }
    return all;
}

json::object to_json(const Findings& findings) {
    json::array all;
    for (const Finding& finding : findings)
        all.push_back(json::object{{"subject", finding.subject},
                                   {"outcome", name(finding.outcome)},
                                   {"found", finding.found},
                                   {"advice", finding.advice}});
    return {{"ok", !has_failed(findings)}, {"findings", std::move(all)}};
}

}  // namespace hookreel::app::doctor
