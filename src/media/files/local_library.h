// The library on this machine's disk; what is known of its files is in the store.
#pragma once

#include "media/files/library.h"

namespace hookreel::media {

// The folder of one asset, relative to the library: "1500000001/37/3701925921299637010".
std::string library_folder(model::ApplicationId application, const model::FileId& file);

class LocalLibrary final : public Library {
 public:
    // `folder` is <data>/media; the store outlives the library.
    LocalLibrary(store::Store& store, std::string folder)
        : store_(store), folder_(std::move(folder)) {}

    Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) override;
    // Pure: whether the file exists is seen when it is opened.
    Result<std::string> absolute(std::string_view path) const override;

 private:
    store::Store& store_;
    std::string folder_;
};

}  // namespace hookreel::media
