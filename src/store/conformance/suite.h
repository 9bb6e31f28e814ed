// All parts of the conformance suite, for the test program of one store, which instantiates each:
//
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreReplays, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreKeys, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreWatches, testing::Values(StoreMaker{...}));
#pragma once

#include "store/conformance/archive.h"
#include "store/conformance/attempts.h"
#include "store/conformance/commits.h"
#include "store/conformance/deliveries.h"
#include "store/conformance/keys.h"
#include "store/conformance/leases.h"
#include "store/conformance/queues.h"
#include "store/conformance/spends.h"
#include "store/conformance/waits.h"
#include "store/conformance/watches.h"
