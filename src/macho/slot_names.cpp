// SPDX-License-Identifier: BSL-1.0
#include "macho/slot_names.hpp"

#include <array>
#include <span>
#include <utility>

#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

using NamedNumber = std::pair<std::uint64_t, std::string_view>;

// xnu osfmk/kern/cs_blobs.h (CSSLOT_…, CS_…, CS_EXECSEG_…) and mach-o/loader.h (MH_…).
constexpr auto slot_name_list = std::to_array<NamedNumber>({
    {0, "CodeDirectory"},
    {1, "Info.plist"},
    {2, "requirements"},
    {3, "resources"},
    {4, "application data"},
    {5, "entitlements"},
    {6, "representation data"},
    {7, "DER entitlements"},
    {8, "launch constraint"},
    {9, "parent launch constraint"},
    {10, "responsible launch constraint"},
    {11, "library constraint"},
    {slot_cms, "CMS signature"},
    {0x10001, "identification"},
    {0x10002, "ticket"},
});

constexpr auto directory_flags = std::to_array<NamedNumber>({
    {0x1, "host"},
    {0x2, "adhoc"},
    {0x100, "hard"},
    {0x200, "kill"},
    {0x400, "expires"},
    {0x800, "restrict"},
    {0x1000, "enforcement"},
    {0x2000, "library-validation"},
    {0x10000, "runtime"},
    {0x20000, "linker-signed"},
});

constexpr auto exec_segment_flags = std::to_array<NamedNumber>({
    {0x1, "main-binary"},
    {0x10, "allow-unsigned"},
    {0x20, "debugger"},
    {0x40, "jit"},
    {0x80, "skip-library-validation"},
    {0x100, "can-load-cdhash"},
    {0x200, "can-exec-cdhash"},
});

constexpr auto file_types = std::to_array<NamedNumber>({
    {1, "object file"},
    {2, "executable"},
    {4, "core dump"},
    {5, "preloaded executable"},
    {6, "dynamic library"},
    {7, "dynamic linker"},
    {8, "bundle"},
    {9, "dynamic library stub"},
    {10, "debug symbols"},
    {11, "kernel extension"},
    {12, "file set"},
});

std::string_view find_name(std::span<const NamedNumber> list, std::uint64_t number) {
    for (const NamedNumber& each : list)
        if (each.first == number) return each.second;
    return {};
}

std::vector<std::string> bit_names(std::span<const NamedNumber> list, std::uint64_t bits) {
    std::vector<std::string> names;
    for (unsigned i = 0; i < 64; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        if ((bits & bit) == 0) continue;
        const std::string_view known = find_name(list, bit);
        names.push_back(known.empty() ? hex(bit) : std::string(known));
    }
    return names;
}

}  // namespace

std::string_view slot_name(std::uint32_t slot) {
    if (slot >= slot_alternate && slot < slot_alternate_end) return "alternate CodeDirectory";
    return find_name(slot_name_list, slot);
}

std::vector<std::string> directory_flag_names(std::uint32_t flags) { return bit_names(directory_flags, flags); }
std::vector<std::string> exec_segment_flag_names(std::uint64_t flags) { return bit_names(exec_segment_flags, flags); }

std::string file_type_name(std::uint32_t filetype) {
    const std::string_view known = find_name(file_types, filetype);
    return known.empty() ? std::string("file of type ").append(std::to_string(filetype)) : std::string(known);
}

}  // namespace reseal::macho
