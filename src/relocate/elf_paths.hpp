// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where an ELF file keeps the paths by which it is loaded: PT_INTERP, DT_RPATH, DT_RUNPATH. Both widths, both byte orders.
#include <cstdint>
#include <reseal/source.hpp>
#include <string>
#include <vector>

namespace reseal::relocate {

struct ElfPath {
    enum class Kind { interpreter, rpath, runpath };
    Kind kind;
    std::uint64_t offset;  ///< of its first byte, in the file
    std::string text;      ///< without its NUL; library paths with colons between them
    bool operator==(const ElfPath&) const = default;
};

/// The paths of `file` as far as its tables hold together; none where it is no ELF file.
std::vector<ElfPath> elf_paths(const Source& file);

}  // namespace reseal::relocate
