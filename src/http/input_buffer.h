// Bytes that came from a socket and are not used yet.
//
// One block that begins small, grows up to a limit and can be made small again. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace hookreel::http {

class InputBuffer {
 public:
    explicit InputBuffer(std::size_t bytes_max) : bytes_max_(std::max(bytes_max, bytes_first)) {}

    std::string_view unread() const { return {block_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

    void consume(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    // Where the next bytes go; `commit` says how many came. Empty when the limit is reached.
    std::span<char> space() {
        if (end_ == capacity_) make_space();
        return {block_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t count) { end_ += count; }

    // Gives the memory back if the buffer is empty and has grown.
    void shrink() {
        if (!empty() || capacity_ <= bytes_first) return;
        block_.reset();
        capacity_ = 0;
    }

 private:
    static constexpr std::size_t bytes_first = 4 * 1024;

    void make_space() {
        const auto held = end_ - begin_;
        if (begin_ > 0) {
            std::memmove(block_.get(), block_.get() + begin_, held);
        } else if (capacity_ < bytes_max_) {
            const auto capacity = std::min(std::max(capacity_ * 2, bytes_first), bytes_max_);
            auto block = std::make_unique_for_overwrite<char[]>(capacity);
            if (held > 0) std::memcpy(block.get(), block_.get(), held);
            block_ = std::move(block);
            capacity_ = capacity;
        }
        begin_ = 0;
        end_ = held;
    }

    std::size_t bytes_max_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::unique_ptr<char[]> block_;
};

}  // namespace hookreel::http
