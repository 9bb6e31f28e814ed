#include "app/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hookreel::app {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

void write_process_metrics(MetricsText& text) {
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        text.counter("process_cpu_seconds_total", "Processor time used.", "",
                     seconds(usage.ru_utime) + seconds(usage.ru_stime));
    // Sizes in pages: of the whole, then what is resident.
    std::ifstream pages("/proc/self/statm");
    double whole = 0, resident = 0;
    if (pages >> whole >> resident)
        text.gauge("process_resident_memory_bytes", "Memory that is resident.", "",
                   resident * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    std::error_code error;
    double open = 0;
    for (auto file = std::filesystem::directory_iterator("/proc/self/fd", error);
         !error && file != std::filesystem::directory_iterator(); file.increment(error))
        ++open;
    if (!error) text.gauge("process_open_fds", "Open file descriptors.", "", open);
}

}  // namespace hookreel::app
