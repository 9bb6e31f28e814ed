// Callbacks over HTTP, with one client of the sender's loop.
#pragma once

#include "delivery/ports.h"

namespace hookreel::delivery {

// Threads: the client's loop.
class HttpTransport final : public Transport {
 public:
    explicit HttpTransport(http::Client& client) : client_(client) {}
    Task<Result<http::ClientResponse>> send(http::ClientRequest request) override;
    std::string head(const http::ClientRequest& request) const override;

 private:
    http::Client& client_;
};

}  // namespace hookreel::delivery
