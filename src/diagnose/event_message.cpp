// SPDX-License-Identifier: BSL-1.0
#include "diagnose/event_message.hpp"

#include "bytes/hex.hpp"
#include "bytes/utf8.hpp"
#include "diagnose/scan.hpp"

namespace reseal::diagnose {
namespace {

constexpr char32_t replacement = 0xfffd;

/// Four hexadecimal digits; nothing where they are not there.
std::optional<char32_t> code_unit(std::string_view text) {
    if (text.size() < 4) return {};
    char32_t value = 0;
    for (char digit : text.substr(0, 4)) {
        const int one = hex_value(digit);
        if (one < 0) return {};
        value = value * 16 + static_cast<char32_t>(one);
    }
    return value;
}

/// Appends what `\u` in front of `text` means; returns how many bytes of it that took.
std::size_t append_escaped_unit(std::string& out, std::string_view text) {
    const std::optional<char32_t> first = code_unit(text);
    if (!first) return 0;
    if (*first < 0xd800 || *first > 0xdfff) {
        append_utf8(out, *first);
        return 4;
    }
    if (*first < 0xdc00 && text.substr(4).starts_with("\\u")) {
        const std::optional<char32_t> second = code_unit(text.substr(6));
        if (second && *second >= 0xdc00 && *second <= 0xdfff) {
            append_utf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
            return 10;
        }
    }
    append_utf8(out, replacement);
    return 4;
}

/// `text`: behind the opening quotation mark.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i == text.size()) break;
        switch (text[i]) {
            case 'n': out += '\n'; break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'b':
            case 'f': out += ' '; break;
            case 'u': i += append_escaped_unit(out, text.substr(i + 1)); break;
            default: out += text[i];  // a quotation mark, a slash, a backslash
        }
    }
    return out;
}

bool is_key_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::optional<std::string> event_message(std::string_view line) {
    constexpr std::string_view key = "\"eventMessage\"";
    const std::size_t at = line.find(key);
    if (at == std::string_view::npos) return {};
    Scan scan(line.substr(at + key.size()));
    scan.spaces();
    scan.expect(":");
    scan.spaces();
    scan.expect("\"");
    if (!scan.ok()) return {};
    return unescaped(scan.rest());
}

bool is_json_field(std::string_view line) {
    Scan scan(line);
    scan.spaces();
    if (scan.accept("[")) scan.spaces();
    if (scan.accept("{") || scan.accept(",")) scan.spaces();
    if (!scan.accept("\"")) return false;
    std::size_t letters = 0;
    while (letters < scan.rest().size() && is_key_character(scan.rest()[letters])) ++letters;
    if (letters == 0) return false;
    Scan behind(scan.rest().substr(letters));
    if (!behind.accept("\"")) return false;
    behind.spaces();
    return behind.accept(":");
}

}  // namespace reseal::diagnose
