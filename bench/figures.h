// What a benchmark prints: the median of its runs with minimum and maximum, and the ratio to its
// yardstick of the same run.
#pragma once

#include <string>
#include <vector>

namespace hookreel::bench {

// One measured quantity over all runs.
struct Figure {
    std::string what;  // "Hookreel, CPU of the server"
    std::string unit;  // "us/event"
    std::vector<double> runs;
};

double median(std::vector<double> values);

// The quotient run by run, so that a machine that changes its speed does not change it.
Figure ratio(const std::string& what, const Figure& ours, const Figure& yardstick);

enum class Form { table, json };
// Prints the set-up and the figures on standard output.
void print(const std::string& setup, const std::vector<Figure>& figures, Form form);

// CPU time of this process so far, user and system, in seconds.
double cpu_seconds();

// What every benchmark takes: --runs N (default 5), --events N, --json.
struct Options {
    int runs = 5;
    std::uint64_t events = 0;  // 0: the benchmark's own default.
    Form form = Form::table;
    std::vector<std::string> rest;
};
// Ends the program with a message when the command line makes no sense.
Options read_options(int argc, char** argv);

// A new empty folder on the disk under test, removed with everything in it. Under ./build/bench,
// not /tmp, which may be memory.
class Folder {
 public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

}  // namespace hookreel::bench
