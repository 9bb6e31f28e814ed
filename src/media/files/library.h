// The files of the library and what is known of them.
//
// On disk: <data>/media/<application>/<first two digits>/<file id>/…; a path in an asset is
// relative to <data>/media and made only by this folder. Files get their final name after their
// last byte is synced. Threads: any loop.
#pragma once

#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/media.h"
#include "store/store.h"

namespace hookreel::media {

// Where the record of an asset is: "<application>/<file id>".
store::RecordKey asset_key(model::ApplicationId application, const model::FileId& file);

class Library {
 public:
    virtual ~Library() = default;

    // Errors: not_found (also: belongs to another application), unavailable.
    virtual Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) = 0;
    // The file behind a path of an asset, for playback. Paths with "..", absolute or foreign ones:
    // not_found.
    virtual Result<std::string> absolute(std::string_view path) const = 0;
};

}  // namespace hookreel::media
