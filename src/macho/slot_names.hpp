// SPDX-License-Identifier: BSL-1.0
#pragma once
// The numbers of signatures in words.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::macho {

/// What a SuperBlob has in a slot, and what special slot −`slot` of a CodeDirectory seals: "requirements". Empty for a number
/// without a name.
std::string_view slot_name(std::uint32_t slot);

/// The bits of a CodeDirectory's flags, from the lowest up, as codesign calls them: "adhoc", "runtime"; 0x… for those without
/// a name.
std::vector<std::string> directory_flag_names(std::uint32_t flags);
/// Those of its executable segment: "main-binary".
std::vector<std::string> exec_segment_flag_names(std::uint64_t flags);

/// "executable", "dynamic library", … for a header's file type.
std::string file_type_name(std::uint32_t filetype);

}  // namespace reseal::macho
