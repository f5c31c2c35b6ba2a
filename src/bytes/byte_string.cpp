// SPDX-License-Identifier: BSL-1.0
#include "bytes/byte_string.hpp"

namespace reseal {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// Length of the well-formed UTF-8 sequence (Unicode 15, table 3-7) that `text` begins with; 0: none.
std::size_t sequence(std::string_view text) {
    unsigned char lead = byte_at(text, 0);
    if (lead < 0x80) return 1;
    std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
    // The second byte's range rules out overlong forms, surrogates and what lies behind U+10FFFF.
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte_at(text, 1) < low || byte_at(text, 1) > high) return 0;
    for (std::size_t i = 2; i < size; ++i)
        if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
    return size;
}

void append_escaped(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

// U+0000…001F, 007F, and 0080…009F, which terminals take as control sequences too.
bool is_control(std::string_view character) {
    unsigned char first = byte_at(character, 0);
    return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_at(character, 1) < 0xA0);
}

}  // namespace

std::string byte_string(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        std::size_t size = sequence(bytes);
        if (size == 0) append_escaped(out, byte_at(bytes, 0));
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
        unsigned value = 0;
        for (const char digit : left.substr(1, 2)) {
            const std::size_t found = std::string_view("0123456789abcdef").find(digit);
            if (found == std::string_view::npos) return {};
            value = value << 4 | static_cast<unsigned>(found);
        }
        out += static_cast<char>(value);
        at += 4;
    }
    if (byte_string(out) != text) return {};
    return out;
}

std::string printable(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        std::size_t size = sequence(bytes);
        bool shown = size > 0 && !is_control(bytes.substr(0, size));
        std::string_view character = bytes.substr(0, size == 0 ? 1 : size);
        if (shown) out += character;
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
