#include <array>

#include "dialect/tencent_vod/actions/editing/edit_parts.h"
#include "dialect/tencent_vod/actions/editing/editing_actions.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t procedure_max = 128;
constexpr std::uint64_t side_max = 4096;
constexpr std::uint64_t kbps_max = 35'000;
constexpr std::int64_t fps_max = 100;

Answer<model::Cut> read_pieces(const Members& parameters) {
    model::Cut cut;
    cut.definition = parameters.natural("Definition").value_or(cut.definition);
    for (const Members& info : parameters.objects("FileInfos")) {
        if (cut.pieces.size() == media::edit_items_max)
            return refuse("InvalidParameterValue", "At most 500 FileInfos are taken in one call.");
        const Answer<double> start = seconds_at(info, "StartTimeOffset");
        const Answer<double> end = seconds_at(info, "EndTimeOffset");
        if (!start) return std::unexpected(start.error());
        if (!end) return std::unexpected(end.error());
        cut.pieces.push_back({model::FileId(info.text_or_empty("FileId")), *start, *end});
    }
    if (cut.pieces.empty())
        return refuse("InvalidParameterValue", "With InputType File, FileInfos must name files.");
    return cut;
}

Answer<model::PictureWish> read_picture(const Members& stream) {
    model::PictureWish wish;
    wish.codec = stream.text_or_empty("Codec");
    if (wish.codec == "av1" || wish.codec == "H.266")
        return refuse("FailedOperation", "The codec is not available on this server.");
    if (!wish.codec.empty() && wish.codec != "libx264" && wish.codec != "libx265")
        return refuse("InvalidParameterValue", "Codec must be libx264 or libx265.");
    const std::uint64_t width = stream.natural("Width").value_or(0);
    const std::uint64_t height = stream.natural("Height").value_or(0);
    const std::uint64_t kbps = stream.natural("Bitrate").value_or(0);
    wish.fps = stream.integer("Fps").value_or(0);
    if (width > side_max || height > side_max || kbps > kbps_max || wish.fps < 0 ||
        wish.fps > fps_max)
        return refuse("InvalidParameterValue",
                      "Width and Height may be 4096, Bitrate 35000 and Fps 100 at most.");
    wish.width = static_cast<std::int64_t>(width);
    wish.height = static_cast<std::int64_t>(height);
    wish.kbps = static_cast<std::int64_t>(kbps);
    const std::string adaptive = stream.text_or_empty("ResolutionAdaptive");
    if (!adaptive.empty() && adaptive != "open" && adaptive != "close")
        return refuse("InvalidParameterValue", "ResolutionAdaptive must be open or close.");
    wish.is_adaptive = adaptive != "close";
    return wish;
}

Answer<model::EditRequest> read_output(const Call& call, model::Cut cut) {
    model::EditRequest request;
    const std::optional<Members> config = call.parameters.object("OutputConfig");
    const json::object nothing;
    const Members output = config.value_or(Members(nothing));
    if (output.has("Type")) request.type = *output.text("Type");
    if (request.type != "mp4" && request.type != "hls")
        return refuse("InvalidParameterValue", "OutputConfig.Type must be mp4 or hls.");
    const std::optional<Members> enhanced = output.object("TEHDConfig");
    if (enhanced && enhanced->text_or_empty("Type") != "OFF")
        return refuse("FailedOperation", "`TEHDConfig` is not available on this server yet.");
    if (const std::optional<Members> stream = output.object("VideoStream")) {
        Answer<model::PictureWish> wish = read_picture(*stream);
        if (!wish) return std::unexpected(std::move(wish.error()));
        cut.picture = std::move(*wish);
    }
    request.work = std::move(cut);
    return with_output(call, output, "MediaName", std::move(request));
}

Answer<model::EditRequest> edit_request(const Call& call) {
    const Members& parameters = call.parameters;
    const std::string_view input = *parameters.text("InputType");
    if (input == "Stream")
        return refuse("FailedOperation",
                      "This server has no recorded live streams to cut: `StreamInfos` is not "
                      "available yet.");
    if (input != "File")
        return refuse("InvalidParameterValue", "InputType must be File or Stream.");
    Answer<model::Cut> cut = read_pieces(parameters);
    if (!cut) return std::unexpected(std::move(cut.error()));
    Answer<model::EditRequest> request = read_output(call, std::move(*cut));
    if (!request) return request;
    request->procedure = parameters.text_or_empty("ProcedureName");
    if (characters(request->procedure) > procedure_max)
        return refuse("InvalidParameterValue", "ProcedureName may have 128 characters.");
    return with_caller(call, std::move(*request));
}

}  // namespace

// Offsets and the Definition are judged by the task, which then fails with its own code.
Task<Answer<std::string>> edit_media(const Call& call) {
    Answer<model::EditRequest> request = edit_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    co_return co_await create_edit(call, std::move(*request), "ResourceNotFound",
                                   "InvalidParameterValue");
}

}  // namespace hookreel::dialect::tencent_vod
