#include <fmt/format.h>

#include "dialect/tencent_vod/actions/library/library_actions.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t parts_max = 100;

Answer<std::vector<model::AssetPart>> read_parts(const Members& parameters) {
    std::vector<model::AssetPart> parts;
    for (const Members& item : parameters.objects("DeleteParts")) {
        const Result<model::PartKind> kind =
            parse_enum<model::PartKind>(item.text_or_empty("Type"));
        const std::int64_t definition = item.integer("Definition").value_or(0);
        if (!kind || definition < 0)
            return refuse("InvalidParameterValue",
                          "DeleteParts: Type must be OriginalFiles, TranscodeFiles, "
                          "AdaptiveDynamicStreamingFiles, WechatPublishFiles or "
                          "WechatMiniProgramPublishFiles, and Definition a template or 0.");
        if (parts.size() == parts_max)
            return refuse("InvalidParameterValue",
                          fmt::format("DeleteParts may have {} items.", parts_max));
        parts.push_back({*kind, static_cast<std::uint64_t>(definition)});
    }
    return parts;
}

}  // namespace

// Answered at once, also while a task works on the file: the task then fails. The bytes go soon
// after, and the event tells of it.
Task<Answer<std::string>> delete_media(const Call& call) {
    Answer<std::vector<model::AssetPart>> parts = read_parts(call.parameters);
    if (!parts) co_return std::unexpected(std::move(parts.error()));
    const model::FileId file(call.parameters.text_or_empty("FileId"));
    if (file.text().size() > file_id_bytes_max)
        co_return refuse("ResourceNotFound", "The file does not exist.");
    const Result<void> removed =
        co_await call.with.library.remove(call.application_id(), file, std::move(*parts));
    if (!removed)
        co_return failed(call, removed.error(),
                         {{Code::not_found, "ResourceNotFound", "The file does not exist."}});
    co_return std::string();
}

}  // namespace hookreel::dialect::tencent_vod
