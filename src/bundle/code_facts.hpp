// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a program says of itself that a bundle around it asks about.
#include <cstdint>
#include <reseal/source.hpp>
#include <string>
#include <vector>

namespace reseal::bundle {

/// One image that is signed, and whose signature holds together.
struct CodeFacts {
    std::string arch;  ///< as lipo names it
    std::uint64_t offset = 0;
    std::string identifier;
    bool certified = false;                 ///< CMS-signed
    bool linker_signed = false;             ///< by who knew of no bundle
    bool complete = true;                   ///< this build can compute the hash of every CodeDirectory
    std::vector<std::string> cdhashes;      ///< 20 bytes each, of every CodeDirectory whose hash this build can compute
    bool seals_info_plist = true;           ///< every CodeDirectory has a hash in slot −1
    bool seals_code_resources = true;       ///< … and in slot −3
    bool seals_any_code_resources = false;  ///< at least one has
};

/// Of each slice that is one; throws Error only where `file` does.
std::vector<CodeFacts> code_facts(const Source& file);

}  // namespace reseal::bundle
