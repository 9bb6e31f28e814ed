#include "api/resources/upload_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace hookreel::api {
namespace {

// The limits are those of the VOD API (spec c.1, Rules).
constexpr std::size_t source_context_max = 250;
constexpr std::size_t session_context_max = 1000;
constexpr std::size_t procedure_max = 128;
constexpr std::uint64_t class_id_max = 9'007'199'254'740'991;  // Whole in JSON.

class Reader {
 public:
    explicit Reader(const UploadFields& fields) : fields_(fields) {}

    // The value of a field, or nothing; what is no text of at most so many characters is an error.
    std::string text(std::string_view name, std::size_t characters_max = std::string::npos) {
        const auto found = std::ranges::find(fields_, name, &UploadFields::value_type::first);
        if (found == fields_.end()) return {};
        const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
        if (!is_utf8(found->second))
            errors.push_back({std::string(name), "is not UTF-8"});
        else if (static_cast<std::size_t>(std::ranges::count_if(found->second, is_lead)) >
                 characters_max)
            errors.push_back({std::string(name),
                              fmt::format("may have {} characters", characters_max),
                              characters_max});
        else
            return found->second;
        return {};
    }

    std::vector<FieldError> errors;

 private:
    const UploadFields& fields_;
};

}  // namespace

Answer<media::UploadRequest> read_upload_fields(model::ApplicationId application,
                                                const UploadFields& fields, TimePoint now) {
    Reader reader(fields);
    media::UploadRequest request;
    request.application = application;
    std::string filename = reader.text("filename");
    if (filename.empty()) filename = reader.text("name");
    filename.erase(0, filename.find_last_of("/\\") + 1);
    const std::size_t dot = filename.rfind('.');
    request.type = dot == filename.npos ? "" : filename.substr(dot + 1);
    request.name = reader.text("title");
    if (request.name.empty()) request.name = filename.substr(0, dot);
    request.procedure = reader.text("procedure", procedure_max);
    request.source_context = reader.text("source_context", source_context_max);
    request.session_context = reader.text("session_context", session_context_max);
    if (const std::string text = reader.text("class_id"); !text.empty()) {
        const Result<std::uint64_t> number = parse_unsigned(text);
        if (!number || *number > class_id_max)
            reader.errors.push_back({"class_id", "must be a number"});
        request.class_id = static_cast<std::int64_t>(number.value_or(0));
    }
    if (const std::string text = reader.text("expires"); !text.empty()) {
        const Result<TimePoint> time = parse_time(text);
        if (!time)
            reader.errors.push_back({"expires", "must be a time such as 2026-12-31T00:00:00Z"});
        else if (*time <= now)
            reader.errors.push_back({"expires", "is over already"});
        request.expires = time.value_or(never);
    }
    if (!media::accepted_type(request.type))
        reader.errors.push_back(
            {"filename", "must end with the extension of a type that is taken, such as .mp4"});
    if (!reader.errors.empty()) return refuse_fields(std::move(reader.errors));
    return request;
}

}  // namespace hookreel::api
