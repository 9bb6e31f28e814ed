#include "store/endpoints.h"

namespace hookreel::store {
namespace {

std::string id_of(const model::Endpoint& endpoint) {
    return endpoint.id.text();
}

}  // namespace

Endpoints::Endpoints(Store& store)
    : directory_(store, {Kind::endpoint, "endpoint", id_of, count_max}) {}

}  // namespace hookreel::store
