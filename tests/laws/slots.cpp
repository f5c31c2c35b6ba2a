// SPDX-License-Identifier: BSL-1.0
#include "laws/slots.hpp"

#include <stdexcept>

#include "support/octets.hpp"

namespace laws {
namespace {

using support::big32;
using support::get;

std::uint64_t signature_offset(std::string_view image) {
    bool big = image[0] == '\xfe';
    bool wide = image[big ? 3 : 0] == '\xcf';
    std::uint64_t at = wide ? 32 : 28;
    for (std::uint64_t left = get(image, 16, 4, big); left > 0; --left) {
        if (get(image, at, 4, big) == 0x1d) return get(image, at + 8, 4, big);
        at += get(image, at + 4, 4, big);
    }
    throw std::out_of_range("no LC_CODE_SIGNATURE");
}

std::uint64_t directory_offset(std::string_view signature, std::uint32_t slot) {
    if (big32(signature, 0) == 0xfade0c02) return 0;
    for (std::uint64_t i = 0; i < big32(signature, 8); ++i)
        if (big32(signature, 12 + 8 * i) == slot) return big32(signature, 16 + 8 * i);
    throw std::out_of_range("no such CodeDirectory");
}

}  // namespace

std::vector<Span> slots_changed(std::string_view file, const reseal::ImageReport& image) {
    std::vector<Span> out;
    for (const reseal::CodeDirectoryReport& report : image.codedirectories) {
        std::uint64_t signature = image.offset + signature_offset(file.substr(image.offset));
        std::uint64_t at = signature + directory_offset(file.substr(signature), report.slot);
        std::uint64_t hashes = big32(file, at + 16), size = get(file, at + 36, 1, true);
        std::uint64_t pre_encrypt = big32(file, at + 8) >= 0x20500 ? big32(file, at + 92) : 0;
        for (std::int64_t slot : report.slots_changed) {
            std::uint64_t offset = static_cast<std::uint64_t>(slot) * size;  // wraps for special slots, as it should
            out.push_back({at + hashes + offset, size});
            if (pre_encrypt != 0 && slot >= 0) out.push_back({at + pre_encrypt + offset, size});
        }
    }
    return out;
}

}  // namespace laws
