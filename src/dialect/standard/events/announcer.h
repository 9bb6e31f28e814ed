// Tells of every event in neutral words: to the endpoints and the consumers' queues that want it,
// and to the archive.
//
// Endpoints that are paused or disabled get their entries too; what becomes of these is delivery's
// business. Threads: any.
#pragma once

#include "dialect/media_urls.h"
#include "store/announcer.h"
#include "store/consumers.h"
#include "store/endpoints.h"

namespace hookreel::dialect::standard {

class Announcer final : public store::Announcer {
 public:
    struct Recipients {
        const store::Endpoints& endpoints;
        const store::Consumers& consumers;
    };

    // The recipients outlive this.
    Announcer(Recipients recipients, MediaUrls urls)
        : recipients_(recipients), urls_(std::move(urls)) {}

    store::NewEvent announce(const model::Event& event) const override;

 private:
    Recipients recipients_;
    MediaUrls urls_;
};

}  // namespace hookreel::dialect::standard
