// How attempts are laid out in the blobs of the database.
//
// A log page is the attempts that one group commit logged. Each text is written as what differs
// from the same text of the attempt before, because most of them are nearly the same. The marks of
// a page are a small filter that says for sure what is not in it. The layout is in
// docs/formats/store.md. Values; what is read is checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace hookreel::store {

// 1 was written by the first version of the file: every text in full, none of a head or a body.
enum class LogForm : int { full = 1, differences = 2 };

class LogPage {
 public:
    static constexpr int attempts_max = 64;
    static constexpr std::size_t bytes_max = 256 * 1024;

    // All texts within the limits.
    void append(AttemptPtr attempt);
    bool full() const { return count_ >= attempts_max || bytes_.size() >= bytes_max; }
    int count() const { return count_; }
    TimePoint earliest() const { return earliest_; }
    TimePoint latest() const { return latest_; }
    const std::string& bytes() const { return bytes_; }
    std::string marks() const;

 private:
    // `before`: the attempt whose marks are there, or null.
    void put_marks(const Attempt& now, const Attempt* before);

    std::string bytes_;
    AttemptPtr last_;  // Null before the first.
    int count_ = 0;
    TimePoint earliest_ = never;
    TimePoint latest_{};
    std::vector<std::uint64_t> marked_;  // Hashes.
};

// Oldest first. Errors: internal (the bytes are no log page).
Result<std::vector<Attempt>> read_attempts(std::string_view page, LogForm form);

// Whether an attempt that the query wants may be in the page of these marks.
class MarkTest {
 public:
    explicit MarkTest(const AttemptQuery& query);
    bool may_hold(std::string_view marks) const;

 private:
    std::vector<std::uint64_t> wanted_;
};

}  // namespace hookreel::store
