// SPDX-License-Identifier: BSL-1.0
#include "relocate/platform.hpp"

#include <cstdint>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"

namespace reseal::relocate {

// What conda, mamba and rattler go by. Linux has read 255 since 5.1, but nobody knows where a package will run.
std::size_t shebang_limit(Platform platform) { return platform == Platform::osx ? 512 : 127; }

std::optional<Platform> platform_of_subdir(std::string_view subdir) {
    const std::string_view system = subdir.substr(0, subdir.find('-'));
    if (system == "linux") return Platform::linux_;
    if (system == "osx") return Platform::osx;
    return std::nullopt;
}

std::optional<Platform> platform_of_magic(std::string_view head) {
    if (head.starts_with("\177ELF")) return Platform::linux_;
    if (head.size() < 8) return std::nullopt;
    const auto big = bytes::Reader(head, bytes::Order::big).u32();
    // A fat header's magic is also that of Java classes, where a version stands in place of the count: 45 and more.
    if (big == macho::fat_magic_32 || big == macho::fat_magic_64) {
        const auto count = bytes::Reader(head.substr(4), bytes::Order::big).u32();
        return count > 0 && count < 45 ? std::optional(Platform::osx) : std::nullopt;
    }
    const auto little = bytes::Reader(head, bytes::Order::little).u32();
    for (const std::uint32_t magic : {big, little})
        if (magic == macho::thin_magic_32 || magic == macho::thin_magic_64) return Platform::osx;
    return std::nullopt;
}

Platform host_platform() {
#ifdef __APPLE__
    return Platform::osx;
#else
    return Platform::linux_;
#endif
}

}  // namespace reseal::relocate
