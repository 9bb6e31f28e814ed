// Edits, a worker and a store in memory around clips whose frames tell their number by their shade.
#pragma once

#include "media/editing/edit_job.h"
#include "media/tasks/task_fixture_test.h"

namespace hookreel::media::fakes {

// Tells one queue of every edit, as the edit's record.
class EditAnnouncer final : public store::Announcer {
 public:
    store::NewEvent announce(const model::Event& event) const override {
        const auto* const edited = std::get_if<model::MediaEdited>(&event.payload);
        const model::Edit& edit =
            edited ? edited->edit : std::get<model::MediaComposed>(event.payload).edit;
        store::NewEvent announced{event.id,
                                  event.application,
                                  std::string(model::type(event)),
                                  model::key(event),
                                  event.time,
                                  {},
                                  {}};
        auto body = std::make_shared<const std::string>(to_json_text(edit));
        announced.entries.push_back({TaskAnnouncer::queue(), std::move(body), {}});
        return announced;
    }
};

struct NumberedClip {
    int frames = 50;
    std::string rate = "25";
    std::string size = "160x120";
    // Frame n has the shade first + step * n.
    int first = 20;
    int step = 4;
    enum class Tone { none, sine } tone = Tone::sine;
};

// The arguments that make it; sound of the same length.
inline std::vector<std::string> numbered(const NumberedClip& clip) {
    const std::string picture =
        fmt::format("color=black:s={}:r={},format=gray,geq=lum='{}+{}*N',trim=end_frame={}",
                    clip.size, clip.rate, clip.first, clip.step, clip.frames);
    std::vector<std::string> arguments = {"-f", "lavfi", "-i", picture};
    if (clip.tone == NumberedClip::Tone::sine)
        arguments.insert(arguments.end(),
                         {"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=20",
                          "-c:a", "aac", "-shortest"});
    arguments.insert(arguments.end(), {"-c:v", "libx264", "-preset", "ultrafast", "-g", "12",
                                       "-pix_fmt", "yuv420p"});
    return arguments;
}

class EditTest : public TaskTest {
 protected:
    EditTools edit_tools(WorkerOptions worker_options = {}) {
        return {store_,        edit_announcer_,
                clock_,        StepTools{sandbox_, hooked_, files_, log_, options()},
                procedures_,   catalog_,
                live_edits_,   log_,
                worker_options};
    }
    model::Asset add(const NumberedClip& clip, const std::string& type = "mp4") {
        model::Asset asset = add_original(type, numbered(clip));
        put(asset);
        return asset;
    }
    static model::EditRequest cut_of(std::vector<model::CutPiece> pieces) {
        model::EditRequest request;
        request.application = model::default_application;
        request.name = "cut";
        model::Cut cut;
        cut.pieces = std::move(pieces);
        request.work = std::move(cut);
        return request;
    }
    static model::EditRequest composition_of(std::vector<model::Track> tracks) {
        model::EditRequest request;
        request.application = model::default_application;
        request.name = "composed";
        model::Composition work;
        work.tracks = std::move(tracks);
        request.work = std::move(work);
        return request;
    }
    model::TaskId create_edit(model::EditRequest request) {
        const Result<model::TaskId> id = run(loop_, edits_.create(std::move(request)));
        EXPECT_TRUE(id) << id.error().detail;
        return id.value_or(model::TaskId());
    }
    model::Edit find_edit(const model::TaskId& id) {
        const Result<model::Edit> edit = run(loop_, edits_.find(model::default_application, id));
        EXPECT_TRUE(edit) << edit.error().detail;
        return edit.value_or(model::Edit{});
    }
    static Task<int> run_edit(EditJob* job) {
        co_await job->run();
        co_return 0;
    }
    void perform(const EditTools& with, store::Lease lease) {
        EditJob job(with, std::move(lease));
        run(loop_, run_edit(&job));
    }
    // Asks for it, does it as one worker, and returns how it ended.
    model::Edit done(model::EditRequest request) {
        const model::TaskId id = create_edit(std::move(request));
        std::vector<store::Lease> leases = lease_tasks();
        EXPECT_EQ(leases.size(), 1u);
        if (leases.empty()) return {};
        const EditTools with = edit_tools();
        perform(with, std::move(leases.front()));
        return find_edit(id);
    }
    // The new file. It must be there.
    model::Asset made(const model::Edit& edit) {
        EXPECT_EQ(edit.failure, model::Failure::none) << edit.message;
        EXPECT_EQ(edit.status, model::TaskStatus::finish);
        store::RecordKey key = asset_key(edit.request.application, edit.file);
        const auto asset = run(loop_, store::load<model::Asset>(store_, std::move(key)));
        EXPECT_TRUE(asset);
        return asset ? asset->value : model::Asset{};
    }
    // The shade of the middle of each frame, at a place that is given in parts of the picture.
    std::vector<int> shades(const std::string& relative, double x = 0.5, double y = 0.5) {
        process::Spawn spawn{.argv = {program("ffmpeg"), "-nostdin", "-v", "error", "-i",
                                      path_of(relative), "-map", "0:v:0", "-vf",
                                      fmt::format("format=gray,crop=2:2:iw*{}:ih*{}", x, y), "-f",
                                      "rawvideo", "-fps_mode", "passthrough", "pipe:1"}};
        const Result<process::Exit> exit = run(loop_, process::run_child(std::move(spawn)));
        EXPECT_TRUE(exit && exit->status == 0) << (exit ? exit->errors : exit.error().detail);
        std::vector<int> all;
        for (std::size_t i = 0; exit && i + 4 <= exit->output.size(); i += 4)
            all.push_back(static_cast<unsigned char>(exit->output[i]));
        return all;
    }
    // How loud the sound is in a part of it: the largest sample, of 32767.
    int loudness(const std::string& relative, double begin, double end) {
        process::Spawn spawn{.argv = {program("ffmpeg"), "-nostdin", "-v", "error", "-i",
                                      path_of(relative), "-map", "0:a:0", "-af",
                                      fmt::format("atrim={}:{}", begin, end), "-ac", "1", "-ar",
                                      "8000", "-f", "s16le", "pipe:1"}};
        const Result<process::Exit> exit = run(loop_, process::run_child(std::move(spawn)));
        EXPECT_TRUE(exit && exit->status == 0) << (exit ? exit->errors : exit.error().detail);
        int most = 0;
        for (std::size_t i = 0; exit && i + 2 <= exit->output.size(); i += 2) {
            const auto low = static_cast<unsigned char>(exit->output[i]);
            const auto high = static_cast<signed char>(exit->output[i + 1]);
            most = std::max(most, std::abs(high * 256 + low));
        }
        return most;
    }
    std::vector<model::Edit> told_edits() {
        const store::LeaseOptions options{.count_max = 100, .hold = Duration(0)};
        std::vector<model::Edit> all;
        for (const store::Lease& lease :
             run(loop_, store_.lease(TaskAnnouncer::queue(), options)).value())
            all.push_back(from_json_text<model::Edit>(*lease.body).value());
        return all;
    }

    EditAnnouncer edit_announcer_;
    LiveEdits live_edits_;
    LocalEdits edits_{store_, clock_, live_edits_};
    NoProcedures procedures_;
};

// Frame n of a numbered clip, as a decoder may show it.
inline void expect_frame(int shade, const NumberedClip& clip, int n) {
    EXPECT_NEAR(shade, clip.first + clip.step * n, clip.step / 2.0) << "frame " << n;
}
inline void expect_frames(const std::vector<int>& shades, std::size_t at, const NumberedClip& clip,
                          int from, int count) {
    ASSERT_LE(at + static_cast<std::size_t>(count), shades.size());
    for (int i = 0; i < count; ++i)
        expect_frame(shades[at + static_cast<std::size_t>(i)], clip, from + i);
}

}  // namespace hookreel::media::fakes
