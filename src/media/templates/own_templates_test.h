// The templates of an application on a store in memory, for the tests of each kind.
#pragma once

#include <gtest/gtest.h>

#include "media/files/upload_fakes.h"
#include "media/templates/local_templates.h"
#include "model/application.h"
#include "store/memory/memory_store.h"

namespace hookreel::media {

class OwnTemplatesTest : public testing::Test {
 protected:
    static constexpr model::ApplicationId app = model::default_application;

    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }
    model::OwnTemplates own(model::ApplicationId of = app) {
        return run(templates_.own(of)).value();
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store_{clock_};
    FileThreads files_{1};
    fakes::TemporaryFolder folder_;
    LocalTemplates templates_{store_, clock_, files_, folder_.path()};
};

}  // namespace hookreel::media
