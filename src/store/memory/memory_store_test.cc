#include "store/memory/memory_store.h"

#include "store/conformance/suite.h"

namespace hookreel::store {
namespace {

const StoreMaker memory{"Memory", [](const Clock& clock, Limits limits) {
                            return std::make_unique<MemoryStore>(clock, limits);
                        }};

constexpr auto name_of = [](const auto& test) { return test.param.name; };

INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(memory), name_of);
INSTANTIATE_TEST_SUITE_P(Memory, StoreReplays, testing::Values(memory), name_of);
INSTANTIATE_TEST_SUITE_P(Memory, StoreKeys, testing::Values(memory), name_of);
INSTANTIATE_TEST_SUITE_P(Memory, StoreWatches, testing::Values(memory), name_of);

}  // namespace
}  // namespace hookreel::store
