#include "media/files/local_library.h"

#include <fmt/format.h>

#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr std::size_t path_bytes_max = 512;

// What this folder makes: letters, digits and - _ in a name, dots within it but not before it.
bool is_own_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    };
    return !name.empty() && name.front() != '.' && std::ranges::all_of(name, allowed);
}

}  // namespace

store::RecordKey asset_key(model::ApplicationId application, const model::FileId& file) {
    return {store::Kind::asset, fmt::format("{}/{}", application.value(), file.text())};
}

std::string library_folder(model::ApplicationId application, const model::FileId& file) {
    return fmt::format("{}/{}/{}", application.value(), file.text().substr(0, 2), file.text());
}

Task<Result<model::Asset>> LocalLibrary::find(model::ApplicationId application, model::FileId id) {
    const store::RecordKey key = asset_key(application, id);
    Result<store::Versioned<model::Asset>> asset = co_await store::load<model::Asset>(store_, key);
    if (!asset) co_return fail(std::move(asset.error()));
    co_return std::move(asset->value);
}

Result<std::string> LocalLibrary::absolute(std::string_view path) const {
    if (path.size() > path_bytes_max) return fail(Code::not_found, "no such path");
    for (std::string_view rest = path;;) {
        const std::size_t slash = rest.find('/');
        if (!is_own_name(rest.substr(0, slash))) return fail(Code::not_found, "no such path");
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    return folder_ + "/" + std::string(path);
}

}  // namespace hookreel::media
