// SPDX-License-Identifier: BSL-1.0
#pragma once
// The description of a synthetic Mach-O image and its signature: plain values with defaults that make a valid ad-hoc signed
// arm64 program of a few pages. A test changes the fields it is about and hands it to build() (image_builder.hpp).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace support {

inline constexpr std::uint32_t cpu_x86 = 7, cpu_x86_64 = 0x01000007, cpu_arm = 12, cpu_arm64 = 0x0100000c, cpu_ppc = 18,
                               cpu_ppc64 = 0x01000012;
inline constexpr std::uint32_t flag_adhoc = 0x2, flag_runtime = 0x10000, flag_linker_signed = 0x20000;
inline constexpr std::uint32_t slot_requirements = 2, slot_entitlements = 5, slot_der_entitlements = 7, slot_constraint = 8,
                               slot_alternate = 0x1000, slot_cms = 0x10000;

/// Bytes written over what the builder laid out.
struct Poke {
    std::uint64_t at;
    std::string bytes;
};

struct ScatterRange {
    std::uint32_t count, base;
    std::uint64_t target = 0;
};

/// Where a CodeDirectory keeps its code limit.
enum class LimitField {
    narrow,          ///< codeLimit
    wide_saturated,  ///< codeLimit64, codeLimit = 0xffffffff (as Apple writes it)
    wide_zero,       ///< codeLimit64, codeLimit = 0 (as rcodesign writes it)
};

struct DirectorySpec {
    std::uint32_t slot = 0;  ///< 0, or 0x1000… for an alternate
    std::uint32_t version = 0x20400;
    std::uint32_t flags = flag_adhoc;
    std::uint8_t hash_type = 2;  ///< a number no one knows is hashed as SHA-256
    unsigned page_shift = 12;    ///< 0, or 31 and more: one slot over everything
    std::string identifier = "org.example.image";
    std::optional<std::string> team;
    std::size_t team_hole = 0;                ///< zero bytes where a team string has been
    std::optional<std::uint64_t> code_limit;  ///< else the signature's offset
    LimitField limit_field = LimitField::narrow;
    std::optional<std::uint32_t> special_slots;  ///< else as many as the blobs and the section need
    std::map<int, std::string> seals;  ///< k → what special slot −k seals instead of the blob or section of that number
    std::vector<ScatterRange> scatter;
    bool pre_encrypt = false;
    std::string linkage;      ///< data of a version 0x20600 directory
    std::size_t hole = 0;     ///< zero bytes between the strings and the slots
    std::vector<Poke> pokes;  ///< from the CodeDirectory's first byte, applied last
};

/// Any other blob of the SuperBlob. See blobs.hpp for ready-made ones.
struct BlobSpec {
    std::uint32_t slot = 0;
    std::string bytes;           ///< its header included
    std::size_t reserve = 0;     ///< at least so many bytes of room, zeros behind the blob
    bool append_digest = false;  ///< the primary CodeDirectory's digest at its end (a CMS blob that is bound)
};

struct SignatureSpec {
    std::vector<DirectorySpec> directories = {DirectorySpec{}};
    std::vector<BlobSpec> blobs;
    bool bare = false;            ///< the first CodeDirectory alone, without SuperBlob
    bool reversed = false;        ///< the blobs stand in the file in reverse order
    bool index_reversed = false;  ///< the index names them in reverse order
    std::string gap;              ///< stands before every blob
    std::string padding;          ///< stands behind the SuperBlob, inside what LC_CODE_SIGNATURE spans
    std::vector<Poke> pokes;      ///< from the SuperBlob's first byte, applied last
};

/// A string at a fixed place, over the pseudo-random contents.
struct Plant {
    std::uint64_t at;
    std::string bytes;
};

struct ImageSpec {
    bool big_endian = false;
    bool wide = true;  ///< 64 bit
    std::uint32_t cputype = cpu_arm64;
    std::uint32_t cpusubtype = 0;
    std::uint32_t filetype = 2;                 ///< 1 object, 2 execute, 6 dylib, 8 bundle
    std::uint64_t code_size = 5 * 4096 + 1234;  ///< bytes before the signature, header and load commands included
    std::uint64_t seed = 1;                     ///< of the contents
    std::vector<Plant> plants;                  ///< from the image's first byte
    std::string rpath;                          ///< an LC_RPATH when not empty
    std::string info_plist;                     ///< a section __TEXT,__info_plist when not empty
    std::optional<std::uint32_t> cryptid;       ///< an LC_ENCRYPTION_INFO when there
    std::vector<std::string> commands;          ///< more load commands, whole, before LC_CODE_SIGNATURE
    std::uint64_t header_gap = 0;               ///< zeros at least between the load commands and the first section
    bool has_signature = true;
    int signature_commands = 1;
    std::uint32_t signature_cmdsize = 16;
    std::optional<std::uint32_t> signature_dataoff;
    std::optional<std::uint32_t> signature_datasize;
    std::vector<Poke> pokes;  ///< below the signature, before it is hashed
    SignatureSpec signature;
    std::string trailer;  ///< behind what LC_CODE_SIGNATURE spans
};

/// The first CodeDirectory, which most tests are about.
inline DirectorySpec& primary(ImageSpec& spec) { return spec.signature.directories.front(); }

/// Every string of `spec` with `from` replaced by `to`: the description of the twin.
ImageSpec with_path(ImageSpec spec, const std::string& from, const std::string& to);

}  // namespace support
