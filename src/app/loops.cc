#include "app/loops.h"

#include <boost/asio/executor_work_guard.hpp>

namespace hookreel::app {

Loops::Loops(int count) {
    const int usable = std::max(1, count);
    for (int i = 0; i < usable; ++i)
        loops_.push_back(std::make_unique<Loop>(1));
}

Loops::~Loops() {
    stop();
    for (std::thread& thread : threads_)
        thread.join();
}

void Loops::run() {
    for (std::size_t i = 1; i < loops_.size(); ++i) {
        threads_.emplace_back([loop = loops_[i].get()] {
            const auto stay = asio::make_work_guard(*loop);
            loop->run();
        });
    }
    const auto stay = asio::make_work_guard(first());
    first().run();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void Loops::stop() {
    for (const auto& loop : loops_)
        loop->stop();
}

std::vector<Loop*> Loops::all() {
    std::vector<Loop*> pointers;
    for (const auto& loop : loops_)
        pointers.push_back(loop.get());
    return pointers;
}

}  // namespace hookreel::app
