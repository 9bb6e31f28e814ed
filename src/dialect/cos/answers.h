// Answers of the object protocol: refusals and documents, as XML.
//
// Pure functions. The codes and statuses are those of Tencent 436/7730.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "media/uploads/uploads.h"

namespace hookreel::dialect::cos {

struct Refusal {
    int status = 400;
    std::string_view code;
    std::string message;
};

// A value, or why there is none.
template <class T>
using Answer = std::expected<T, Refusal>;

[[nodiscard]] inline std::unexpected<Refusal> refuse(int status, std::string_view code,
                                                     std::string message) {
    return std::unexpected(Refusal{status, code, std::move(message)});
}

// What a code of ours means in general; `missing` is said for not_found, `wrong` for invalid.
struct Wording {
    Refusal missing{404, "NoSuchKey", "The specified key does not exist."};
    Refusal wrong{400, "InvalidArgument", "An argument is not valid."};
};
Refusal refusal_of(const Error& error, const Wording& wording);

http::Response refused(const Refusal& refusal, std::string_view resource,
                       std::string_view request_id, TimePoint now);

// 200 with an XML document around these elements.
http::Response document(std::string_view root, std::string_view elements);

http::Response stored(const media::StoredObject& object);

struct Place {
    std::string bucket;
    std::string key;
    std::string host;  // As the client sent it.
};
http::Response multipart_started(const Place& place, const media::Multipart& multipart);
http::Response multipart_completed(const Place& place, const media::StoredObject& object);

// How keys are written in lists: as they are, or percent-encoded on request.
enum class KeyForm { plain, url };
struct UploadsQuery {
    std::string prefix;
    KeyForm form = KeyForm::plain;
};
http::Response multipart_list(const Place& place, const UploadsQuery& query,
                              const std::vector<media::Multipart>& multiparts);
struct PartsQuery {
    std::string upload_id;
    int after = 0;
    int count_max = 1000;
    KeyForm form = KeyForm::plain;
};
// The parts with a number above `after`.
http::Response part_list(const Place& place, const PartsQuery& query,
                         const std::vector<media::Part>& parts);

}  // namespace hookreel::dialect::cos
