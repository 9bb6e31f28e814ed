#include "store/access_keys.h"

namespace hookreel::store {
namespace {

std::string id_of(const model::AccessKey& key) {
    return key.id;
}

}  // namespace

AccessKeys::AccessKeys(Store& store)
    : directory_(store, {Kind::access_key, "key", id_of, count_max}) {}

}  // namespace hookreel::store
