// Pulls as they are kept in the store, and where their bytes lie meanwhile.
//
// On disk: <data>/pulls/<file id>/media and …/cover until both move into the library; before, of a
// stream whose sound is apart, …/picture and …/sound. What the record says was kept is synced;
// bytes behind it are cut off when a pull goes on.
#pragma once

#include <array>
#include <string>

#include "base/json.h"
#include "model/pull.h"
#include "store/store.h"

namespace hookreel::media {

// Fetching: bytes come. Fetched: they are whole, and on their way into the library.
enum class PullStage { fetching, fetched };
constexpr std::array<std::string_view, 2> names(PullStage*) {
    return {"fetching", "fetched"};
}

// How far the bytes are that are surely on disk.
struct Checkpoint {
    std::uint64_t bytes = 0;
    std::uint64_t segments = 0;    // Of a playlist, wholly within `bytes`.
    std::uint64_t segment_at = 0;  // Where the next one begins.
    std::string validator;         // ETag or Last-Modified of what is being fetched.
};
template <class V>
void fields(V& v, Of<Checkpoint, V> c) {
    v("bytes", c.bytes);
    v("segments", c.segments);
    v("segment_at", c.segment_at);
    v("validator", c.validator);
}

struct PullState {
    model::Pull pull;
    PullStage stage = PullStage::fetching;
    Checkpoint checkpoint;
    std::uint64_t sound_bytes = 0;  // Of a sound that is apart and wholly there: it comes first.
    // Known when it is fetched.
    std::string type;
    std::string md5;
    std::int64_t size_bytes = 0;
    std::string cover_type;  // Empty: there is none.
};
template <class V>
void fields(V& v, Of<PullState, V> s) {
    v("pull", s.pull);
    v("stage", s.stage);
    v("checkpoint", s.checkpoint);
    v("sound_bytes", s.sound_bytes);
    v("type", s.type);
    v("md5", s.md5);
    v("size_bytes", s.size_bytes);
    v("cover_type", s.cover_type);
}

// "<application>/<task id>".
store::RecordKey pull_key(model::ApplicationId application, const model::TaskId& id);

// What waits in the queue of pulls.
struct PullTicket {
    model::ApplicationId application;
    model::TaskId pull;
};
template <class V>
void fields(V& v, Of<PullTicket, V> t) {
    v("application", t.application);
    v("pull", t.pull);
}

}  // namespace hookreel::media
