// The event loops of the process: the first runs on the caller's thread, each other on one of its
// own.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "base/async.h"

namespace hookreel::app {

class Loops {
 public:
    explicit Loops(int count);
    ~Loops();
    Loops(const Loops&) = delete;
    Loops& operator=(const Loops&) = delete;

    // Runs all of them; returns after `stop`, when every thread has ended.
    void run();
    // Threads: any.
    void stop();

    Loop& first() { return *loops_.front(); }
    std::vector<Loop*> all();

 private:
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::thread> threads_;
};

}  // namespace hookreel::app
