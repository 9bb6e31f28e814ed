// Searches of the attempt log, newest first.
//
// Of each page a small row says when its attempts were and, in a filter, what they may be about, so
// only pages are read that may hold what is asked for. Threads: those of the connection.
#pragma once

#include "store/searches.h"
#include "store/sqlite/file/database.h"
#include "store/sqlite/file/log_page.h"

namespace hookreel::store {

class AttemptSearch {
 public:
    explicit AttemptSearch(Database& database) : database_(database) {}

    // As Store::attempts.
    Result<Page<Attempt>> attempts(const AttemptQuery& query);

 private:
    // Adds what fits of one page. Returns where to go on when the answer is full.
    Result<std::optional<CursorPlace>> look_into(const AttemptQuery& query, CursorPlace from,
                                                 Page<Attempt>& answer);

    Database& database_;
    Statement summaries_{database_,
                         "SELECT number, low, high, latest, marks FROM attempts WHERE number <= ? "
                         "ORDER BY number DESC"};
    Statement page_{database_, "SELECT form, page FROM attempt_pages WHERE number = ?"};
};

}  // namespace hookreel::store
