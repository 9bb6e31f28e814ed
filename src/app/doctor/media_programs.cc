#include "app/doctor/media_programs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"

namespace hookreel::app::doctor {
namespace {

using process::Isolation;

// What media/ffmpeg and media/editing write, and the filters that their arguments name.
constexpr std::array<std::string_view, 8> encoders = {"libx264", "libx265", "aac", "libmp3lame",
                                                      "mjpeg",   "png",     "gif", "libwebp"};
constexpr std::array<std::string_view, 23> filters = {
    "scale",   "setsar", "fps",   "tile",      "split",    "palettegen",   "paletteuse",   "format",
    "overlay", "xfade",  "trim",  "setpts",    "tpad",     "rotate",       "color",        "amix",
    "atempo",  "volume", "atrim", "aresample", "anullsrc", "asetnsamples", "unpremultiply"};
// Of what is no film, but may be laid over one: Debian's ffmpeg has it, smaller ones do not.
constexpr std::array<std::string_view, 1> decoders = {"librsvg"};
constexpr process::Limits limits{.time_max = Duration(20'000)};

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

// Standard output of a run that ended well. Errors: with the end of its standard error.
Task<Result<std::string>> output_of(const process::Sandbox& sandbox, std::string program,
                                    std::vector<std::string> arguments) {
    process::Command command{
        .program = std::move(program), .arguments = std::move(arguments), .limits = limits};
    Result<process::Exit> exit = co_await sandbox.run(std::move(command));
    if (!exit) co_return fail(std::move(exit.error()));
    if (exit->status != 0)
        co_return fail(Code::unavailable, fmt::format("ended with {}: {}", exit->status,
                                                      first_line(trim(exit->errors))));
    co_return std::move(exit->output);
}

Task<Finding> check_version(const process::Sandbox& sandbox, std::string subject,
                            std::string program) {
    std::vector<std::string> arguments = {"-hide_banner", "-version"};
    const Result<std::string> said = co_await output_of(sandbox, program, std::move(arguments));
    if (!said)
        co_return Finding{std::move(subject), Outcome::failed,
                          fmt::format("{}: {}", program, said.error().detail),
                          "install ffmpeg (Debian: apt-get install ffmpeg)"};
    const std::string_view line = first_line(*said);
    std::string version(line.substr(0, std::min(line.find(" Copyright"), std::size_t(60))));
    co_return Finding{std::move(subject), Outcome::ok, std::move(version), ""};
}

struct Listing {
    std::string subject;
    std::string flag;
    std::span<const std::string_view> wanted;
};
Task<Finding> check_listing(const process::Sandbox& sandbox, std::string program, Listing listing) {
    std::vector<std::string> arguments = {"-hide_banner", listing.flag};
    const Result<std::string> said =
        co_await output_of(sandbox, std::move(program), std::move(arguments));
    if (!said)
        co_return Finding{std::move(listing.subject), Outcome::failed, said.error().detail,
                          "install ffmpeg (Debian: apt-get install ffmpeg)"};
    const std::vector<std::string> missing = missing_of(*said, listing.wanted);
    if (missing.empty())
        co_return Finding{std::move(listing.subject), Outcome::ok,
                          fmt::format("all {} that are needed", listing.wanted.size()), ""};
    co_return Finding{
        std::move(listing.subject), Outcome::failed,
        fmt::format("missing: {}", fmt::join(missing, ", ")),
        "use an ffmpeg that has them, such as Debian's; work that asks for them fails"};
}

}  // namespace

std::vector<std::string> missing_of(std::string_view listing,
                                    std::span<const std::string_view> wanted) {
    std::vector<std::string> missing(wanted.begin(), wanted.end());
    while (!listing.empty()) {
        std::string_view line = trim(first_line(listing));
        listing.remove_prefix(std::min(listing.size(), listing.find('\n')));
        if (!listing.empty()) listing.remove_prefix(1);
        const std::size_t blank = line.find(' ');
        if (blank == std::string_view::npos) continue;
        line = trim(line.substr(blank));
        std::erase(missing, line.substr(0, line.find(' ')));
    }
    return missing;
}

Finding judge_isolation(Isolation isolation) {
    switch (isolation) {
        case Isolation::bubblewrap:
            return {"sandbox", Outcome::ok, "bubblewrap works", ""};
        case Isolation::namespaces:
            return {"sandbox", Outcome::warning,
                    "no bubblewrap: ffmpeg has no network, but sees all files of its user",
                    "install bubblewrap (Debian: apt-get install bubblewrap)"};
        case Isolation::limits:
            break;
    }
    return {"sandbox", Outcome::warning, "none: ffmpeg has its limits alone",
            "install bubblewrap, and allow user namespaces (kernel.unprivileged_userns_clone=1; in "
            "a container, a seccomp profile that lets them be made)"};
}

Task<Findings> check_media_programs(const process::Sandbox& sandbox, MediaPrograms programs) {
    Findings findings = {judge_isolation(sandbox.isolation())};
    findings.push_back(co_await check_version(sandbox, "ffmpeg", programs.ffmpeg));
    findings.push_back(co_await check_version(sandbox, "ffprobe", programs.ffprobe));
    if (findings[1].outcome == Outcome::failed) co_return findings;
    Listing first{"encoders", "-encoders", encoders};
    findings.push_back(co_await check_listing(sandbox, programs.ffmpeg, std::move(first)));
    Listing second{"filters", "-filters", filters};
    findings.push_back(co_await check_listing(sandbox, programs.ffmpeg, std::move(second)));
    Listing third{"decoders", "-decoders", decoders};
    findings.push_back(co_await check_listing(sandbox, programs.ffmpeg, std::move(third)));
    co_return findings;
}

}  // namespace hookreel::app::doctor
