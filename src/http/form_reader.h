// Reads multipart/form-data (RFC 7578) while it comes, with flat memory.
//
// The parts come one after the other; the bytes of one are read as from any source, and what is
// left of it is skipped when the next is asked for. Threads: those of the source.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace hookreel::http {

inline constexpr std::size_t part_head_bytes_max = 8 * 1024;
inline constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, section 5.1.1.

// The boundary of a Content-Type that is multipart/form-data. Errors: invalid.
Result<std::string> form_boundary(std::string_view content_type);

// What the head of a part says of it.
struct FormPart {
    std::string name;
    std::optional<std::string> filename;  // A file, unless it is absent.
};

class FormReader final : public ByteSource {
 public:
    // `source` outlives it.
    FormReader(ByteSource& source, const std::string& boundary)
        : source_(source), delimiter_("\r\n--" + boundary), buffer_("\r\n") {}

    // The next part; none behind the last. Errors: those of the source; protocol (no such form, or
    // it ends too early).
    Task<Result<std::optional<FormPart>>> next();
    // Of the part that came last. Errors: as `next`.
    Task<Result<std::size_t>> read(std::span<char> into) override;

 private:
    Task<Result<void>> fill();
    Task<Result<std::string>> read_until(std::string_view end, std::size_t bytes_max);
    Task<Result<void>> skip_part();
    // How many bytes of the buffer belong to the part, as far as can be said; looks at all of them.
    std::size_t part_bytes() const;

    ByteSource& source_;
    const std::string delimiter_;
    std::string buffer_;    // As if a line ended before the first delimiter.
    std::size_t used_ = 0;  // Of the buffer.
    std::size_t sure_ = 0;  // Behind that, bytes that are known to belong to the part.
    bool is_over_ = false;
};

}  // namespace hookreel::http
