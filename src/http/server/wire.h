// The server's end of one connection: a stream, what was read and not used, what is to be written,
// and a deadline over the waits.
//
// The caller sets the deadline before a wait; when it passes, the wait fails with timed_out. Every
// wait may also fail with cancelled, after `cut`.
// Threads: the connection's loop.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "http/deadline_sweep.h"
#include "http/input_buffer.h"
#include "http/stream.h"

namespace hookreel::http {

// How slow a peer may be: without any progress, and on the average behind that.
struct Patience {
    Duration stall;
    std::uint64_t bytes_per_second_min;

    // How long a transfer of so many bytes may take in all.
    Duration whole(std::uint64_t bytes) const {
        return stall + Duration(bytes / std::max<std::uint64_t>(bytes_per_second_min, 1) * 1'000);
    }
};

class Wire : public std::enable_shared_from_this<Wire> {
 public:
    Wire(Socket socket, DeadlineSweep& sweep, std::size_t input_bytes_max);

    Stream& stream() { return stream_; }
    InputBuffer& input() { return input_; }
    // What is appended here goes out with the next flush.
    std::string& output() { return output_; }

    void set_deadline(Duration limit);
    void clear_deadline() {
        is_expired_ = false;
        deadline_.clear();
    }
    // All waits, now and later, end with cancelled.
    void cut();

    // Reads more into the input. Errors: network (closed or broken), timed_out, too_large (the
    // input is full).
    Task<Result<void>> fill();
    // Reads past the input, at least one byte. Errors: network, timed_out.
    Task<Result<std::size_t>> read(std::span<char> into);

    // Writes the output as far as it fits without waiting. False: something is left, or broken.
    bool flush_now();
    // Has flush_now called as soon as the running task waits for something.
    void flush_soon();
    // Writes the output, then more. Errors: network, timed_out.
    Task<Result<void>> flush(Patience patience);
    Task<Result<void>> write(std::string_view bytes, Patience patience);
    Task<Result<void>> write_file(FileBody file, Patience patience);

    // Says goodbye and reads on for a moment, so that the peer gets our last answer instead of a
    // reset that throws it away.
    Task<void> linger();

 private:
    Error broken(const boost::system::error_code& error) const;
    Result<void> check() const;
    // Before a wait of a transfer that has to end at `end`. Errors: timed_out, cancelled.
    Result<void> limit_wait(const Patience& patience, DeadlineSweep::Time end);

    Stream stream_;
    InputBuffer input_;
    std::string output_;
    std::size_t output_done_ = 0;
    bool flush_is_posted_ = false;
    bool is_writing_ = false;  // A write of the output is under way; nothing else may write it.
    bool is_expired_ = false;
    bool is_cut_ = false;
    Deadline deadline_;
};

}  // namespace hookreel::http
