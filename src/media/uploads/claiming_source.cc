#include "media/uploads/claiming_source.h"

namespace hookreel::media {

Task<Result<std::size_t>> ClaimingSource::read(std::span<char> into) {
    const Result<std::size_t> got = co_await source_.read(into);
    if (!got || *got == 0) co_return got;
    const Result<void> room =
        quota_.claim_more({claimed_.application, claimed_.file, std::uint64_t{*got}});
    if (!room) co_return fail(room.error());
    claimed_.bytes += *got;
    co_return got;
}

}  // namespace hookreel::media
