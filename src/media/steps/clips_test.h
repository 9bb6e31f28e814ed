// Tiny real clips for tests, made by ffmpeg on the spot, and a library folder with originals in it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "media/ffmpeg/ffprobe.h"
#include "media/files/upload_fakes.h"
#include "media/steps/step_runner.h"
#include "model/application.h"
#include "process/sandbox.h"

namespace hookreel::media::fakes {

// Found once: each look starts a program.
inline process::Isolation test_isolation() {
    static const process::Isolation isolation = process::strictest_isolation(Log(Level::error));
    return isolation;
}

inline std::string program(std::string_view name) {
    return process::find_program(name).value_or("/usr/bin/" + std::string(name));
}

// What ffmpeg, outside of any sandbox, makes of these arguments: what the tests work on. Each clip
// is made once in a run.
inline const std::string& clip(const std::string& type, const std::vector<std::string>& arguments) {
    static std::map<std::string, std::string> made;
    const auto [entry, is_new] =
        made.try_emplace(fmt::format("{} {}", type, fmt::join(arguments, " ")));
    if (!is_new) return entry->second;
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/clip." + type;
    process::Spawn spawn{.argv = {program("ffmpeg"), "-nostdin", "-v", "error", "-y"}};
    spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
    spawn.argv.push_back("file:" + path);
    Loop loop;
    const Result<process::Exit> exit = run(loop, process::run_child(std::move(spawn)));
    EXPECT_TRUE(exit && exit->status == 0) << (exit ? exit->errors : exit.error().detail);
    entry->second = read_file(path);
    return entry->second;
}

// Two seconds of moving picture, 320x240 at 25 frames, with a tone.
inline std::vector<std::string> test_signal(std::vector<std::string> encode) {
    std::vector<std::string> arguments = {
        "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25",
        "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100",
        "-t", "2"};
    arguments.insert(arguments.end(), encode.begin(), encode.end());
    return arguments;
}
inline const std::vector<std::string> as_wmv = {"-c:v", "wmv2", "-b:v", "800k", "-c:a", "wmav2"};
inline const std::vector<std::string> as_mp4 = {"-c:v", "libx264", "-preset",   "ultrafast",
                                                "-c:a", "aac",     "-movflags", "+faststart"};

// A library on disk with a sandbox, a prober and a runner of steps.
class MediaTest : public testing::Test {
 protected:
    MediaTest()
        : sandbox_(test_isolation()),
          prober_(sandbox_, program("ffprobe")),
          files_(1),
          steps_(StepTools{sandbox_, prober_, files_, log_, options()}) {}

    StepOptions options() const {
        return {.ffmpeg = program("ffmpeg"), .media_folder = folder_.path()};
    }
    std::string path_of(const std::string& relative) const {
        return folder_.path() + "/" + relative;
    }

    // An asset of the default application with this original, probed as an upload would be.
    model::Asset add_original(const std::string& type, const std::vector<std::string>& arguments) {
        return add_bytes(type, clip(type, arguments));
    }
    model::Asset add_bytes(const std::string& type, std::string_view bytes) {
        model::Asset asset = asset_of(type);
        std::ofstream(path_of(asset.path), std::ios::binary) << bytes;
        return probed(std::move(asset));
    }
    std::string bytes_of(const std::string& relative) const { return read_file(path_of(relative)); }
    Result<model::Metadata> probe(const std::string& relative) {
        return run(loop_, prober_.probe(path_of(relative)));
    }
    // Nothing is left of work that ended.
    bool work_is_clean() const {
        const std::filesystem::path work = path_of(".work");
        return !std::filesystem::exists(work) || std::filesystem::is_empty(work);
    }

    TemporaryFolder folder_;
    Loop loop_;
    Log log_{Level::error};
    process::Sandbox sandbox_;
    FfprobeProber prober_;
    FileThreads files_;
    StepRunner steps_;

 private:
    model::Asset asset_of(const std::string& type) {
        model::Asset asset;
        asset.id = model::FileId(fmt::format("{}", 3701925921299637010 + count_++));
        asset.application = model::default_application;
        asset.type = type;
        asset.path = fmt::format("1500000001/37/{}/f0.{}", asset.id.text(), type);
        std::filesystem::create_directories(
            std::filesystem::path(path_of(asset.path)).parent_path());
        return asset;
    }
    model::Asset probed(model::Asset asset) {
        Result<model::Metadata> metadata = probe(asset.path);
        if (metadata) asset.metadata = std::move(*metadata);
        return asset;
    }

    std::uint64_t count_ = 0;
};

}  // namespace hookreel::media::fakes
