#include "api/signed_manifest.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace hookreel::api {
namespace {

enum class Kind { none, hls, dash, sprite };

Kind kind_of(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    const std::string extension = dot == path.npos ? "" : to_lower(path.substr(dot + 1));
    if (extension == "m3u8") return Kind::hls;
    if (extension == "mpd") return Kind::dash;
    return extension == "vtt" ? Kind::sprite : Kind::none;
}

bool is_relative(std::string_view name) {
    return !name.empty() && !name.starts_with('/') && !name.contains(':') && !name.contains("..") &&
           !name.contains('?');
}

// The name with its query; what stands behind a '#' stays at the end.
std::string linked(std::string_view name, const QueryOfFolder& query) {
    if (!is_relative(name)) return std::string(name);
    const std::size_t fragment = std::min(name.find('#'), name.size());
    const std::string_view file = name.substr(0, fragment);
    std::string link(file);
    link.append("?").append(query(file.substr(0, file.rfind('/') + 1)));
    return link.append(name.substr(fragment));
}

// The text with what stands between each `begin` and the next `end` linked.
std::string linked_between(std::string_view text, std::string_view begin, std::string_view end,
                           const QueryOfFolder& query) {
    std::string out;
    for (;;) {
        const std::size_t name = text.find(begin);
        if (name == text.npos) return out.append(text);
        const std::size_t behind = text.find(end, name + begin.size());
        if (behind == text.npos) return out.append(text);
        out.append(text.substr(0, name + begin.size()));
        out += linked(text.substr(name + begin.size(), behind - name - begin.size()), query);
        out.append(end);
        text.remove_prefix(behind + end.size());
    }
}

template <class OfLine>
std::string by_lines(std::string_view text, OfLine of_line) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        const bool has_return = line.ends_with('\r');
        if (has_return) line.remove_suffix(1);
        out += of_line(line);
        if (has_return) out += '\r';
        if (end < text.size()) out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

bool is_manifest(std::string_view path) {
    return kind_of(path) != Kind::none;
}

std::string with_queries(std::string_view path, std::string_view text, const QueryOfFolder& query) {
    const Kind kind = kind_of(path);
    if (kind == Kind::hls)
        return by_lines(text, [&](std::string_view line) {
            if (line.starts_with('#')) return linked_between(line, "URI=\"", "\"", query);
            return linked(line, query);
        });
    if (kind == Kind::sprite)
        return by_lines(text, [&](std::string_view line) {
            const bool names_file = line.contains("#xywh=") && !line.contains(' ');
            return names_file ? linked(line, query) : std::string(line);
        });
    // In XML, "&" is written so.
    const QueryOfFolder escaped = [&](std::string_view folder) {
        std::string safe;
        for (const char c : query(folder))
            safe += c == '&' ? "&amp;" : std::string(1, c);
        return safe;
    };
    std::string out(text);
    for (const std::string_view attribute : {" media=\"", " initialization=\"", " sourceURL=\""})
        out = linked_between(out, attribute, "\"", escaped);
    return linked_between(out, "<BaseURL>", "</BaseURL>", escaped);
}

}  // namespace hookreel::api
