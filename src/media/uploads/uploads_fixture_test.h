// LocalUploads over a memory store, in a folder that goes away, with nobody else around it.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "media/files/upload_fakes.h"
#include "media/uploads/local_uploads.h"
#include "store/memory/memory_store.h"

namespace hookreel::media::fakes {

class UploadsTest : public testing::Test {
 protected:
    UploadsTest() { options_.data_folder = folder_.path(); }

    // As a new start of the server, with the options as they are then; the first one too.
    void restart() {
        uploads_.reset();
        uploads_ =
            std::make_unique<LocalUploads>(Ingest::Ports{store_, announcer_, prober_, clock_,
                                                         threads_, catalog_, procedures_, muxer_},
                                           options_);
        ASSERT_TRUE(run(uploads_->recover()));
    }
    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }

    TemporaryFolder folder_;
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    FakeAnnouncer announcer_;
    FakeProber prober_;
    FakeMuxer muxer_;
    FileThreads threads_{2};
    Catalog catalog_{Duration(0)};
    NoProcedures procedures_;
    LocalUploadsOptions options_;
    std::unique_ptr<LocalUploads> uploads_;
};

}  // namespace hookreel::media::fakes
