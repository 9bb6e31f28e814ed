// Work on a file of the library: asked for, and watched to its end.
//
// Threads: the loop of the client.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/client/vod/vod_client.h"

namespace hookreel::app::client {

struct ProcessOrder {
    std::string file_id;
    std::vector<std::uint64_t> transcodes;  // Template numbers.
    std::optional<double> cover_second;     // A cover from this time of the video.
    // Templates of what the server's external services do; absent: not asked for.
    std::optional<std::uint64_t> review{};
    std::optional<std::uint64_t> analysis{};
    std::optional<std::uint64_t> recognition{};
    std::int64_t priority = 0;  // -10 to 10, larger first.
};

// ProcessMedia. Returns the task's id. Errors: as VodClient::call.
Task<Result<std::string>> process_media(VodClient& client, ProcessOrder order);

using OnProgress = std::function<void(int percent, const json::object& task)>;

// Asks five times a second until the task is finished. `on_progress` gets 0 to 100 and the
// ProcedureTask or EditMediaTask as it is. Returns it at its end; it may have failed. Errors: as
// VodClient::call; cancelled (the task was aborted, or the caller is).
Task<Result<json::object>> await_task(VodClient& client, std::string task_id,
                                      OnProgress on_progress);

// Whether an EditMediaTask, or all steps of a ProcedureTask, went well.
bool succeeded(const json::object& task);

}  // namespace hookreel::app::client
