// SPDX-License-Identifier: BSL-1.0
#pragma once
// A CodeDirectory: the table of page hashes (code slots, upwards) and of hashes of other blobs (special slots, downwards), with
// what says how to read it. Big-endian (xnu osfmk/kern/cs_blobs.h, CS_CodeDirectory).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <reseal/hash_type.hpp>
#include <reseal/scatter.hpp>
#include <string_view>
#include <vector>

#include "macho/defect.hpp"
#include "macho/range.hpp"

namespace reseal::macho {

/// Bytes of a cdhash: the front of the CodeDirectory's digest, whatever its type.
constexpr std::size_t cdhash_size = 20;

struct CodeDirectory {
    std::uint32_t slot = 0;  ///< in the SuperBlob
    Range blob;              ///< of the signature; every range below is of the signature too
    std::uint32_t version = 0, flags = 0;
    HashType hash = HashType::sha256;
    std::uint8_t page_size_log2 = 0;  ///< 0: one page without end
    std::uint32_t special_slots = 0, code_slots = 0;
    std::uint64_t code_limit = 0;  ///< bytes of the image that the code slots cover
    Range fixed;                   ///< the fixed header of this version
    Range identifier, team;        ///< without their NULs; a team of offset 0 is none
    Range slots;                   ///< special and code slots together
    std::optional<Range> scatter_list, pre_encrypt, linkage;

    std::vector<ScatterRun> scatter;  ///< by page, and by slot; empty without a scatter list

    std::uint64_t page_size() const { return std::uint64_t{1} << page_size_log2; }
    /// The code slot that holds a page's hash; nothing for a page without one.
    std::optional<std::uint64_t> slot_of(std::uint64_t page) const;
    /// The page that a code slot holds the hash of.
    std::uint64_t page_of(std::uint64_t code_slot) const;
    /// Where the hash of a code slot (≥ 0) or special slot (< 0) stands.
    Range hash_range(std::int64_t slot) const;
    Range pre_encrypt_range(std::uint64_t code_slot) const;
    /// Whether slot −k has a hash at all: one of zeros only is none. `signature`: the bytes this was parsed from.
    bool has_special_hash(std::uint32_t k, std::string_view signature) const;
};

/// Where the fields that `--cms adhoc` changes stand in every version that has them, from the CodeDirectory's first byte.
constexpr std::uint64_t flags_offset = 12, team_offset_offset = 48;

// What each version added to the fixed header.
constexpr std::uint32_t version_with_scatter = 0x20100, version_with_team = 0x20200, version_with_limit_64 = 0x20300,
                        version_with_exec_segment = 0x20400, version_with_pre_encrypt = 0x20500, version_with_linkage = 0x20600;

/// `signature`: the bytes that LC_CODE_SIGNATURE names; `blob` lies within. What comes out can be read without another check of
/// bounds, and none of its parts overlap. A page size may still be one that nobody supports.
Parsed<CodeDirectory> parse_codedirectory(std::string_view signature, std::uint32_t slot, Range blob);

}  // namespace reseal::macho
