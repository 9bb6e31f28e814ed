#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"
#include "dialect/tencent_vod/actions/editing/edit_parts.h"
#include "dialect/tencent_vod/actions/editing/editing_actions.h"
#include "media/editing/edit_plans.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t description_max = 128;  // Spec d.
constexpr std::size_t operations_max = 10;
constexpr std::int64_t canvas_side_max = 4096;
constexpr double length_max = 100'000;
constexpr double gain_max = 60;
constexpr std::array<std::int64_t, 5> sample_rates = {0, 16000, 32000, 44100, 48000};

std::unexpected<WireError> invalid(std::string message) {
    return refuse("InvalidParameter", std::move(message));
}

// A length of time, which is not negative.
Answer<double> length_at(const Members& item, std::string_view name) {
    const Answer<double> seconds = seconds_at(item, name);
    if (!seconds || *seconds < 0)
        return refuse("InvalidParameterValue.ClipDuration",
                      fmt::format("{} must be seconds from 0 to a day.", name));
    return *seconds;
}

// "10%" or "100px".
Answer<model::Length> placement_length(const Members& item, std::string_view name) {
    using Unit = model::Length::Unit;
    model::Length length;
    if (!item.has(name)) return length;
    std::string_view text = *item.text(name);
    length.unit = text.ends_with("px") ? Unit::px : Unit::percent;
    if (!text.ends_with("px") && !text.ends_with('%'))
        return invalid(fmt::format("{} must be like 100px or 10%.", name));
    text.remove_suffix(length.unit == Unit::px ? 2 : 1);
    const Result<double> value = parse_real(text);
    if (!value || !std::isfinite(*value) || std::abs(*value) > length_max)
        return invalid(fmt::format("{} must be like 100px or 10%.", name));
    length.value = *value;
    return length;
}

Answer<model::Placement> placement(const Members& item) {
    const std::string origin = item.text_or_empty("CoordinateOrigin");
    if (!origin.empty() && origin != "Center") return invalid("CoordinateOrigin must be Center.");
    model::Placement made;
    struct Side {
        std::string_view name;
        model::Length* length;
    };
    for (const Side& side : {Side{"XPos", &made.x}, Side{"YPos", &made.y},
                             Side{"Width", &made.width}, Side{"Height", &made.height}}) {
        Answer<model::Length> length = placement_length(item, side.name);
        if (!length) return std::unexpected(std::move(length.error()));
        *side.length = *length;
    }
    if (made.width.value < 0 || made.height.value < 0)
        return invalid("Width and Height must not be negative.");
    return made;
}

Answer<std::vector<model::ImageOperation>> image_operations(const Members& item) {
    using Type = model::ImageOperation::Type;
    std::vector<model::ImageOperation> all;
    for (const Members& operation : item.objects("ImageOperations")) {
        const std::string type = operation.text_or_empty("Type");
        const std::string flip = operation.text_or_empty("Flip");
        if (all.size() == operations_max) return invalid("At most 10 ImageOperations are taken.");
        if (type == "Rotate") {
            const double angle = operation.real("RotateAngle").value_or(0);
            if (!std::isfinite(angle) || std::abs(angle) > 360)
                return invalid("RotateAngle must be degrees from 0 to 360.");
            all.push_back({Type::rotate, angle});
        } else if (type == "Flip" && (flip == "Horizental" || flip == "Horizontal")) {
            all.push_back({Type::flip_horizontal, 0});
        } else if (type == "Flip" && flip == "Vertical") {
            all.push_back({Type::flip_vertical, 0});
        } else {
            return invalid("ImageOperations must be Rotate, or Flip Horizental or Vertical.");
        }
    }
    return all;
}

Answer<std::vector<model::Volume>> audio_operations(const Members& item) {
    std::vector<model::Volume> all;
    for (const Members& operation : item.objects("AudioOperations")) {
        if (operation.text_or_empty("Type") != "Volume")
            return invalid("AudioOperations must be Volume.");
        if (all.size() == operations_max) return invalid("At most 10 AudioOperations are taken.");
        model::Volume volume;
        if (const std::optional<Members> parameter = operation.object("VolumeParam")) {
            volume.is_mute = parameter->integer("Mute").value_or(0) != 0;
            volume.gain = parameter->real("Gain").value_or(0);
        }
        if (!std::isfinite(volume.gain) || std::abs(volume.gain) > gain_max)
            return invalid("Gain must be decibels from -60 to 60.");
        all.push_back(volume);
    }
    return all;
}

Answer<model::FileId> source_media(const Members& item) {
    const std::string source = item.text_or_empty("SourceMedia");
    if (source.contains("://"))
        return refuse("FailedOperation",
                      "SourceMedia must be a FileId: an address can be fetched by PullUpload.");
    if (source.empty() || source.size() > file_id_bytes_max)
        return invalid("SourceMedia must be a FileId.");
    return model::FileId(source);
}

