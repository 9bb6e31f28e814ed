// Heads and bodies of HTTP messages, as values.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/async.h"
#include "base/result.h"

namespace hookreel::http {

// Header fields in the order in which they came; names are compared without case.
class Headers {
 public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    void add(std::string name, std::string value) {
        if (fields_.empty()) fields_.reserve(fields_usual);
        fields_.emplace_back(std::move(name), std::move(value));
    }
    // Replaces all fields of that name by one.
    void set(std::string name, std::string value);
    // The first value of that name, without the blanks around it; empty when there is none.
    std::string_view get(std::string_view name) const;
    // All values of that name, in order, as they came.
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

 private:
    // Most messages have so many or fewer.
    static constexpr std::size_t fields_usual = 8;

    std::vector<std::pair<std::string, std::string>> fields_;
};

struct RequestHead {
    std::string method;  // "GET", upper-case as sent.
    std::string target;  // As received: "/cos/b/a%20b?x=1".
    Headers headers;
    std::string peer;  // The caller's address, "127.0.0.1".

    // `target` before and after the first '?', not decoded.
    std::string_view path() const;
    std::string_view query() const;
};

// Bytes that come in pieces.
class ByteSource {
 public:
    virtual ~ByteSource() = default;
    // Reads at least one byte; 0 means the end. Errors: timed_out, network (the peer broke off
    // before the promised length), protocol, too_large (over the limit of the body).
    virtual Task<Result<std::size_t>> read(std::span<char> into) = 0;
    // All the rest. Errors: as above; too_large when it is over `bytes_max`.
    Task<Result<std::string>> read_all(std::size_t bytes_max);
};

// A part of an open file, sent without being held in memory.
struct FileBody {
    std::shared_ptr<const int> descriptor;  // Closed with the last owner.
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};
// Opens a file for a FileBody of its whole length. Errors: not_found, internal.
Result<FileBody> open_file(const std::string& path);

using MessageBody = std::variant<std::string, FileBody>;
std::uint64_t length(const MessageBody& body);

struct Response {
    int status = 200;
    Headers headers;  // Content-Length, Date and Connection are added.
    MessageBody body;
};

std::string_view reason(int status);

}  // namespace hookreel::http
