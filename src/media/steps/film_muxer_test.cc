#include "media/steps/film_muxer.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

// Pictures and sounds in a folder, and a muxer that makes films of them there.
class FilmMuxerTest : public fakes::MediaTest {
 protected:
    std::string put(const std::string& name, const std::string& type,
                    const std::vector<std::string>& arguments) {
        std::ofstream(path_of(name), std::ios::binary) << fakes::clip(type, arguments);
        return path_of(name);
    }
    std::string picture(const std::string& type, const std::string& start = "0") {
        return put("picture", type,
                   {"-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25", "-t", "2", "-c:v",
                    "libx264", "-preset", "ultrafast", "-output_ts_offset", start});
    }
    std::string sound(const std::string& type, const std::string& start = "0",
                      const std::string& codec = "aac") {
        return put("sound", type,
                   {"-f", "lavfi", "-i", "sine=frequency=440", "-t", "2", "-c:a", codec, "-f",
                    type == "ts"    ? "mpegts"
                    : type == "m4s" ? "mp4"
                                    : type,
                    "-output_ts_offset", start});
    }

    Result<Muxed> mux(const std::string& type, std::uint64_t bytes_max = 1 << 30) {
        return fakes::run(loop_, muxer_.mux({.picture = {path_of("picture"), 0},
                                             .sound = {path_of("sound"), 0},
                                             .type = type,
                                             .output = path_of("out/film"),
                                             .bytes_max = bytes_max}));
    }
    model::Metadata film() {
        const Result<model::Metadata> metadata = probe("out/film");
        EXPECT_TRUE(metadata);
        return metadata.value_or(model::Metadata());
    }

    FilmMuxer muxer_{StepTools{sandbox_, prober_, files_, log_, options()}};
};

TEST_F(FilmMuxerTest, MakesOneFileOfBoth) {
    const std::pair<const char*, const char*> cases[] = {
        {"mp4", "m4s"}, {"ts", "ts"}, {"ts", "adts"}, {"mp4", "ts"}};
    for (const auto& [picture_type, sound_type] : cases) {
        picture(picture_type);
        sound(sound_type);
        const Result<Muxed> muxed = mux(picture_type);
        ASSERT_TRUE(muxed) << picture_type << sound_type << muxed.error().detail;
        const std::string bytes = bytes_of("out/film");
        EXPECT_EQ(muxed->size_bytes, bytes.size());
        EXPECT_EQ(muxed->md5, hex(digest(Algorithm::md5, bytes)));
        const model::Metadata metadata = film();
        EXPECT_EQ(metadata.video.size(), 1u);
        EXPECT_EQ(metadata.audio.size(), 1u);
        EXPECT_EQ(metadata.audio.front().codec, "aac");
        EXPECT_NEAR(metadata.duration, 2, 0.2) << picture_type << sound_type;
        EXPECT_TRUE(work_is_clean());
    }
}

TEST_F(FilmMuxerTest, KeepsWhatBeginsBeforeInStep) {
    picture("ts", "10");
    sound("ts", "10.5");
    ASSERT_TRUE(mux("ts"));
    EXPECT_NEAR(film().duration, 2.5, 0.1);
    // Of clocks that have nothing to do with each other, both begin at once.
    sound("ts", "100");
    ASSERT_TRUE(mux("ts"));
    EXPECT_NEAR(film().duration, 2, 0.2);
}

TEST_F(FilmMuxerTest, SaysWhyThereIsNoFilm) {
    picture("mp4");
    std::ofstream(path_of("sound")) << "no sound";
    EXPECT_EQ(mux("mp4").error().code, Code::invalid);
    EXPECT_EQ(mux("mp4").error().code, Code::invalid);
    std::filesystem::copy_file(path_of("picture"), path_of("sound"),
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(mux("mp4").error().detail, "the sound is none");
    sound("wav", "0", "pcm_s16le");
    EXPECT_EQ(mux("webm").error().code, Code::invalid);  // No such sound in WebM.
    sound("m4s");
    EXPECT_EQ(mux("mp4", 1000).error().code, Code::too_large);
    EXPECT_FALSE(std::filesystem::exists(path_of("out/film")));
    EXPECT_TRUE(work_is_clean());
}

}  // namespace
}  // namespace hookreel::media
