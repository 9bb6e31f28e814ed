// multipart/form-data from anyone, in pieces of a size that its first byte says.
#include <cstdlib>

#include "http/form_reader.h"

namespace {

using namespace hookreel;

class Pieces final : public http::ByteSource {
 public:
    Pieces(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

    Task<Result<std::size_t>> read(std::span<char> into) override {
        const std::size_t count = std::min({into.size(), piece_, bytes_.size()});
        std::copy_n(bytes_.data(), count, into.data());
        bytes_.remove_prefix(count);
        co_return count;
    }

 private:
    std::string_view bytes_;
    std::size_t piece_;
};

Task<std::size_t> total(http::ByteSource& source) {
    http::FormReader reader(source, "XyZ");
    std::size_t bytes = 0;
    for (;;) {
        const Result<std::optional<http::FormPart>> part = co_await reader.next();
        if (!part || !*part) co_return bytes;
        const Result<std::string> content = co_await reader.read_all(1 << 20);
        if (!content) co_return bytes;
        // The delimiter is never a part of what it ends.
        if (content->find("\r\n--XyZ") != content->npos) std::abort();
        bytes += content->size();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    if (count == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    Pieces source(text.substr(1), std::size_t{1} + bytes[0]);
    (void)http::form_boundary(text);
    Loop loop;
    asio::co_spawn(loop, total(source), [&](std::exception_ptr error, std::size_t sum) {
        if (error || sum > count) std::abort();
    });
    loop.run();
    return 0;
}
