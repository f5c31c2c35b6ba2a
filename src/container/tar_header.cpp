// SPDX-License-Identifier: BSL-1.0
#include "container/tar_header.hpp"

#include <algorithm>
#include <limits>

namespace reseal::container {
namespace {

constexpr std::size_t checksum_offset = 148, checksum_size = 8;

constexpr std::string_view blanks = " \t";

/// Blanks and zeros in front, then octal digits up to a blank or NUL.
std::optional<std::uint64_t> octal(std::string_view field) {
    std::size_t begin = field.find_first_not_of(blanks);
    if (begin == field.npos) return {};
    std::uint64_t value = 0;
    std::size_t i = begin;
    for (; i < field.size() && field[i] >= '0' && field[i] <= '7'; ++i) {
        if (value > std::numeric_limits<std::uint64_t>::max() >> 3) return {};
        value = value << 3 | static_cast<std::uint64_t>(field[i] - '0');
    }
    bool ends = i == field.size() || field[i] == '\0' || blanks.find(field[i]) != blanks.npos;
    if (i == begin || !ends) return {};
    return value;
}

/// The sum of all bytes, the checksum's own taken as spaces. Some old writers took bytes as signed.
template <class Byte>
std::int64_t sum(std::string_view block) {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        bool own = i >= checksum_offset && i < checksum_offset + checksum_size;
        total += own ? ' ' : static_cast<Byte>(block[i]);
    }
    return total;
}

std::optional<std::uint64_t> stored(std::string_view block) { return octal(block.substr(checksum_offset, checksum_size)); }

std::size_t octal_digits(std::uint64_t value) {
    std::size_t count = 1;
    while (value >>= 3) ++count;
    return count;
}

}  // namespace

bool TarHeader::has_checksum() const { return stored(block_).has_value(); }

bool TarHeader::checksum_right() const {
    std::optional<std::uint64_t> wanted = stored(block_);
    if (!wanted) return false;
    auto value = static_cast<std::int64_t>(*wanted);
    return value == sum<unsigned char>(block_) || value == sum<signed char>(block_);
}

std::optional<std::uint64_t> TarHeader::size() const {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::string_view bytes = block_.substr(124, 12);
    auto lead = static_cast<unsigned char>(bytes[0]);
    std::optional<std::uint64_t> value = 0;
    if (lead & 0x80) {
        if (lead & 0x40) return {};  // negative
        value = lead & 0x3f;
        for (char each : bytes.substr(1)) {
            if (*value > most >> 8) return {};
            value = *value << 8 | static_cast<unsigned char>(each);
        }
    } else if (bytes.find_first_not_of(std::string_view(" \t\0", 3)) != bytes.npos) {
        value = octal(bytes);
    }
    return value && *value <= most ? value : std::nullopt;
}

std::string TarHeader::path() const {
    std::string_view name = field(0, 100);
    // GNU's magic is "ustar " and has times where the prefix would be.
    std::string_view prefix = block_.substr(257, 6) == std::string_view("ustar\0", 6) ? field(345, 155) : std::string_view();
    return prefix.empty() ? std::string(name) : std::string(prefix) + "/" + std::string(name);
}

std::string_view TarHeader::link() const { return field(link_offset, link_size); }

std::string_view TarHeader::field(std::size_t offset, std::size_t size) const {
    std::string_view bytes = block_.substr(offset, size);
    return bytes.substr(0, bytes.find('\0'));
}

void write_tar_checksum(char* block) {
    std::string_view bytes(block, tar_block);
    std::string_view field = bytes.substr(checksum_offset, checksum_size);
    std::size_t begin = field.find_first_not_of(blanks);
    std::size_t end = field.find_first_not_of("01234567", begin);
    char* to = block + checksum_offset;
    auto value = static_cast<std::uint64_t>(sum<unsigned char>(bytes));
    // In the place of the old digits, filled up with zeros or spaces as they were. Digits that stood there without either may
    // be too few now; a sum of 512 bytes has six at most.
    std::size_t width = std::max(end == field.npos ? checksum_size : end, octal_digits(value));
    for (std::size_t i = width; i-- > 0; value >>= 3)
        to[i] = value == 0 && begin > 0 && i + 1 < width ? ' ' : static_cast<char>('0' + (value & 7));
}

}  // namespace reseal::container
