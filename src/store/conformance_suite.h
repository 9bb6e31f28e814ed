// All parts of the conformance suite, for the test program of one store, which instantiates each:
//
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreReplays, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreKeys, testing::Values(StoreMaker{...}));
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreWatches, testing::Values(StoreMaker{...}));
#pragma once

#include "store/conformance_archive.h"
#include "store/conformance_attempts.h"
#include "store/conformance_commits.h"
#include "store/conformance_deliveries.h"
#include "store/conformance_keys.h"
#include "store/conformance_leases.h"
#include "store/conformance_queues.h"
#include "store/conformance_spends.h"
#include "store/conformance_waits.h"
#include "store/conformance_watches.h"
