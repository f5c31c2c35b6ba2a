// SPDX-License-Identifier: BSL-1.0
// The string literals of PythonText: Python 3's lexical rules, section 2.4.1 of its reference.
#include "package/python_text.hpp"

#include "bytes/hex.hpp"
#include "bytes/utf8.hpp"

namespace reseal::package {
namespace {

// A code point as os.fsencode() does it under UTF-8; false where it raises an error.
bool append(std::string& out, unsigned long point) {
    constexpr unsigned long escaped_byte = 0xDC00;
    const bool raw = point >= escaped_byte + 0x80 && point <= escaped_byte + 0xFF;
    if (point >= 0x110000 || (point >= 0xD800 && point < 0xE000 && !raw)) return false;
    if (raw) out += static_cast<char>(point - escaped_byte);
    else append_utf8(out, static_cast<char32_t>(point));
    return true;
}

char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

}  // namespace

bool PythonText::kind(Kind& kind) const {
    bool unicode = false;
    for (std::size_t i = 0; i < 3 && i < left().size(); ++i) {
        const char byte = lower(left()[i]);
        if (byte == '\'' || byte == '"') {
            kind.prefix = i;
            return !(unicode && i > 1);
        }
        if (byte == 'r' && !kind.raw) kind.raw = true;
        else if (byte == 'b' && !kind.bytes) kind.bytes = true;
        else if (byte == 'u' && !unicode) unicode = true;
        else return false;
    }
    return false;
}

std::string PythonText::string() {
    Kind first;
    if (!kind(first)) fail("a string is expected; only literals are read here, no expressions");
    std::string out;
    literal(out, first);
    for (;;) {
        skip();
        Kind next;
        if (!kind(next)) return out;
        if (next.bytes != first.bytes) fail("str and bytes side by side");
        literal(out, next);
    }
}

void PythonText::literal(std::string& out, const Kind& kind) {
    const std::size_t start = at_;
    at_ += kind.prefix;
    const char quote = text_[at_];
    const std::string triple(3, quote);
    const bool long_string = left().starts_with(triple);
    at_ += long_string ? 3 : 1;
    for (;;) {
        if (at_end()) fail("a string without an end", start);
        const char byte = text_[at_];
        if (long_string ? left().starts_with(triple) : byte == quote) {
            at_ += long_string ? 3 : 1;
            return;
        }
        if (byte == '\0') fail("a NUL in the source");
        if (kind.bytes && static_cast<unsigned char>(byte) >= 0x80) fail("bytes that are not ASCII in a bytes literal");
        if (byte == '\\') {
            ++at_;
            if (at_end()) fail("a string without an end", start);
            if (!kind.raw) {
                escape(out, kind.bytes);
                continue;
            }
            // In a raw string too a quote or a line's end behind a backslash ends nothing.
            out += '\\';
            if (text_[at_] == '\n' || text_[at_] == '\r') line_end(out);
            else if (kind.bytes && static_cast<unsigned char>(text_[at_]) >= 0x80)
                fail("bytes that are not ASCII in a bytes literal");
            else out += text_[at_++];
            continue;
        }
        if (byte == '\n' || byte == '\r') {
            if (!long_string) fail("a line ends inside a string");
            line_end(out);
            continue;
        }
        out += byte;
        ++at_;
    }
}

// However it is written, it is one character.
void PythonText::line_end(std::string& out) {
    at_ += left().starts_with("\r\n") ? 2U : 1U;
    out += '\n';
}

// Behind the backslash.
void PythonText::escape(std::string& out, bool bytes) {
    const std::size_t start = at_ - 1;
    const char byte = text_[at_++];
    const auto add = [&](unsigned long value) {
        if (bytes && value < 0x100) out += static_cast<char>(value);
        else if (bytes || !append(out, value)) fail("an escape that stands for no byte and no character", start);
    };
    switch (byte) {
        case '\r': take('\n'); return;
        case '\n': return;
        case 'a': out += '\a'; return;
        case 'b': out += '\b'; return;
        case 'f': out += '\f'; return;
        case 'n': out += '\n'; return;
        case 'r': out += '\r'; return;
        case 't': out += '\t'; return;
        case 'v': out += '\v'; return;
        case '\\':
        case '\'':
        case '"': out += byte; return;
        case 'x': add(hex(2)); return;
        default: break;
    }
    if (byte >= '0' && byte <= '7') {
        unsigned long value = static_cast<unsigned long>(byte - '0');
        for (int i = 0; i < 2 && !at_end() && text_[at_] >= '0' && text_[at_] <= '7'; ++i)
            value = value * 8 + static_cast<unsigned long>(text_[at_++] - '0');
        return add(value);
    }
    if (!bytes && byte == 'u') return add(hex(4));
    if (!bytes && byte == 'U') return add(hex(8));
    if (!bytes && byte == 'N') fail("a character by its name (\\N) is not read", start);
    // Python keeps what it does not know; what follows the backslash is read as any other.
    out += '\\';
    --at_;
    if (bytes && static_cast<unsigned char>(byte) >= 0x80) fail("bytes that are not ASCII in a bytes literal");
    out += text_[at_++];
}

unsigned long PythonText::hex(std::size_t digits) {
    unsigned long value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const int digit = at_end() ? -1 : hex_value(text_[at_]);
        if (digit < 0) fail("an escape with too few digits");
        value = value << 4 | static_cast<unsigned long>(digit);
        ++at_;
    }
    return value;
}

}  // namespace reseal::package
