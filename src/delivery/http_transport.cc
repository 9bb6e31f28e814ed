#include "delivery/http_transport.h"

namespace hookreel::delivery {

Task<Result<http::ClientResponse>> HttpTransport::send(http::ClientRequest request) {
    return client_.send(std::move(request));
}

}  // namespace hookreel::delivery
