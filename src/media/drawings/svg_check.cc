#include "media/drawings/svg_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "media/playlists/xml_tags.h"

namespace hookreel::media {
namespace {

constexpr std::size_t quoted_bytes_max = 40;

std::unexpected<Error> invalid(std::string why) {
    return fail(Code::invalid, std::move(why));
}

std::string_view without_prefix(std::string_view name) {
    name.remove_prefix(name.rfind(':') + 1);  // npos + 1 is 0.
    return name;
}

// What a message repeats of a text: its beginning, in characters that print.
std::string beginning(std::string_view text) {
    std::string start(text.substr(0, quoted_bytes_max));
    std::ranges::replace_if(start, [](char c) { return c < ' ' || c > '~'; }, '?');
    return start;
}

Result<void> check_characters(std::string_view text) {
    const auto controls = [](char c) {
        return c == '\x7f' || (c >= '\0' && c < ' ' && c != '\t' && c != '\n' && c != '\r');
    };
    if (std::ranges::any_of(text, controls)) return invalid("it has control characters");
    return {};
}

// Other encodings could spell what is looked for below in another way.
Result<void> check_declaration(std::string_view declaration) {
    const std::size_t at = declaration.find("encoding");
    if (at == declaration.npos) return {};
    std::string_view value = declaration.substr(at + std::string_view("encoding").size());
    const std::size_t begin = value.find_first_of("\"'");
    if (begin == value.npos) return invalid("its XML declaration is malformed");
    value.remove_prefix(begin + 1);
    if (to_lower(value.substr(0, value.find_first_of("\"'"))) == "utf-8") return {};
    return invalid("its encoding must be UTF-8");
}

// What stands before and between the elements and is no element: only the declaration of XML may.
Result<void> check_markup(std::string_view text) {
    if (text.contains("<!DOCTYPE") || text.contains("<!ENTITY"))
        return invalid("a DOCTYPE is not taken; leave it out, a drawing needs none");
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (text.starts_with("<?xml ")) {
        const std::size_t end = text.find("?>");
        if (end == text.npos) return invalid("its XML declaration has no end");
        if (Result<void> fine = check_declaration(text.substr(0, end)); !fine) return fine;
        text.remove_prefix(end);
    }
    if (text.contains("<?")) return invalid("instructions (<?...?>) are not taken");
    return {};
}

// What an address may be: a part of the drawing, or a picture that is written out.
Result<void> check_address(std::string_view address) {
    constexpr std::array<std::string_view, 4> pictures = {"data:image/png", "data:image/jpeg",
                                                          "data:image/jpg", "data:image/gif"};
    address = trim(address);
    if (address.empty() || address.starts_with('#')) return {};
    const std::string begin = to_lower(address.substr(0, quoted_bytes_max));
    const auto begins = [&begin](std::string_view wanted) {
        return begin.starts_with(wanted) && begin.size() > wanted.size() &&
               (begin[wanted.size()] == ';' || begin[wanted.size()] == ',');
    };
    if (std::ranges::any_of(pictures, begins)) return {};
    return invalid(
        fmt::format("it refers to `{}`; a drawing may refer to its own parts (#name) and hold "
                    "pictures (data:image/png, jpeg or gif)",
                    beginning(address)));
}

// Of a property, or of a whole style sheet.
Result<void> check_style(std::string_view style) {
    const std::string lower = to_lower(style);
    if (lower.contains("@import")) return invalid("its style imports another (@import)");
    for (std::string_view rest = lower;;) {
        const std::size_t at = rest.find("url(");
        if (at == rest.npos) return {};
        rest.remove_prefix(at + std::string_view("url(").size());
        // No more than its beginning: who looked for its end each time would take a time that grows
        // with the square of a hostile text.
        const std::size_t begin = std::min(rest.find_first_not_of(" \t\r\n\"'"), rest.size());
        const std::string_view address = rest.substr(begin, quoted_bytes_max + 1);
        Result<void> fine = check_address(address.substr(0, address.find(')')));
        if (!fine) return fine;
    }
}

std::string without(std::string_view text, std::string_view mark) {
    std::string rest;
    for (;;) {
        const std::size_t at = text.find(mark);
        rest += text.substr(0, at);
        if (at == text.npos) return rest;
        text.remove_prefix(at + mark.size());
    }
}

// Between the tags of <style>, as it is written. What would spell an address in another way is
// not taken: references of XML, escapes of CSS, and what splits a word.
Result<void> check_style_sheet(std::string_view written) {
    const std::string sheet = without(without(written, "<![CDATA["), "]]>");
    if (sheet.find_first_of("<&\\") != sheet.npos)
        return invalid("its <style> has escapes, comments of XML or elements");
    return check_style(sheet);
}

// "onclick", and no "only_selected" of another program.
bool is_handler(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return name.size() > 2 && name.starts_with("on") && std::ranges::all_of(name, is_letter);
}

Result<void> check_tag(const XmlTag& tag) {
    const std::string element = to_lower(tag.name);
    if (element == "script") return invalid("it has a script");
    if (element == "include") return invalid("it includes another text (XInclude)");
    for (const auto& [full_name, value] : tag.attributes) {
        const std::string name = to_lower(without_prefix(full_name));
        if (is_handler(name))
            return invalid(fmt::format("it has a script (`{}`)", beginning(name)));
        // Those that can be read were.
        if (value.contains("&#"))
            return invalid(
                fmt::format("`{}` has a reference that cannot be read", beginning(name)));
        if (name == "href" || name == "src") {
            if (Result<void> fine = check_address(value); !fine) return fine;
        }
        // As those of a style sheet. Names with a prefix are other programs', and mean no style.
        if (!full_name.contains(':') && value.contains('\\') && value.contains('('))
            return invalid(fmt::format("`{}` has escapes", beginning(name)));
        if (Result<void> fine = check_style(value); !fine) return fine;
    }
    return {};
}

}  // namespace

Result<void> check_svg(std::string_view text) {
    if (Result<void> fine = check_characters(text); !fine) return fine;
    if (Result<void> fine = check_markup(text); !fine) return fine;
    XmlTags xml(text, {.depth_max = svg_depth_max, .cdata = XmlForm::Cdata::passed_over});
    std::size_t roots = 0;
    std::optional<std::string_view> sheet;  // From the beginning of an open <style> on.
    for (;;) {
        const Result<std::optional<XmlTag>> next = xml.next();
        if (!next) return invalid("it is no XML: " + next.error().detail);
        if (!*next) break;
        const XmlTag& tag = **next;
        if (xml.around().empty() && tag.opens() && (++roots > 1 || tag.name != "svg"))
            return invalid("it must be one <svg> element");
        if (tag.opens())
            if (Result<void> fine = check_tag(tag); !fine) return fine;
        if (tag.name != "style" || tag.kind == XmlTag::Kind::alone) continue;
        if (tag.kind == XmlTag::Kind::opens && !sheet) {
            sheet = xml.rest();
        } else if (tag.kind == XmlTag::Kind::closes && sheet) {
            // An element within it would be seen here, too, by its "<".
            const std::size_t length = static_cast<std::size_t>(xml.rest().data() - sheet->data());
            const std::string_view written = sheet->substr(0, length);
            Result<void> fine = check_style_sheet(written.substr(0, written.rfind('<')));
            if (!fine) return fine;
            sheet.reset();
        }
    }
    if (roots == 0) return invalid("it must be one <svg> element");
    return {};
}

}  // namespace hookreel::media
