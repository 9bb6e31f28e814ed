// What the steps work with, and what they share: an original, a working folder, one run of ffmpeg.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "media/ffmpeg/output_files.h"
#include "media/ffmpeg/step_rules.h"
#include "media/files/prober.h"
#include "process/sandbox.h"

namespace hookreel::media {

struct StepOptions {
    std::string ffmpeg;        // Absolute path of the program.
    std::string media_folder;  // Paths of assets are relative to it.
    int threads = 2;           // Of one ffmpeg.
    Duration time_max = std::chrono::hours(6);
    std::uint64_t output_bytes_max = 64ull << 30;  // Of one output.
    // With less room on the disk after a run, what it wrote is not looked at.
    std::uint64_t free_bytes_min = 16ull << 20;
};

// All of it outlives the steps.
struct StepTools {
    const process::Sandbox& sandbox;
    Prober& prober;
    FileThreads& files;
    const Log& log;
    StepOptions options;
};

// Percent of the step. May come often and may fall.
using OnProgress = std::move_only_function<void(int percent)>;

// Asks for room in the application's quota for an output that takes the place of what is at `path`,
// relative to the library. Errors: as of Quota::claim.
using ClaimRoom = std::move_only_function<Result<void>(std::string_view path, std::uint64_t bytes)>;

// One step while it runs.
struct StepRun {
    const StepTools& tools;
    Source source;
    model::OwnTemplates own;  // Of the asset's application.
    unsigned place;           // As in StepOrder.
    std::string folder;       // Of the asset, relative to the library: where outputs go.
    WorkFolder work;          // Where they are made.
    OnProgress on_progress;
    ClaimRoom claim;                          // Absent: there is always room.
    std::vector<std::string> more_sources{};  // What ffmpeg may read besides.
    std::vector<model::Asset> attachable{};   // As in StepOrder.
};

// One run of ffmpeg: what it is told, what it may read, and the folder in which it works.
struct FfmpegRun {
    std::vector<std::string> arguments;
    std::vector<std::string> sources;
    std::string folder;
    std::optional<process::Limits> limits{};  // Absent: those of the steps.
};

// Runs ffmpeg, and logs why when it fails. A non-zero exit is a value here. A disk that is full at
// the end is a fault: the muxers of pieces lose them for want of space, say nothing, and end well.
Task<StepResult<process::Exit>> run_ffmpeg(const StepTools& tools, FfmpegRun what,
                                           process::OnLine on_line = {});
// On the original, in the working folder.
Task<StepResult<process::Exit>> run_ffmpeg(StepRun& run, std::vector<std::string> arguments,
                                           process::OnLine on_line = {});

// What ffprobe knows of an output. What it cannot read was no output.
Task<StepResult<model::Metadata>> probe_output(const StepTools& tools, std::string path);
// Whether no file has that name any more; an original that was deleted is why all else failed.
// Blocks.
bool is_gone(const std::string& path);
// Why an output cannot be used: ffmpeg ended well and yet wrote nothing that it should, or the disk
// is at fault.
StepFailure failure_of_output(Error error);
// Before an output gets its place in the library. Without room for it the step ends, and what it
// made goes with its working folder.
StepResult<void> claim_room(StepRun& run, std::string_view path, std::uint64_t bytes);
// Tells how far ffmpeg has come in an output of so many seconds.
process::OnLine progress_of(StepRun& run, double seconds);

// The part of an output's name that tells its step: "10", and of further steps of the same kind and
// template in one task "10.1", "10.2", so that none takes the place of another.
std::string label(const StepRun& run, std::uint64_t definition);

// The path, relative to the library and absolute, that an output called `name` gets.
std::string output_path(const StepRun& run, std::string_view name);
std::string absolute_path(const StepRun& run, std::string_view path);
std::string work_path(const StepRun& run, std::string_view name);

}  // namespace hookreel::media
