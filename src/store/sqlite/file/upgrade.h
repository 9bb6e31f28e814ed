// From the first layout of the database file to the second, in one transaction.
//
// docs/formats/store.md describes the layout. Threads: those of the connection.
#pragma once

#include "base/clock.h"
#include "store/sqlite/file/database.h"

namespace hookreel::store {

// The tables that the second version has and the first has not, or otherwise.
extern const char* const schema_of_version_2;

// Inside a transaction. What waits, the attempts and the dead letters stay. Errors: unavailable.
Result<void> upgrade_from_version_1(Database& database, TimePoint now);

}  // namespace hookreel::store
