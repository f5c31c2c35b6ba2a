// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers of the format, by Apple's meaning (mach-o/loader.h, mach-o/fat.h, xnu osfmk/kern/cs_blobs.h), and our own maxima.
#include <cstdint>

namespace reseal::macho {

constexpr std::uint32_t fat_magic_32 = 0xcafebabe, fat_magic_64 = 0xcafebabf;
constexpr std::uint32_t thin_magic_32 = 0xfeedface, thin_magic_64 = 0xfeedfacf;

constexpr std::uint32_t lc_segment = 0x1, lc_segment_64 = 0x19, lc_uuid = 0x1b, lc_code_signature = 0x1d;
// Load commands with a string that starts where the number behind their size says.
constexpr std::uint32_t lc_load_dylib = 0xc, lc_id_dylib = 0xd, lc_load_dylinker = 0xe, lc_id_dylinker = 0xf,
                        lc_sub_framework = 0x12, lc_sub_umbrella = 0x13, lc_sub_client = 0x14, lc_sub_library = 0x15,
                        lc_load_weak_dylib = 0x80000018, lc_rpath = 0x8000001c, lc_reexport_dylib = 0x8000001f,
                        lc_lazy_load_dylib = 0x20, lc_load_upward_dylib = 0x80000023, lc_dyld_environment = 0x27;
constexpr std::uint32_t lc_encryption_info = 0x21, lc_encryption_info_64 = 0x2c;

constexpr std::uint32_t cpu_i386 = 7, cpu_x86_64 = 0x01000007, cpu_arm = 12, cpu_arm64 = 0x0100000c, cpu_arm64_32 = 0x0200000c,
                        cpu_ppc = 18, cpu_ppc64 = 0x01000012;
constexpr std::uint32_t mh_execute = 2, mh_dylib = 6, mh_bundle = 8;

constexpr std::uint32_t magic_superblob = 0xfade0cc0, magic_codedirectory = 0xfade0c02, magic_requirements = 0xfade0c01,
                        magic_entitlements = 0xfade7171, magic_der_entitlements = 0xfade7172, magic_constraint = 0xfade8181,
                        magic_cms = 0xfade0b01;

// Slots of a SuperBlob. Special slot −k of a CodeDirectory seals the blob in slot k.
constexpr std::uint32_t slot_codedirectory = 0, slot_info_plist = 1, slot_requirements = 2, slot_entitlements = 5,
                        slot_der_entitlements = 7, slot_library_constraint = 11, slot_alternate = 0x1000,
                        slot_alternate_end = 0x1005, slot_cms = 0x10000;

constexpr std::uint32_t flag_adhoc = 0x2, flag_runtime = 0x10000;

// A hostile file cannot make us keep more than this.
constexpr std::uint64_t max_load_commands = 1u << 20;  // bytes
constexpr std::uint64_t max_signature = 64u << 20;     // bytes
constexpr std::uint32_t max_slices = 64;
constexpr std::uint32_t max_blobs = 64;

}  // namespace reseal::macho
