// Work of every kind that was asked for: listed, and taken back while it waits.
//
// Threads: any loop. Durability: what was taken back is never done, also after a crash.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "media/files/catalog.h"
#include "model/ids.h"
#include "model/task.h"

namespace hookreel::media {

enum class AgendaKind { steps, cut, composition, pull, external };

// The head of one piece of work.
struct AgendaEntry {
    model::TaskId id;
    AgendaKind kind = AgendaKind::steps;
    std::string external_kind;  // The name of one of model::external_kinds, or empty.
    // What it is about; of a pull, a cut or a composition what it made, empty until then.
    model::FileId file;
    model::TaskStatus status = model::TaskStatus::waiting;
    std::string session_id;
    std::string session_context;
    TimePoint created{};
    TimePoint begun{};  // The epoch: not yet.
    TimePoint finished{};
};

inline constexpr std::size_t agenda_page_max = 100;

// All that is given must hold.
struct AgendaQuery {
    model::ApplicationId application;
    std::optional<model::TaskStatus> status;
    std::optional<model::FileId> file;
    TimeSpan created;
    TimeSpan finished;  // Given, what did not finish yet is left out.
    // By `finished`, what did not finish yet comes behind what did, in either order.
    enum class Field { created, finished } field = Field::created;
    enum class Order { newest_first, oldest_first } order = Order::newest_first;
    std::string cursor;          // Of the page before, with the same field and order; or empty.
    std::size_t count_max = 10;  // 1 to agenda_page_max.
};

struct AgendaPage {
    std::vector<AgendaEntry> entries;
    std::string next;  // Empty: no more.
};

class Agenda {
 public:
    virtual ~Agenda() = default;

    // Of what was asked for within the last 3 days (Tencent DescribeTasks). Errors: invalid
    // (cursor), unavailable.
    virtual Task<Result<AgendaPage>> list(AgendaQuery query) = 0;
    // Takes back what waits; nothing of it is done then, and no event tells of it. Errors:
    // not_found, conflict (it does not wait any more; the detail is its status, or empty when it
    // just began), unavailable.
    virtual Task<Result<void>> abort(model::ApplicationId application, model::TaskId id) = 0;
};

}  // namespace hookreel::media
