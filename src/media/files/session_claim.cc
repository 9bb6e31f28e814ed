#include "media/files/session_claim.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace hookreel::media {

Task<Result<std::optional<store::Put>>> claim_session(store::Store& store, SessionScope scope,
                                                      std::string session_id, SessionUse use) {
    if (session_id.empty()) co_return std::optional<store::Put>{};
    const store::RecordKey key{store::Kind::session,
                               fmt::format("{}/{}/{}", scope.application.value(), scope.what,
                                           hex(digest(Algorithm::sha256, session_id)))};
    const Result<store::Record> record = co_await store.get(key);
    if (!record && record.error().code != Code::not_found) co_return fail(record.error());
    if (record) {
        const Result<SessionUse> last = from_json_text<SessionUse>(record->value);
        if (last && use.used - last->used < scope.window)
            co_return fail(Code::conflict, "the session id was used a short while ago");
    }
    co_return store::Put{key, to_json_text(use), record ? record->version : 0};
}

}  // namespace hookreel::media