// What video and audio items have in common.
template <class Item>
Answer<Item> sound_item(const Members& content) {
    Item item;
    Answer<model::FileId> file = source_media(content);
    if (!file) return std::unexpected(std::move(file.error()));
    item.file = std::move(*file);
    struct Time {
        std::string_view name;
        double* seconds;
    };
    for (const Time& time :
         {Time{"SourceMediaStartTime", &item.start}, Time{"Duration", &item.duration},
          Time{"TargetDuration", &item.target}}) {
        const Answer<double> seconds = length_at(content, time.name);
        if (!seconds) return std::unexpected(seconds.error());
        *time.seconds = *seconds;
    }
    Answer<std::vector<model::Volume>> volumes = audio_operations(content);
    if (!volumes) return std::unexpected(std::move(volumes.error()));
    item.volumes = std::move(*volumes);
    return item;
}

// Places an item of a picture, and reads what is done to it.
template <class Item>
Answer<model::TrackItem> with_picture(const Members& content, Item item) {
    Answer<model::Placement> placed = placement(content);
    if (!placed) return std::unexpected(std::move(placed.error()));
    item.placement = *placed;
    Answer<std::vector<model::ImageOperation>> images = image_operations(content);
    if (!images) return std::unexpected(std::move(images.error()));
    item.images = std::move(*images);
    return item;
}

Answer<model::TrackItem> video_item(const Members& content) {
    Answer<model::VideoItem> item = sound_item<model::VideoItem>(content);
    if (!item) return std::unexpected(std::move(item.error()));
    return with_picture(content, std::move(*item));
}

Answer<model::TrackItem> audio_item(const Members& content) {
    Answer<model::AudioItem> item = sound_item<model::AudioItem>(content);
    if (!item) return std::unexpected(std::move(item.error()));
    return std::move(*item);
}

Answer<model::TrackItem> sticker_item(const Members& content) {
    model::StickerItem item;
    Answer<model::FileId> file = source_media(content);
    if (!file) return std::unexpected(std::move(file.error()));
    item.file = std::move(*file);
    const Answer<double> start = length_at(content, "StartTime");
    if (!start) return std::unexpected(start.error());
    const Answer<double> duration = length_at(content, "Duration");
    if (!duration) return std::unexpected(duration.error());
    item.start = *start;
    item.duration = *duration;
    if (item.duration == 0)
        return refuse("InvalidParameterValue.ClipDuration", "A sticker needs a Duration.");
    return with_picture(content, std::move(item));
}

Answer<model::TrackItem> transition_item(const Members& content) {
    model::TransitionItem item;
    const Answer<double> duration = length_at(content, "Duration");
    if (!duration) return std::unexpected(duration.error());
    item.duration = *duration;
    std::vector<Members> operations = content.objects("MediaTransitions");
    if (operations.empty()) operations = content.objects("Transitions");
    std::size_t images = 0;
    for (const Members& operation : operations) {
        std::string type = operation.text_or_empty("Type");
        const bool is_sound = type == media::sound_fade;
        if (!is_sound && media::xfade_of(type).empty())
            return refuse("FailedOperation",
                          "This transition is not available on this server. There are "
                          "ImageFadeInFadeOut, CircleCrop, Circleopen, Mosaic, Radial, Squeeze, "
                          "WipeDown, WipeLeft, WipeRight, WipeUp and AudioFadeInFadeOut.");
        if (!is_sound && ++images > 1)
            return invalid("A transition takes one operation on the picture.");
        item.types.push_back(std::move(type));
    }
    if (item.types.empty() || item.types.size() > 2 || item.duration == 0)
        return invalid("A transition needs a Duration and one or two MediaTransitions.");
    return item;
}

Answer<model::TrackItem> empty_item(const Members& content) {
    const Answer<double> duration = length_at(content, "Duration");
    if (!duration) return std::unexpected(duration.error());
    return model::EmptyItem{*duration};
}

struct Kind {
    std::string_view type;
    std::string_view member;
    Answer<model::TrackItem> (*read)(const Members&);
};
constexpr std::array kinds = {
    Kind{"Video", "VideoItem", video_item},
    Kind{"Audio", "AudioItem", audio_item},
    Kind{"Sticker", "StickerItem", sticker_item},
    Kind{"Transition", "TransitionItem", transition_item},
    Kind{"Empty", "EmptyItem", empty_item},
};
// Which kinds of item each type of track takes, by its own and the rest.
constexpr bool can_be_on(std::string_view item, model::Track::Type type) {
    if (item == "Empty") return true;
    if (item == "Transition") return type != model::Track::Type::sticker;
    return item == name(type);
}

Answer<model::TrackItem> track_item(const Members& item, model::Track::Type on) {
    const std::string type = item.text_or_empty("Type");
    const auto kind = std::ranges::find(kinds, std::string_view(type), &Kind::type);
    if (kind == kinds.end())
        return invalid(
            "The Type of a track item must be Video, Audio, Sticker, Transition or "
            "Empty.");
    if (!can_be_on(type, on))
        return invalid(fmt::format("An item of Type {} cannot be on this track.", kind->type));
    const std::optional<Members> content = item.object(kind->member);
    if (!content) return invalid(fmt::format("{} is missing.", kind->member));
    return kind->read(*content);
}

