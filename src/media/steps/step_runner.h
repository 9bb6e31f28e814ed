// Does one step of a task: checks it, has ffmpeg do it in the sandbox, and puts what was made into
// the file's folder of the library.
//
// Outputs get their final names when they are wholly on disk; whoever runs a step twice replaces
// them. Knows no store. Threads: any loop; what blocks is done on the file threads.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

// What came of a step: its work with the output filled in, or why there is none.
struct StepOutcome {
    model::Work work;
    model::Failure failure = model::Failure::none;
    std::string message;  // For people; "SUCCESS", perhaps with a warning.
};

struct StepOrder {
    model::Asset asset;
    model::Work work;
    model::OwnTemplates own{};  // Of the asset's application; may be empty for a preset.
    unsigned place = 0;         // How many steps of its kind and template its task has before it.
    ClaimRoom claim{};          // For all but pictures, which no quota counts.
    std::vector<model::Asset> attachable{};  // What heads and tails are chosen from.
};

class StepRunner {
 public:
    // Removes working folders that a dead process left.
    explicit StepRunner(StepTools tools);

    // Everything that is wrong with the file or the request is an outcome. Errors: cancelled;
    // unavailable (ffmpeg cannot be run, the disk is full, the store of media is gone).
    Task<Result<StepOutcome>> run(StepOrder order, OnProgress on_progress);

    const StepTools& tools() const { return tools_; }

 private:
    StepTools tools_;
};

}  // namespace hookreel::media
