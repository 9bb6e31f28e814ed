// Passwords of accounts: hashed with scrypt (N 2^15, r 8, p 1: 32 MiB and some tenths of a second),
// on one thread beside the loops, a few at a time, so that log-ins cannot burn the machine.
//
// Threads: any loop. Life: destroyed before the loops whose tasks use it.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "base/async.h"
#include "base/result.h"

namespace hookreel::api {

class Passwords {
 public:
    // Hashes that wait at a time; more are refused.
    static constexpr int waiting_max = 16;

    Passwords() : thread_(1) {}
    ~Passwords() { thread_.join(); }

    // What is kept of a password: "scrypt$<log2 N>$<r>$<p>$<salt>$<hash>", the last two in base64.
    // Errors: unavailable (too many wait).
    Task<Result<std::string>> hash(std::string password);
    // Whether it is the one that was hashed. An empty `kept` takes as long and is never right.
    // Errors: unavailable.
    Task<Result<bool>> verify(std::string password, std::string kept);

 private:
    template <class Work>
    Task<Result<std::invoke_result_t<Work&>>> run(Work work);

    asio::thread_pool thread_;
    std::atomic<int> waiting_{0};
};

}  // namespace hookreel::api
