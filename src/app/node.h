// One running server: every part of the house, put together.
//
// All wiring is in `Node::start`, which reads from the ground floor up. Threads: made, stopped and
// destroyed on the first loop; its parts run on all loops.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "app/loops.h"
#include "app/router.h"
#include "base/log.h"
#include "model/application.h"
#include "store/store.h"

namespace hookreel::app {

class Node {
 public:
    // Opens the store in the data folder, binds the port, finishes what a crash cut, and serves.
    // Errors: invalid (settings, certificate), conflict (the port or the data folder is in use),
    // unavailable (the store).
    static Task<Result<std::unique_ptr<Node>>> start(const Config& config, Loops& loops,
                                                     const Log& log);
    ~Node();

    // Stops taking, gives what is under way a few seconds, gives the rest back. Within 10 s.
    Task<void> stop();

    // Where it serves: "http://127.0.0.1:8080".
    const std::string& url() const;
    // A key pair that was made at this start, to be told once.
    const std::optional<model::KeyPair>& new_keys() const;
    // Where its events are, for benchmarks that publish from inside.
    store::Store& store();

 private:
    struct House;
    explicit Node(std::unique_ptr<House> house);

    std::unique_ptr<House> house_;
};

}  // namespace hookreel::app
