// The drawings that SVG marks show, as files: a record names the file, not the text.
//
// A file is named by its application and the SHA-256 of its text, so that the same drawing is there
// once, whoever names it: procedures, and tasks until they are over. Nobody counts those. A sweep
// every hour reads the records, and removes what none of them named for an hour, or when there is
// no room for a minute: between a text and the commit that names it no sweep can come in. Players
// get none of these files, because their folder begins with a dot: .drawings/<application>/<64 hex
// digits>.svg. Threads: any loop. Durability: what returned success is on disk. Before the first
// request `recover` must have finished; `tend` then runs beside the server until it is cancelled.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "media/files/file_io.h"
#include "media/procedures/local_procedures.h"
#include "store/store.h"

namespace hookreel::media {

// Of one application at a time. What is not named any more counts until it is removed.
inline constexpr std::uint64_t drawings_bytes_max = 1ull << 30;

// What somebody wants to have drawn, and its place. Pure.
struct Drawing {
    std::string path;  // Relative to the library.
    model::ApplicationId application;
    std::string text;
};
Drawing drawing_of(model::ApplicationId application, std::string text);

class LocalDrawings {
 public:
    // All of it outlives the drawings.
    struct Ports {
        store::Store& store;
        const Clock& clock;
        FileThreads& threads;
        LocalProcedures& procedures;
        const Log& log;
    };
    LocalDrawings(Ports ports, const std::string& media_folder)
        : ports_(ports), folder_(media_folder + "/.drawings") {}

    // From then on the file is there for an hour, and as long as a record names it. Errors: invalid
    // (check_svg, with a sentence for people), too_large (the application has drawings_bytes_max of
    // them), unavailable.
    Task<Result<void>> keep(Drawing drawing);

    // Removes what no record names, at once: nobody is about to name it. Errors: unavailable.
    Task<Result<void>> recover();
    // Removes what no record named for an hour. Errors: unavailable.
    Task<Result<void>> sweep();
    // Sweeps every hour, until it is cancelled.
    Task<void> tend();

 private:
    struct Kept {
        std::string name;  // In the folder of its application.
        std::uint64_t size_bytes = 0;
    };

    Result<void> write(const Drawing& drawing);
    Result<bool> reserve(const Drawing& drawing);
    Task<Result<void>> sweep_all(Duration unnamed_max);
    Task<Result<void>> sweep_one(model::ApplicationId application, Duration unnamed_max);
    Task<Result<std::set<std::string>>> named(model::ApplicationId application);
    Result<std::vector<Kept>> kept(model::ApplicationId application) const;
    Result<void> remove_unnamed(model::ApplicationId application, const std::vector<Kept>& files,
                                const std::set<std::string>& names, Duration unnamed_max);
    std::string absolute(const std::string& path) const;

    Ports ports_;
    std::string folder_;
    // Of one application, as far as it is known.
    struct Shelf {
        std::uint64_t bytes = 0;
        std::map<std::string, TimePoint> unnamed_since;  // Paths, and the sweep that found it out.
    };
    std::mutex mutex_;
    std::map<model::ApplicationId, Shelf> shelves_;
};

}  // namespace hookreel::media
