#include "store/sqlite/sqlite_store.h"

#include "store/conformance_suite.h"

namespace hookreel::store {
namespace {

const Log quiet(Level::error);

std::string fresh_path() {
    static int count = 0;
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                         fmt::format("hookreel-{}-{}", getpid(), ++count);
    std::filesystem::create_directories(folder);
    return folder / "store.db";
}

const StoreMaker sqlite{
    "Sqlite", [](const Clock& clock, Limits limits) -> std::unique_ptr<Store> {
        return std::move(*SqliteStore::open({fresh_path(), limits, ""}, clock, quiet));
    }};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values(sqlite),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hookreel::store
