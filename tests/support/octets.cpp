// SPDX-License-Identifier: BSL-1.0
#include "support/octets.hpp"

#include <stdexcept>

#include "support/random.hpp"

namespace support {

std::uint64_t get(std::string_view bytes, std::uint64_t at, unsigned width, bool big) {
    if (at > bytes.size() || bytes.size() - at < width) throw std::out_of_range("bytes past the end");
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[static_cast<std::size_t>(at) + (big ? i : width - 1 - i)]);
        value = (value << 8) | byte;
    }
    return value;
}

std::string integer(std::uint64_t value, unsigned width, bool big) {
    std::string out(width, '\0');
    for (unsigned i = 0; i < width; ++i) {
        out[big ? width - 1 - i : i] = static_cast<char>(value & 0xff);
        value >>= 8;
    }
    return out;
}

void poke(std::string& bytes, std::uint64_t at, std::string_view by) {
    if (at > bytes.size() || bytes.size() - at < by.size()) throw std::out_of_range("a poke past the end");
    bytes.replace(static_cast<std::size_t>(at), by.size(), by);
}

std::string poked(std::string bytes, std::uint64_t at, std::string_view by) {
    poke(bytes, at, by);
    return bytes;
}

std::string replaced(std::string bytes, std::string_view from, std::string_view to) {
    for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size()))
        bytes.replace(at, from.size(), to);
    return bytes;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

std::string noise(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::string out(count, '\0');
    for (char& c : out) c = static_cast<char>(random.next() >> 56);
    return out;
}

}  // namespace support
