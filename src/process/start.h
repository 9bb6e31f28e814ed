// The step from us to a child process: pipes, fork, and the little that may happen before exec.
//
// Between fork and exec only async-signal-safe calls are made, on memory that was prepared before:
// another thread may have held any lock at the fork. Threads: any.
#pragma once

#include <sys/types.h>

#include <utility>

#include "base/result.h"
#include "process/child.h"

namespace hookreel::process {

// Owns a file descriptor.
class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

 private:
    int number_ = -1;
};

// A running child and what we hold of it. It must be reaped by whoever takes it.
struct Started {
    pid_t pid = -1;  // Also its process group.
    Descriptor handle;
    Descriptor output;
    Descriptor errors;
};

// What the child's exit status is when it could not become the program.
inline constexpr int cannot_confine = 126;
inline constexpr int cannot_execute = 127;

// Errors: unavailable (no descriptors, no processes).
Result<Started> start(const Spawn& spawn);

}  // namespace hookreel::process
