// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the header and load commands of one image say of the program, apart from its signature: what a kernel and dyld ask
// before they start it (mach-o/loader.h).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::diagnose {

constexpr std::size_t max_libraries = 1024;  // what is beyond them is left out

struct Program {
    std::uint32_t filetype = 0, flags = 0;
    std::optional<std::uint32_t> platform;  ///< 1 macOS, 2 iOS, …; nothing where it does not say
    std::uint32_t oldest = 0;               ///< the oldest system it is for, X.Y.Z as 0xXXXXYYZZ; 0: it does not say
    std::vector<std::string> libraries;     ///< those it loads, by the names in its load commands

    bool executable() const;
    /// Started by dyld, as all programs for macOS are.
    bool dynamic() const;
    /// May stand at any address.
    bool position_independent() const;
};

/// `head`: the image's first bytes (macho::header_bytes_wanted()).
Program read_program(std::string_view head);

/// "macOS" for 1; "platform 99" for one without a name.
std::string platform_name(std::uint32_t platform);

/// "10.15" for 0x000a0f00.
std::string version_text(std::uint32_t version);

/// Whether it is a part of macOS by its path: one that no library validation keeps out.
bool is_system_library(std::string_view path);

}  // namespace reseal::diagnose
