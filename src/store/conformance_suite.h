// All parts of the conformance suite, for the test program of one store:
//
//     INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values(StoreMaker{...}));
#pragma once

#include "store/conformance_commits.h"
#include "store/conformance_leases.h"
#include "store/conformance_queues.h"
#include "store/conformance_waits.h"
