#include "model/task_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/application.h"

namespace hookreel::model {
namespace {

constexpr Duration::rep latest = 0xffff'ffff'ffff;  // Milliseconds: the year 10889.

}  // namespace

std::string time_digits(TimePoint created) {
    const Duration::rep milliseconds = created.time_since_epoch().count();
    return fmt::format("{:012x}", latest - std::clamp<Duration::rep>(milliseconds, 0, latest));
}

TaskId make_task_id(std::string_view word, TimePoint created, std::string_view random) {
    return TaskId(fmt::format("{}-{}-{}{}t0", account_id, word, time_digits(created), random));
}

std::string_view word_of(std::string_view id) {
    const std::size_t first = id.find('-');
    const std::size_t second = first == id.npos ? id.npos : id.find('-', first + 1);
    return second == id.npos ? std::string_view() : id.substr(0, second + 1);
}

bool tells_time(const TaskId& id, TimePoint created) {
    const std::string_view text = id.text();
    const std::string_view word = word_of(text);
    return !word.empty() && text.substr(word.size()).starts_with(time_digits(created));
}

}  // namespace hookreel::model
