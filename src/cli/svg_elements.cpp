// SPDX-License-Identifier: BSL-1.0
#include "cli/svg_elements.hpp"

#include "bytes/byte_string.hpp"
#include "bytes/utf8.hpp"

namespace reseal::cli::svg {
namespace {

std::string start_tag(const char* name, const Attributes& attributes) {
    std::string out = std::string("<") + name;
    for (const auto& [key, value] : attributes) out.append(" ").append(key).append("=\"").append(value).append("\"");
    return out;
}

}  // namespace

std::string xml_text(std::string_view bytes) {
    std::string out;
    const std::string shown = printable(bytes);
    for (std::string_view rest = shown; !rest.empty();) {
        const Utf8Character character = first_character(rest);
        switch (character.value) {
            case U'<': out += "&lt;"; break;
            case U'>': out += "&gt;"; break;
            case U'&': out += "&amp;"; break;
            case U'"': out += "&quot;"; break;
            case U'\'': out += "&#39;"; break;
            case 0xFFFE:
            case 0xFFFF: append_utf8(out, 0xFFFD); break;
            default: out += rest.substr(0, character.size);
        }
        rest.remove_prefix(character.size);
    }
    return out;
}

std::string element(const char* name, const Attributes& attributes, const std::string& contents) {
    std::string out = start_tag(name, attributes);
    if (contents.empty()) return out + "/>\n";
    return out.append(">").append(contents).append("</").append(name).append(">\n");
}

std::string rectangle(std::uint64_t x, std::uint64_t y, std::uint64_t w, std::uint64_t h, const std::string& style,
                      const std::string& title) {
    return element("rect", {{"class", style}, {"x", number(x)}, {"y", number(y)}, {"width", number(w)}, {"height", number(h)}},
                   title.empty() ? title : "<title>" + xml_text(title) + "</title>");
}

std::string words(std::uint64_t x, std::uint64_t y, const char* style, const std::string& text) {
    return element("text", {{"class", style}, {"x", number(x)}, {"y", number(y)}}, xml_text(text));
}

}  // namespace reseal::cli::svg
