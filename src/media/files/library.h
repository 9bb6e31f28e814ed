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
#include "media/files/asset_change.h"
#include "media/files/catalog.h"
#include "model/media.h"
#include "store/store.h"

namespace hookreel::media {

// Where the record of an asset is: "<application>/<file id>".
store::RecordKey asset_key(model::ApplicationId application, const model::FileId& file);

// Small files that come with a change; they are written before it is.
struct NewCover {
    std::string type;  // Extension: "png".
    std::string bytes;
};
struct NewSubtitle {
    std::string id;  // Empty: one is made. Else letters, digits, '-' and '_'.
    std::string name;
    std::string language;
    std::string format;  // Extension: "vtt".
    std::string content;
};
struct NewFiles {
    std::optional<NewCover> cover;
    std::vector<NewSubtitle> subtitles;
};

class Library {
 public:
    virtual ~Library() = default;

    // Errors: not_found (also: belongs to another application), unavailable.
    virtual Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) = 0;
    // The file behind a path of an asset, for playback. Paths with "..", absolute or foreign ones:
    // not_found.
    virtual Result<std::string> absolute(std::string_view path) const = 0;

    // Changes what is known of a file. Errors: not_found; invalid (id of a subtitle); too_large, as
    // `changed`; unavailable.
    virtual Task<Result<model::Asset>> modify(model::ApplicationId application, model::FileId id,
                                              AssetChange change, NewFiles files) = 0;
    // Takes a file, or those parts of it, out of the library and announces it; its bytes go soon
    // after. A task that works on it then fails. Errors: not_found, unavailable.
    virtual Task<Result<void>> remove(model::ApplicationId application, model::FileId id,
                                      std::vector<model::AssetPart> parts) = 0;
    // Looks for files by what is known of them. Errors: unavailable (not all files are counted yet
    // after a start).
    virtual Task<Result<Found>> search(model::ApplicationId application, Query query) = 0;
};

}  // namespace hookreel::media
