#include "media/steps/stream_encryption.h"

#include <set>

#include "base/aes.h"
#include "base/random.h"
#include "media/ffmpeg/piece_encryption.h"

namespace hookreel::media {
namespace {

// Each with its place as the IV: one that is named twice would have two.
Result<void> encrypt_pieces(const StepRun& run, const AdaptivePlan& plan, const Pieces& pieces,
                            std::size_t sub_stream, std::string_view key) {
    std::set<std::string_view> names;
    for (std::size_t place = 0; place < pieces.size(); ++place) {
        const std::string& name = pieces[place].name;
        if (!is_encrypted_piece(plan, sub_stream, name) || !names.insert(name).second)
            return fail(Code::invalid, "a playlist with a wrong piece");
        if (Result<void> done = encrypt_piece(work_path(run, name), {key, place}); !done)
            return done;
    }
    return {};
}

}  // namespace

Result<void> encrypt_stream(const StepRun& run, const AdaptivePlan& plan,
                            const std::vector<Pieces>& listed) {
    const std::string name = key_name(plan);
    const std::string key = random_bytes(aes_key_bytes);
    if (Result<void> kept = write_text(work_path(run, name), key, Readers::owner); !kept)
        return kept;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const std::string path = work_path(run, head_name(plan.preset->package, i));
        const Result<std::string> playlist = read_text(path);
        if (!playlist) return fail(playlist.error());
        const Result<std::string> keyed = keyed_playlist(*playlist, name);
        if (!keyed) return fail(keyed.error());
        if (Result<void> done = encrypt_pieces(run, plan, listed[i], i, key); !done) return done;
        if (Result<void> written = write_text(path, *keyed); !written) return written;
    }
    return {};
}

}  // namespace hookreel::media