Answer<model::Composition> read_tracks(const Members& parameters) {
    model::Composition work;
    std::size_t count = 0;
    for (const Members& given : parameters.objects("Tracks")) {
        const Result<model::Track::Type> type =
            parse_enum<model::Track::Type>(given.text_or_empty("Type"));
        if (!type) return invalid("The Type of a track must be Video, Audio or Sticker.");
        model::Track track{*type, {}};
        for (const Members& item : given.objects("TrackItems")) {
            if (++count > media::edit_items_max)
                return invalid("At most 500 items are taken in one call.");
            Answer<model::TrackItem> read = track_item(item, *type);
            if (!read) return std::unexpected(std::move(read.error()));
            track.items.push_back(std::move(*read));
        }
        work.tracks.push_back(std::move(track));
    }
    if (count == 0) return invalid("Tracks must have items.");
    return work;
}

Answer<model::Canvas> read_canvas(const Members& given) {
    model::Canvas canvas;
    if (given.has("Color")) {
        const Result<model::Canvas::Color> color =
            parse_enum<model::Canvas::Color>(*given.text("Color"));
        if (!color) return invalid("Color must be Black or White.");
        canvas.color = *color;
    }
    canvas.width = given.integer("Width").value_or(0);
    canvas.height = given.integer("Height").value_or(0);
    if (std::min(canvas.width, canvas.height) < 0 ||
        std::max(canvas.width, canvas.height) > canvas_side_max)
        return invalid("Width and Height of the canvas must be from 0 to 4096.");
    return canvas;
}

Answer<model::Composition> read_streams(const Members& output, model::Composition work) {
    if (const std::optional<Members> stream = output.object("VideoStream")) {
        model::PictureWish wish;
        wish.codec = stream->has("Codec") ? *stream->text("Codec") : "libx264";
        wish.fps = stream->integer("Fps").value_or(0);
        if (wish.codec != "libx264" || wish.fps < 0 || wish.fps > 60)
            return invalid("VideoStream takes Codec libx264 and Fps from 0 to 60.");
        work.picture = std::move(wish);
    }
    if (const std::optional<Members> stream = output.object("AudioStream")) {
        const std::string codec = stream->text_or_empty("Codec");
        model::SoundWish wish{stream->integer("SampleRate").value_or(0),
                              stream->integer("AudioChannel").value_or(0),
                              stream->integer("Bitrate").value_or(0)};
        if ((!codec.empty() && codec != "libfdk_aac" && codec != "aac") ||
            std::ranges::find(sample_rates, wish.sample_rate) == sample_rates.end() ||
            wish.channels < 0 || wish.channels > 2 ||
            (wish.kbps != 0 && (wish.kbps < 26 || wish.kbps > 256)))
            return invalid(
                "AudioStream takes Codec libfdk_aac, SampleRate 16000, 32000, 44100 or "
                "48000, AudioChannel 1 or 2, Bitrate 26 to 256.");
        work.sound = wish;
    }
    if (output.integer("RemoveVideo").value_or(0) != 0) work.video = model::Part::remove;
    if (output.integer("RemoveAudio").value_or(0) != 0) work.audio = model::Part::remove;
    return work;
}

Answer<model::EditRequest> compose_request(const Call& call) {
    Answer<model::Composition> work = read_tracks(call.parameters);
    if (!work) return std::unexpected(std::move(work.error()));
    if (const std::optional<Members> given = call.parameters.object("Canvas")) {
        Answer<model::Canvas> canvas = read_canvas(*given);
        if (!canvas) return std::unexpected(std::move(canvas.error()));
        work->canvas = *canvas;
    }
    const Members output = *call.parameters.object("Output");
    work = read_streams(output, std::move(*work));
    if (!work) return std::unexpected(std::move(work.error()));
    model::EditRequest request;
    request.work = std::move(*work);
    if (output.has("Container")) request.type = *output.text("Container");
    if (request.type != "mp4" && request.type != "mp3")
        return invalid("Output.Container must be mp4 or mp3.");
    if (!output.has("FileName")) return invalid("Output.FileName is needed.");
    request.description = output.text_or_empty("Description");
    if (characters(request.description) > description_max)
        return invalid("Output.Description may have 128 characters.");
    Answer<model::EditRequest> named = with_output(call, output, "FileName", std::move(request));
    if (!named) {
        named.error().code = "InvalidParameter";
        return named;
    }
    return with_caller(call, std::move(*named));
}

}  // namespace

// Whether the times fit the sources is judged by the task, which then fails with its own code.
Task<Answer<std::string>> compose_media(const Call& call) {
    Answer<model::EditRequest> request = compose_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    co_return co_await create_edit(call, std::move(*request), "InvalidParameter",
                                   "InvalidParameter");
}

}  // namespace hookreel::dialect::tencent_vod
