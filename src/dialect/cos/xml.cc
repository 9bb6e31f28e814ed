#include "dialect/cos/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace hookreel::dialect::cos {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
constexpr std::size_t text_bytes_max = 256;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Walks over a document from its start. After the first thing that is not as expected, nothing is
// as expected.
class Reader {
 public:
    explicit Reader(std::string_view text) : rest_(text) {}

    void declaration() {
        skip_blanks();
        if (!rest_.starts_with("<?xml ")) return;
        const std::size_t end = rest_.find("?>");
        if (end == std::string_view::npos || end > text_bytes_max) return give_up();
        rest_.remove_prefix(end + 2);
    }

    // Takes "<name>" or "<name attributes>" when it comes next.
    bool opens(std::string_view name) {
        skip_blanks();
        if (!rest_.starts_with('<') || !rest_.substr(1).starts_with(name)) return false;
        const std::string_view after = rest_.substr(1 + name.size());
        const std::size_t end = after.find_first_of("<>");
        if (end == std::string_view::npos || after[end] != '>' || end > text_bytes_max)
            return false;
        // An attribute, such as xmlns, is passed over; "<name/>" is not an opening.
        if (end > 0 && (!is_blank(after.front()) || after[end - 1] == '/')) return false;
        rest_ = after.substr(end + 1);
        return true;
    }

    void expect_close(std::string_view name) {
        skip_blanks();
        const std::string close = fmt::format("</{}>", name);
        if (!rest_.starts_with(close)) return give_up();
        rest_.remove_prefix(close.size());
    }

    // Text up to the next tag, with its entities resolved.
    std::string text() {
        std::string result;
        while (!rest_.empty() && rest_.front() != '<' && result.size() < text_bytes_max) {
            if (rest_.front() != '&') {
                result += rest_.front();
                rest_.remove_prefix(1);
                continue;
            }
            const auto entity = std::ranges::find_if(
                entities, [this](const auto& known) { return rest_.starts_with(known.first); });
            if (entity == entities.end()) {
                give_up();
                return {};
            }
            result += entity->second;
            rest_.remove_prefix(entity->first.size());
        }
        return result;
    }

    bool good() const { return good_; }
    bool at_end() {
        skip_blanks();
        return good_ && rest_.empty();
    }
    void give_up() {
        good_ = false;
        rest_ = {};
    }

 private:
    void skip_blanks() {
        while (!rest_.empty() && is_blank(rest_.front()))
            rest_.remove_prefix(1);
    }

    std::string_view rest_;
    bool good_ = true;
};

std::string unquoted(std::string_view etag) {
    etag = trim(etag);
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
        etag = etag.substr(1, etag.size() - 2);
    return std::string(etag);
}

// The inside of a <Part>: its two elements, in either order.
CompletedPart read_part(Reader& reader) {
    CompletedPart part;
    for (int i = 0; i < 2 && reader.good(); ++i) {
        if (part.number == 0 && reader.opens("PartNumber")) {
            const Result<std::uint64_t> number = parse_unsigned(trim(reader.text()));
            if (!number || *number < 1 || *number > complete_parts_max) {
                reader.give_up();
                break;
            }
            part.number = static_cast<int>(*number);
            reader.expect_close("PartNumber");
        } else if (part.etag.empty() && reader.opens("ETag")) {
            part.etag = unquoted(reader.text());
            reader.expect_close("ETag");
        }
    }
    if (part.number == 0 || part.etag.empty()) reader.give_up();
    return part;
}

}  // namespace

Result<std::vector<CompletedPart>> parse_complete(std::string_view xml) {
    if (xml.size() > complete_bytes_max) return fail(Code::too_large, "the document is too long");
    Reader reader(xml);
    reader.declaration();
    if (!reader.opens("CompleteMultipartUpload"))
        return fail(Code::invalid, "not a CompleteMultipartUpload");
    std::vector<CompletedPart> parts;
    while (reader.good() && reader.opens("Part")) {
        if (parts.size() == complete_parts_max) return fail(Code::too_large, "too many parts");
        parts.push_back(read_part(reader));
        reader.expect_close("Part");
    }
    reader.expect_close("CompleteMultipartUpload");
    if (!reader.at_end()) return fail(Code::invalid, "not of the form that is asked for");
    if (parts.empty()) return fail(Code::invalid, "no parts");
    return parts;
}

std::string escape(std::string_view text) {
    const bool utf8 = is_utf8(text);
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const auto entity = std::ranges::find(entities, c, [](const auto& e) { return e.second; });
        if (entity != entities.end())
            result += entity->first;
        else
            result += (byte < 0x20 && !is_blank(c)) || (byte >= 0x80 && !utf8) ? '?' : c;
    }
    return result;
}

std::string element(const Element& element) {
    return fmt::format("<{0}>{1}</{0}>", element.name, escape(element.value));
}

}  // namespace hookreel::dialect::cos
