// SPDX-License-Identifier: BSL-1.0
#include "bytes/byte_string.hpp"

#include "bytes/hex.hpp"
#include "bytes/utf8.hpp"

namespace reseal {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

void append_escaped(std::string& out, unsigned char byte) {
    const char one = static_cast<char>(byte);
    out.append("\\x").append(to_hex({&one, 1}));
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
        const std::size_t size = first_character(bytes).size;
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
        const std::size_t size = first_character(bytes).size;
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
