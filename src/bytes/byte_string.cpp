// SPDX-License-Identifier: BSL-1.0
#include "bytes/byte_string.hpp"

#include "bytes/hex.hpp"
#include "bytes/utf8.hpp"

namespace reseal {
namespace {

void append_escaped(std::string& out, unsigned char byte) {
    const char one = static_cast<char>(byte);
    out.append("\\x").append(to_hex({&one, 1}));
}

// U+0000…001F, 007F, and 0080…009F, which terminals take as control sequences too; what breaks a line, or has what stands
// around it shown in another order than it is in (Unicode's Bidi_Control), so that one name looks like another.
bool is_control(char32_t value) {
    const auto within = [value](char32_t first, char32_t last) { return value >= first && value <= last; };
    return value < 0x20 || within(0x7F, 0x9F) || value == 0x061C || within(0x200E, 0x200F) || within(0x2028, 0x202E) ||
           within(0x2066, 0x2069);
}

}  // namespace

std::string byte_string(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = first_character(bytes).size;
        if (size == 0) append_escaped(out, static_cast<unsigned char>(bytes[0]));
        else if (bytes[0] == '\\') out += "\\\\";
        else out += bytes.substr(0, size);
        bytes.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

std::optional<std::string> bytes_of(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\') {
            out += text[at++];
            continue;
        }
        const std::string_view left = text.substr(at + 1);
        if (left.starts_with('\\')) {
            out += '\\';
            at += 2;
            continue;
        }
        if (!left.starts_with('x') || left.size() < 3) return {};
        const std::optional<std::string> byte = from_hex(left.substr(1, 2));
        if (!byte) return {};
        out += *byte;
        at += 4;
    }
    if (byte_string(out) != text) return {};
    return out;
}

std::string printable(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const auto [value, size] = first_character(bytes);
        const std::string_view character = bytes.substr(0, size == 0 ? 1 : size);
        if (size > 0 && !is_control(value)) out += character;
        else
            for (char byte : character) append_escaped(out, static_cast<unsigned char>(byte));
        bytes.remove_prefix(character.size());
    }
    return out;
}

std::string printable_name(std::string_view bytes) {
    std::string out;
    for (;;) {
        const std::size_t backslash = bytes.find('\\');
        out += printable(bytes.substr(0, backslash));
        if (backslash == bytes.npos) return out;
        out += "\\\\";
        bytes.remove_prefix(backslash + 1);
    }
}

}  // namespace reseal
