#include "delivery/http_transport.h"

namespace hookreel::delivery {

Task<Result<http::ClientResponse>> HttpTransport::send(http::ClientRequest request) {
    return client_.send(std::move(request));
}

std::string HttpTransport::head(const http::ClientRequest& request) const {
    return client_.head(request);
}

}  // namespace hookreel::delivery
