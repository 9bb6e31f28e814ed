// The tags of an XML text, one after the other: enough to read a description of a stream. Pure; the
// text is hostile.
//
// No document type is known and none is taken, so nothing can be declared that grows or leads out
// of the text; of references only numbers and the five names of XML itself
// mean something. Everything that is kept of
// the text is bounded, and reading takes time in proportion to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hookreel::media {

inline constexpr std::size_t xml_attributes_max = 64;  // Of one tag.

// How an XML text may be written.
struct XmlForm {
    std::size_t depth_max = 32;
    enum class Cdata { refused, passed_over } cdata = Cdata::refused;
};

struct XmlTag {
    std::string_view name;  // Without its namespace.
    std::vector<std::pair<std::string_view, std::string>> attributes;
    enum class Kind { opens, closes, alone } kind = Kind::opens;

    bool opens() const { return kind != Kind::closes; }
    bool closes() const { return kind != Kind::opens; }
    // The value of the attribute, names with their namespace; nothing when it is not there.
    const std::string* find(std::string_view attribute) const;
};

class XmlTags {
 public:
    // The text outlives this and its tags.
    explicit XmlTags(std::string_view text, XmlForm form = {}) : rest_(text), form_(form) {}

    // The next tag, or nothing at the end. Errors: invalid (a tag without an end, one that closes
    // another than is open, too deep, too many attributes, a document type, or CDATA that is
    // refused).
    Result<std::optional<XmlTag>> next();
    // What stands before the last tag, with its entities put in.
    std::string text() const;
    // What comes after the last tag, as it is written.
    std::string_view rest() const { return rest_; }
    // The names of the elements around the last tag, the outermost first.
    const std::vector<std::string_view>& around() const { return around_; }

 private:
    bool skip_past(std::string_view end);
    Result<XmlTag> read_tag();
    Result<void> read_attribute(XmlTag& tag, std::size_t& at);
    Result<void> nest(const XmlTag& tag);

    std::string_view rest_;
    XmlForm form_;
    std::string_view text_;
    std::vector<std::string_view> around_;
    std::optional<std::string_view> entered_;  // By the last tag; around the next one.
};

}  // namespace hookreel::media
