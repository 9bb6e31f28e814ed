// Tells of events in this dialect: the entry of the application's reel or of its callback endpoint.
//
// Threads: any.
#pragma once

#include "dialect/tencent_vod/events/media_json.h"
#include "model/application.h"
#include "model/endpoint.h"
#include "store/announcer.h"
#include "store/applications.h"

namespace hookreel::dialect::tencent_vod {

class Announcer final : public store::Announcer {
 public:
    // `applications` outlives this.
    Announcer(const store::Applications& applications, MediaUrls urls)
        : applications_(applications), urls_(std::move(urls)) {}

    store::NewEvent announce(const model::Event& event) const override;

 private:
    const store::Applications& applications_;
    MediaUrls urls_;
};

// Where the normal callback of an application goes now.
model::Endpoint callback_endpoint(const model::Application& application);

}  // namespace hookreel::dialect::tencent_vod
