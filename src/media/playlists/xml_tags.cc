#include "media/playlists/xml_tags.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hookreel::media {
namespace {

constexpr std::string_view blanks = " \t\r\n";
// Of "&#x10FFFF;", with some zeros before the digits. Whoever looked further at each "&" would take
// a time that grows with the square of a hostile text.
constexpr std::size_t reference_bytes_max = 16;

std::unexpected<Error> invalid(std::string_view why) {
    return fail(Code::invalid, std::string(why));
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto rest = [point](int shift) {
        return static_cast<char>(0x80 | (point >> shift & 0x3f));
    };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += {static_cast<char>(0xc0 | point >> 6), rest(0)};
    } else if (point < 0x10000) {
        out += {static_cast<char>(0xe0 | point >> 12), rest(6), rest(0)};
    } else {
        out += {static_cast<char>(0xf0 | point >> 18), rest(12), rest(6), rest(0)};
    }
}

// Takes a reference by number, "&#107;" or "&#x6b;", off the front and writes what it means; false
// when there is none of a character that XML may have.
bool take_numbered(std::string_view& text, std::string& out) {
    if (!text.starts_with("&#")) return false;
    const std::size_t end = text.substr(0, reference_bytes_max).find(';');
    if (end == text.npos) return false;
    std::string_view digits = text.substr(2, end - 2);
    const int base = digits.starts_with('x') ? 16 : 10;
    if (base == 16) digits.remove_prefix(1);
    std::uint32_t point = 0;
    const char* const last = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), last, point, base);
    const bool is_character =
        point >= 0x20 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    if (error != std::errc() || stop != last || !is_character) return false;
    text.remove_prefix(end + 1);
    append_utf8(out, point);
    return true;
}

std::string unescaped(std::string_view text) {
    constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    std::string plain;
    while (!text.empty()) {
        if (take_numbered(text, plain)) continue;
        const auto found = std::ranges::find_if(
            entities, [text](const auto& entity) { return text.starts_with(entity.first); });
        if (found == std::end(entities)) {
            plain += text.front();
            text.remove_prefix(1);
        } else {
            plain += found->second;
            text.remove_prefix(found->first.size());
        }
    }
    return plain;
}

}  // namespace

const std::string* XmlTag::find(std::string_view attribute) const {
    const auto found =
        std::ranges::find(attributes, attribute, [](const auto& one) { return one.first; });
    return found == attributes.end() ? nullptr : &found->second;
}

std::string XmlTags::text() const {
    return unescaped(text_);
}

Result<std::optional<XmlTag>> XmlTags::next() {
    if (entered_) around_.push_back(*std::exchange(entered_, std::nullopt));
    for (;;) {
        const std::size_t open = rest_.find('<');
        if (open == rest_.npos) {
            if (!around_.empty()) return invalid("an element has no end");
            return std::optional<XmlTag>();
        }
        text_ = rest_.substr(0, open);
        rest_.remove_prefix(open);
        if (rest_.starts_with("<!--")) {
            if (!skip_past("-->")) return invalid("a comment has no end");
        } else if (rest_.starts_with("<?")) {
            if (!skip_past("?>")) return invalid("a declaration has no end");
        } else if (rest_.starts_with("<![CDATA[") && form_.cdata == XmlForm::Cdata::passed_over) {
            if (!skip_past("]]>")) return invalid("a CDATA section has no end");
        } else if (rest_.starts_with("<!")) {
            return invalid("a document type is declared, or there is CDATA");
        } else {
            break;
        }
    }
    Result<XmlTag> tag = read_tag();
    if (!tag) return fail(std::move(tag.error()));
    if (Result<void> nested = nest(*tag); !nested) return fail(std::move(nested.error()));
    return std::optional<XmlTag>(std::move(*tag));
}

bool XmlTags::skip_past(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
}

Result<XmlTag> XmlTags::read_tag() {
    XmlTag tag;
    std::size_t at = 1;
    if (rest_.substr(at).starts_with('/')) {
        tag.kind = XmlTag::Kind::closes;
        ++at;
    }
    const std::size_t name_end = rest_.find_first_of(" \t\r\n/>", at);
    if (name_end == rest_.npos) return invalid("a tag has no end");
    tag.name = rest_.substr(at, name_end - at);
    tag.name.remove_prefix(tag.name.rfind(':') + 1);  // npos + 1 is 0.
    for (at = name_end;;) {
        at = rest_.find_first_not_of(blanks, at);
        if (at == rest_.npos) return invalid("a tag has no end");
        if (rest_[at] == '>') break;
        if (rest_.substr(at).starts_with("/>") && tag.kind == XmlTag::Kind::opens) {
            tag.kind = XmlTag::Kind::alone;
            ++at;
            break;
        }
        if (Result<void> read = read_attribute(tag, at); !read)
            return fail(std::move(read.error()));
    }
    rest_.remove_prefix(at + 1);
    return tag;
}

// From the beginning of its name on; `at` then is behind its value.
Result<void> XmlTags::read_attribute(XmlTag& tag, std::size_t& at) {
    if (tag.attributes.size() == xml_attributes_max)
        return invalid("a tag has too many attributes");
    const std::size_t name_end = rest_.find_first_of(" \t\r\n=/><\"'", at);
    const std::size_t equals = rest_.find_first_not_of(blanks, name_end);
    if (equals == rest_.npos || name_end == at || rest_[equals] != '=')
        return invalid("an attribute has no value");
    const std::size_t quote = rest_.find_first_not_of(blanks, equals + 1);
    if (quote == rest_.npos || (rest_[quote] != '"' && rest_[quote] != '\''))
        return invalid("an attribute has no value");
    const std::size_t end = rest_.find(rest_[quote], quote + 1);
    if (end == rest_.npos) return invalid("an attribute has no end");
    tag.attributes.emplace_back(rest_.substr(at, name_end - at),
                                unescaped(rest_.substr(quote + 1, end - quote - 1)));
    at = end + 1;
    return {};
}

Result<void> XmlTags::nest(const XmlTag& tag) {
    if (tag.kind == XmlTag::Kind::closes) {
        if (around_.empty() || around_.back() != tag.name)
            return invalid("a tag closes what is not open");
        around_.pop_back();
    } else if (tag.kind == XmlTag::Kind::opens) {
        if (around_.size() == form_.depth_max) return invalid("its elements are too deep");
        entered_ = tag.name;
    }
    return {};
}

}  // namespace hookreel::media
