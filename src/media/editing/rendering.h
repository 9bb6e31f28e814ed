// Renders a plan: its slices one after the other, then their join, then a look at what came out.
//
// Everything is made in a working folder that exists as long as this does. Knows no store. Threads:
// any loop; what blocks is done on the file threads.
#pragma once

#include <string>

#include "media/editing/render_command.h"
#include "media/steps/step_tools.h"

namespace hookreel::media {

// What was made, wholly on disk but still in the working folder.
struct Rendered {
    std::string path;  // The file; with HLS the folder with the playlist in it.
    std::string md5;   // Of the file, or of the playlist.
    model::Metadata metadata;
    std::string warning;  // Empty, or a sentence for people.
};

class Rendering {
 public:
    // All of it outlives the rendering.
    Rendering(const StepTools& tools, const RenderPlan& plan, const WorkFolder& work,
              OnProgress on_progress)
        : tools_(tools), plan_(plan), work_(work), on_progress_(std::move(on_progress)) {}

    // A source that is gone is source_file_error, whatever else went wrong because of it.
    Task<StepResult<Rendered>> run();

 private:
    Task<StepResult<Rendered>> render();
    Task<StepResult<void>> make_slice(std::size_t index);
    Task<StepResult<void>> join();
    Task<StepResult<Rendered>> take_file();
    Task<StepResult<Rendered>> take_playlist();
    // A slice or the join, by one ffmpeg that reads these sources.
    Task<StepResult<process::Exit>> encode(std::vector<std::string> arguments,
                                           std::vector<std::string> sources);
    // Where the running program is in its output.
    void tell(double seconds);

    const StepTools& tools_;
    const RenderPlan& plan_;
    const WorkFolder& work_;
    OnProgress on_progress_;
    std::int64_t done_ = 0;  // Frames of slices that are made.
    bool is_joining_ = false;
    std::string warning_;
};

}  // namespace hookreel::media
