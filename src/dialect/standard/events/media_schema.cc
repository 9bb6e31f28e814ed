#include "dialect/standard/events/media_schema.h"

#include "dialect/standard/events/schema.h"
#include "dialect/standard/events/words.h"

namespace hookreel::dialect::standard {
namespace {

using namespace schema;

constexpr std::array<std::string_view, 3> made_types = {"mp4", "hls", "mp3"};
constexpr std::array<std::string_view, 2> hdr_kinds = {"hdr10", "hlg"};

json::object video_stream() {
    return object("A video stream.",
                  {{"codec", text("As ffmpeg names it: h264, hevc, wmv2.")},
                   {"codec_tag", or_null(text("The container's name for the codec: avc1."))},
                   {"width", integer("Of the coded picture, before rotation.")},
                   {"height", integer("Of the coded picture, before rotation.")},
                   {"frames_per_second", integer("Rounded.")},
                   {"bits_per_second", integer("0 when unknown.")},
                   {"hdr", or_null(one_of("Its dynamic range; null for SDR.", hdr_kinds))}});
}

json::object audio_stream() {
    return object("An audio stream.", {{"codec", text("As ffmpeg names it: aac, opus.")},
                                       {"sample_rate_hz", integer("Samples a second.")},
                                       {"bits_per_second", integer("0 when unknown.")}});
}

json::object media() {
    return object("What a probe found in the file.",
                  {{"container", text("As ffmpeg names it: mov,mp4,m4a,3gp,3g2,mj2.")},
                   {"duration_seconds", number("0 for a picture.")},
                   {"bits_per_second", integer("Of all streams together; 0 when unknown.")},
                   {"width", integer("As shown, in pixels; 0 without a picture.")},
                   {"height", integer("As shown, in pixels; 0 without a picture.")},
                   {"rotation_degrees", integer("0, 90, 180 or 270, clockwise.")},
                   {"video", list("The video streams.", video_stream())},
                   {"audio", list("The audio streams.", audio_stream())}});
}

json::object picture() {
    return object("A picture taken from the video.",
                  {{"time_seconds", or_null(number("From the beginning of the video; null when it "
                                                   "was asked for as a percentage."))},
                   {"url", url("Where it is.")}});
}

json::object rendition() {
    return object("A file made by transcoding.",
                  {{"template_id", text("The recipe by which it was made.")},
                   {"url", url("Where it is: the file, or the playlist for HLS.")},
                   {"size_bytes", integer("Of all that belongs to it.")},
                   {"md5", or_null(text("Lower-case hex; of the playlist for HLS."))},
                   {"media", media()}});
}

json::object picture_sets(std::string_view description) {
    return list(description, object("The pictures of one template.",
                                    {{"template_id", text("The recipe by which they were made.")},
                                     {"pictures", list("In the order of time.", picture())}}));
}

json::object sprite() {
    return object("Small pictures at equal distances, on sheets.",
                  {{"template_id", text("The recipe by which they were made.")},
                   {"width", integer("Of one small picture, in pixels.")},
                   {"height", integer("Of one small picture, in pixels.")},
                   {"count", integer("Of the small pictures on all sheets.")},
                   {"sheets", list("In the order of time.", url("Where a sheet is."))},
                   {"vtt_url", url("Where the WebVTT is that says which picture is where.")}});
}

json::object animation() {
    return object("A part of the video as a moving picture.",
                  {{"template_id", text("The recipe by which it was made.")},
                   {"url", url("Where it is.")},
                   {"format", text("gif or webp.")},
                   {"width", integer("In pixels.")},
                   {"height", integer("In pixels.")},
                   {"bits_per_second", integer("Over the part of the video that it shows.")},
                   {"size_bytes", integer("Of the file.")},
                   {"md5", text("Lower-case hex.")},
                   {"start_seconds", number("Where it begins in the video.")},
                   {"end_seconds", number("Where it ends in the video.")}});
}

json::object adaptive_stream() {
    return object(
        "The video in several sizes, of which a player takes what its connection bears.",
        {{"template_id", text("The recipe by which it was made.")},
         {"format", one_of("How it is put together.", packages)},
         {"url", url("Where the master playlist or the MPD is.")},
         {"size_bytes", integer("Of all that belongs to it.")},
         {"encryption", or_null(one_of("How its pieces are encrypted: aes_128 as RFC 8216 has it, "
                                       "with a key that its playlists name; null: not.",
                                       encryptions))},
         {"streams", list("The smallest picture first, the sound last.",
                          object("A picture or the sound.",
                                 {{"kind", one_of("Which.", stream_kinds)},
                                  {"width", integer("In pixels; 0 for sound.")},
                                  {"height", integer("In pixels; 0 for sound.")},
                                  {"size_bytes", integer("Of all that belongs to it.")}}))}});
}

json::object key_frame() {
    return object("A moment of the video.", {{"time_seconds", number("From the beginning.")},
                                             {"content", text("What its owner says of it.")}});
}

json::object subtitle() {
    return object("A file of subtitles.", {{"id", text("Its id.")},
                                           {"name", text("For people.")},
                                           {"language", text("As in en, zh.")},
                                           {"format", text("As in vtt, srt.")},
                                           {"url", url("Where it is.")}});
}

json::object asset() {
    return object("A file of the library with everything that was made from it.",
                  {{"id", text("The file's id, the same in all APIs: 19 decimal digits.")},
                   {"name", text("As its uploader named it.")},
                   {"description", text("As its uploader described it, or empty.")},
                   {"type", text("The extension of the file, lower case, without the dot: mp4.")},
                   {"class_id", text("The class that it was filed under.")},
                   {"tags", list("As its owner tagged it.", text("A tag."))},
                   {"source", one_of("How it came into the library.", asset_sources)},
                   {"source_context", text("What the uploader passed through, or empty.")},
                   {"created_at", time("When it came into the library.")},
                   {"updated_at", time("When it was changed last.")},
                   {"expires_at", or_null(time("When it will be deleted; null: never."))},
                   {"url", or_null(url("Where the original is; null when it was deleted."))},
                   {"size_bytes", integer("Of the original.")},
                   {"md5", or_null(text("Of the original, lower-case hex."))},
                   {"cover_url", or_null(url("Where its cover is."))},
                   {"media", or_null(media())},
                   {"renditions", list("What transcoding made from it.", rendition())},
                   {"snapshots", picture_sets("Pictures taken at given times.")},
                   {"samples", picture_sets("Pictures taken at equal distances.")},
                   {"sprites", list("Small pictures to look through the video.", sprite())},
                   {"animations", list("Parts of it as moving pictures.", animation())},
                   {"adaptive_streams", list("It in several sizes.", adaptive_stream())},
                   {"key_frames", list("Moments that its owner wrote a word about.", key_frame())},
                   {"subtitles", list("In the order in which they were added.", subtitle())}});
}

json::object error() {
    return object("Why it failed.",
                  {{"code", one_of("For programs.", std::span(failures).subspan(1))},
                   {"message", text("For people.")}});
}

json::object step() {
    return object(
        "One piece of the task, with an outcome of its own.",
        {{"kind", one_of("What it makes.", step_kinds)},
         {"template_id", text("The recipe.")},
         {"status", one_of("How it stands.", step_statuses)},
         {"progress_percent", integer("0 to 100.")},
         {"error", or_null(error())},
         {"started_at", or_null(time("When work on it began; null: not yet."))},
         {"finished_at", or_null(time("When it ended; null: not yet."))},
         {"rendition", or_null(rendition())},
         {"new_asset_id",
          or_null(text("The file that the rendition is by itself; null: a part of this."))},
         {"pictures", list("What a cover, snapshots or samples step made.", picture())},
         {"sprite", or_null(sprite())},
         {"animation", or_null(animation())},
         {"adaptive_stream", or_null(adaptive_stream())},
         {"findings", or_null(list("What an external service found, in the words of the API in "
                                   "which it was asked.",
                                   foreign_object("A result of one type.")))}});
}

json::object task() {
    return object("Work on the file.",
                  {{"id", text("The task's id, the same in all APIs.")},
                   {"status", one_of("finished also when steps failed: each has its own status.",
                                     task_statuses)},
                   {"session_id", text("What its creator named it against doubles, or empty.")},
                   {"session_context", text("What its creator passed through, or empty.")},
                   {"created_at", time("When it was asked for.")},
                   {"started_at", or_null(time("When work on it began; null: not yet."))},
                   {"finished_at", or_null(time("When its last step ended; null: not yet."))},
                   {"source_url", or_null(url("What it works on, when that is no file of the "
                                              "library: `asset` then has the name alone."))},
                   {"steps", list("In the order in which they were asked for.", step())}});
}

json::object pull() {
    return object("The fetching of a file from an address.",
                  {{"task_id", text("The id of this work, the same in all APIs.")},
                   {"url", url("From where.")},
                   {"status", one_of("How it ended.", step_statuses)},
                   {"error", or_null(error())},
                   {"session_id", text("What its creator named it against doubles, or empty.")},
                   {"session_context", text("What its creator passed through, or empty.")},
                   {"source_context", text("What its creator passed through, or empty.")},
                   {"created_at", time("When it was asked for.")},
                   {"started_at", or_null(time("When work on it began; null: not yet."))},
                   {"finished_at", or_null(time("When it ended; null: not yet."))}});
}

json::object edit(std::string_view description) {
    return object(description,
                  {{"task_id", text("The id of this work, the same in all APIs.")},
                   {"type", one_of("What was to be made.", made_types)},
                   {"sources", list("The files that it was made of, each once.", text("Its id."))},
                   {"status", one_of("How it ended.", step_statuses)},
                   {"error", or_null(error())},
                   {"session_id", text("What its creator named it against doubles, or empty.")},
                   {"session_context", text("What its creator passed through, or empty.")},
                   {"created_at", time("When it was asked for.")},
                   {"started_at", or_null(time("When work on it began; null: not yet."))},
                   {"finished_at", or_null(time("When it ended; null: not yet."))}});
}

// An edit and the file that it made.
json::object made(std::string_view description, json::object edit) {
    return object(description,
                  {{"edit", std::move(edit)},
                   {"asset", or_null(asset())},
                   {"task_id", or_null(text("The task that was asked for with it."))},
                   {"review_task_id", or_null(text("The review that was asked for with it."))}});
}

json::object external_task() {
    return object(
        "Work that an external service did.",
        {{"id", text("The task's id, the same in all APIs.")},
         {"kind", text("Which work: review_audio_video, generate_image.")},
         {"status", one_of("How it ended.", step_statuses)},
         {"error", or_null(error())},
         {"input", foreign_object("What was asked, in the words of the API in which it was.")},
         {"output", or_null(foreign_object("What the service found or made, in the same words."))},
         {"session_id", text("What its creator named it against doubles, or empty.")},
         {"session_context", text("What its creator passed through, or empty.")},
         {"created_at", time("When it was asked for.")},
         {"started_at", or_null(time("When the service was first asked; null: not yet."))},
         {"finished_at", or_null(time("When it ended; null: not yet."))}});
}

}  // namespace

json::object uploaded_schema() {
    return object("A file that arrived.",
                  {{"asset", asset()},
                   {"task_id", or_null(text("The task that the uploader asked for with it."))},
                   {"review_task_id", or_null(text("The review that was asked for with it."))}});
}

json::object processed_schema() {
    return object("A task and its file, as it is after the task.",
                  {{"task", task()}, {"asset", asset()}});
}

json::object pulled_schema() {
    return object("A file that was fetched, or could not be.",
                  {{"pull", pull()},
                   {"asset", or_null(asset())},
                   {"task_id", or_null(text("The task that was asked for with it."))},
                   {"review_task_id", or_null(text("The review that was asked for with it."))}});
}

json::object edited_schema() {
    return made("A file that was cut and joined of others, or could not be.",
                edit("The cutting and joining."));
}

json::object composed_schema() {
    return made("A file that was composed of tracks, or could not be.", edit("The composition."));
}

json::object external_schema() {
    return object("Work that an external service did, or could not do.",
                  {{"task", external_task()},
                   {"asset_id", or_null(text("The file that it was about, if any."))}});
}

json::object deleted_schema() {
    return object(
        "What is gone.",
        {{"asset", object("The file that it was, or is a part of.", {{"id", text("Its id.")}})},
         {"all", boolean("Whether the whole file with everything made from it is gone.")},
         {"parts", list("Else which kinds of its files are.",
                        object("A kind of files.",
                               {{"kind", one_of("Which.", part_kinds)},
                                {"template_id", or_null(text("Those of one recipe; null: all of "
                                                             "the kind."))}}))}});
}

}  // namespace hookreel::dialect::standard
