#include "app/client/vod/media_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/client/screen/json_text.h"
#include "app/client/vod/event_text.h"
#include "base/text.h"

namespace hookreel::app::client {
namespace {

std::string text(const json::object& object, std::initializer_list<std::string_view> path) {
    return printable(find_text(object, path));
}

// A time of the API as local time; empty for none and for one that never comes.
std::string time(const json::object& media, std::string_view member) {
    const Result<TimePoint> time = parse_time(find_text(media, {"BasicInfo", member}));
    return time && *time < never ? moment_text(*time) : std::string();
}

std::string picture(const json::object& media) {
    const double width = find_number(media, {"Width"}), height = find_number(media, {"Height"});
    return width > 0 && height > 0 ? fmt::format("{:.0f}x{:.0f}", width, height) : std::string();
}

std::string length(const json::object& media) {
    const double seconds = find_number(media, {"Duration"});
    return seconds > 0 ? human_duration(Duration(Duration::rep(seconds * 1000))) : std::string();
}

std::string size(const json::object& media) {
    const double bytes = find_number(media, {"Size"});
    return bytes > 0 ? human_bytes(std::uint64_t(bytes)) : std::string();
}

// " 1200 kbps"; nothing where the container does not say.
std::string rate(const json::object& stream) {
    const double bits = find_number(stream, {"Bitrate"});
    return bits > 0 ? fmt::format(" {:.0f} kbps", bits / 1000) : std::string();
}

// "h264 1280x720 25 fps 1200 kbps; aac 48 kHz 128 kbps"
std::string streams(const json::object& meta) {
    std::vector<std::string> all;
    for (const json::object* stream : find_objects(meta, {"VideoStreamSet"}))
        all.push_back(fmt::format("{} {} {:.0f} fps{}", text(*stream, {"Codec"}), picture(*stream),
                                  find_number(*stream, {"Fps"}), rate(*stream)));
    for (const json::object* stream : find_objects(meta, {"AudioStreamSet"}))
        all.push_back(fmt::format("{} {:g} kHz{}", text(*stream, {"Codec"}),
                                  find_number(*stream, {"SamplingRate"}) / 1000, rate(*stream)));
    return fmt::format("{}", fmt::join(all, "; "));
}

std::string tags(const json::object& media) {
    std::string all;
    const json::value* const set = find(media, {"BasicInfo", "TagSet"});
    if (!set || !set->is_array()) return all;
    for (const json::value& tag : set->get_array())
        if (tag.is_string()) all += (all.empty() ? "" : ", ") + printable(tag.get_string());
    return all;
}

// Where the results of each kind are in a MediaInfo, and where each has its address.
struct OutputSet {
    std::string_view part;
    std::string_view set;
    std::string_view word;
    std::string_view address;
};
constexpr std::array output_sets = {
    OutputSet{"TranscodeInfo", "TranscodeSet", "Transcode", "Url"},
    OutputSet{"AdaptiveDynamicStreamingInfo", "AdaptiveDynamicStreamingSet", "Adaptive", "Url"},
    OutputSet{"AnimatedGraphicsInfo", "AnimatedGraphicsSet", "Animation", "Url"},
    OutputSet{"SnapshotByTimeOffsetInfo", "SnapshotByTimeOffsetSet", "Snapshot", "PicInfoSet"},
    OutputSet{"SampleSnapshotInfo", "SampleSnapshotSet", "Sample", "ImageUrlSet"},
    OutputSet{"ImageSpriteInfo", "ImageSpriteSet", "Sprite", "ImageUrlSet"}};

// Of a list the first, and how many more there are.
std::string address_of(const json::object& output, std::string_view member) {
    const json::value* const found = find(output, {member});
    const json::array* const list = found ? found->if_array() : nullptr;
    if (!list) return text(output, {member});
    if (list->empty()) return {};
    const json::value& first = list->front();
    std::string address = first.is_string()   ? printable(first.get_string())
                          : first.is_object() ? text(first.get_object(), {"Url"})
                                              : std::string();
    if (list->size() > 1) address += fmt::format("  and {} more", list->size() - 1);
    return address;
}

}  // namespace

Row media_head() {
    return {"FILE", "CREATED", "TYPE", "PICTURE", "LENGTH", "SIZE", "NAME"};
}

Row media_row(const json::object& media) {
    const json::object* const found = find_object(media, {"MetaData"});
    const json::object meta = found ? *found : json::object();
    return {text(media, {"FileId"}),
            time(media, "CreateTime"),
            text(media, {"BasicInfo", "Type"}),
            picture(meta),
            length(meta),
            size(meta),
            text(media, {"BasicInfo", "Name"})};
}

std::vector<Row> media_facts(const json::object& media) {
    const json::object* const meta = find_object(media, {"MetaData"});
    const double class_id = find_number(media, {"BasicInfo", "ClassId"});
    std::vector<Row> facts = {
        {"file", text(media, {"FileId"})},
        {"name", text(media, {"BasicInfo", "Name"})},
        {"description", text(media, {"BasicInfo", "Description"})},
        {"what", media_shape(text(media, {"BasicInfo", "Type"}), meta)},
        {"streams", meta ? streams(*meta) : std::string()},
        {"tags", tags(media)},
        {"class", class_id > 0 ? fmt::format("{:.0f}", class_id) : std::string()},
        {"from", text(media, {"BasicInfo", "SourceInfo", "SourceType"})},
        {"created", time(media, "CreateTime")},
        {"updated", time(media, "UpdateTime")},
        {"expires", time(media, "ExpireTime")},
        {"cover", text(media, {"BasicInfo", "CoverUrl"})}};
    std::erase_if(facts, [](const Row& fact) { return fact.back().empty(); });
    return facts;
}

std::vector<std::string> output_lines(const json::object& media) {
    std::vector<std::string> lines;
    for (const OutputSet& kind : output_sets)
        for (const json::object* output : find_objects(media, {kind.part, kind.set})) {
            const double definition = find_number(*output, {"Definition"});
            const std::string name =
                definition > 0 ? fmt::format("{} {:.0f}", kind.word, definition) : "original";
            lines.push_back(fmt::format("  {:<20}{}", name, media_shape("", output)));
            lines.push_back("    " + address_of(*output, kind.address));
        }
    return lines;
}

}  // namespace hookreel::app::client
