#include "store/memory/memory_store.h"

#include "store/conformance_suite.h"

namespace hookreel::store {
namespace {

const StoreMaker memory{"Memory", [](const Clock& clock, Limits limits) {
                            return std::make_unique<MemoryStore>(clock, limits);
                        }};

INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(memory),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hookreel::store
