// The templates of applications: made, numbered, and found.
//
// All of an application's own are one record, so that their count and their numbers are checked by
// the commit that writes them. The picture of a watermark is a file of the library,
// watermarks/<application>/<32 hex digits>.<type>. Threads: any loop. Durability: what returned
// success is on disk. Before the first request `recover` must have finished.
#pragma once

#include "base/clock.h"
#include "media/files/file_io.h"
#include "media/files/templates.h"
#include "media/templates/template_shelf.h"
#include "media/templates/watermark_change.h"
#include "store/store.h"

namespace hookreel::media {

inline constexpr std::size_t watermark_templates_max = 50;  // Ours: the API names none.

// A picture that somebody sent.
struct MarkImage {
    std::string type;  // png, jpg or gif.
    std::string bytes;
};

class LocalTemplates final : public Templates {
 public:
    // All that is given outlives this.
    LocalTemplates(store::Store& store, const Clock& clock, FileThreads& files,
                   std::string media_folder)
        : store_(store),
          clock_(clock),
          files_(files),
          media_folder_(std::move(media_folder)),
          shelves_(store, clock) {}

    // Removes pictures of watermarks that no template names. Errors: unavailable.
    Task<Result<void>> recover();

    // Of all kinds but watermarks.
    template <class Template>
    TemplateShelf<Template>& shelf() {
        return shelves_;
    }

    // The new watermark, an image when there is a picture. Errors: too_large (there
    // are as many as may be), unavailable.
    Task<Result<model::WatermarkTemplate>> create(model::ApplicationId application,
                                                  model::WatermarkTemplate made,
                                                  std::optional<MarkImage> image);
    // What it is then. Errors: not_found, invalid (as apply), unavailable.
    Task<Result<model::WatermarkTemplate>> modify(model::ApplicationId application,
                                                  std::uint64_t definition, WatermarkChange change,
                                                  std::optional<MarkImage> image);
    // Errors: not_found, unavailable.
    Task<Result<void>> remove_watermark(model::ApplicationId application, std::uint64_t definition);

    Task<Result<model::OwnTemplates>> own(model::ApplicationId application) override;

 private:
    Task<Result<std::string>> write_image(model::ApplicationId application, const MarkImage& image);
    Task<void> remove_image(std::string path);

    store::Store& store_;
    const Clock& clock_;
    FileThreads& files_;
    std::string media_folder_;
    TemplateShelves shelves_;
};

}  // namespace hookreel::media
