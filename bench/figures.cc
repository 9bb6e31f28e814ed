#include "bench/figures.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "base/text.h"

namespace hookreel::bench {
namespace {

constexpr int default_runs = 5;

[[noreturn]] void usage(const char* program) {
    fmt::print(stderr, "usage: {} [--runs N] [--events N] [--json]\n", program);
    std::exit(2);
}

}  // namespace

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Figure ratio(const std::string& what, const Figure& ours, const Figure& yardstick) {
    Figure out{what, "x", {}};
    for (std::size_t i = 0; i < ours.runs.size(); ++i)
        out.runs.push_back(ours.runs[i] / yardstick.runs[i]);
    return out;
}

void print(const std::string& setup, const std::vector<Figure>& figures, Form form) {
    if (form == Form::json) {
        boost::json::array rows;
        for (const Figure& figure : figures)
            rows.push_back({{"what", figure.what},
                            {"unit", figure.unit},
                            {"median", median(figure.runs)},
                            {"min", std::ranges::min(figure.runs)},
                            {"max", std::ranges::max(figure.runs)}});
        fmt::print("{}\n", boost::json::serialize(
                               boost::json::value{{"setup", setup}, {"figures", std::move(rows)}}));
        return;
    }
    fmt::print("{}\n\n{:<44} {:>10} {:>10} {:>10}  {}\n", setup, "", "median", "min", "max",
               "unit");
    for (const Figure& figure : figures)
        fmt::print("{:<44} {:>10.2f} {:>10.2f} {:>10.2f}  {}\n", figure.what, median(figure.runs),
                   std::ranges::min(figure.runs), std::ranges::max(figure.runs), figure.unit);
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

Options read_options(int argc, char** argv) {
    Options options;
    options.runs = default_runs;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const auto number = [&] {
            const Result<std::uint64_t> value =
                i + 1 < argc ? parse_unsigned(argv[i + 1]) : fail(Code::invalid, "");
            if (!value || *value == 0) usage(argv[0]);
            ++i;
            return *value;
        };
        if (word == "--runs")
            options.runs = static_cast<int>(number());
        else if (word == "--events")
            options.events = number();
        else if (word == "--json")
            options.form = Form::json;
        else if (word.starts_with("-"))
            usage(argv[0]);
        else
            options.rest.emplace_back(word);
    }
    return options;
}

Folder::Folder() {
    std::filesystem::create_directories("build/bench");
    std::string name = std::filesystem::absolute("build/bench/XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        fmt::print(stderr, "cannot make a folder under build/bench\n");
        std::exit(1);
    }
    path_ = name;
}

Folder::~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

}  // namespace hookreel::bench
