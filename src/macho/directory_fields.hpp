// SPDX-License-Identifier: BSL-1.0
#pragma once
// The fixed header of a CodeDirectory as it stands, whatever the numbers in it mean (xnu osfmk/kern/cs_blobs.h,
// CS_CodeDirectory): for who wants to know what a damaged one says.
#include <cstdint>
#include <optional>
#include <string_view>

namespace reseal::macho {

struct ExecSegment {
    std::uint64_t base = 0, limit = 0, flags = 0;
};

struct DirectoryFields {
    std::uint32_t length = 0, version = 0, flags = 0;
    std::uint32_t hash_offset = 0, identifier_offset = 0, special_slots = 0, code_slots = 0, code_limit = 0;
    std::uint8_t hash_size = 0, hash_type = 0, platform = 0, page_size_log2 = 0;
    std::uint32_t scatter_offset = 0, team_offset = 0;
    std::uint64_t code_limit_64 = 0;
    std::optional<ExecSegment> exec_segment;
    std::uint32_t runtime = 0, pre_encrypt_offset = 0;
    std::uint8_t linkage_hash_type = 0, linkage_application_type = 0;
    std::uint16_t linkage_application_subtype = 0;
    std::uint32_t linkage_offset = 0, linkage_size = 0;
    bool whole = false;  ///< there are as many bytes as its version has; else the fields behind the end are 0

    /// How many bytes of the image it says to cover.
    std::uint64_t limit() const { return code_limit_64 != 0 ? code_limit_64 : code_limit; }
};

/// `blob`: the CodeDirectory, or what there is of it. Fields that its version does not have are 0.
DirectoryFields read_directory_fields(std::string_view blob);

/// The string at an offset of the blob up to its NUL; nothing where it lies outside or does not end.
std::optional<std::string_view> directory_string(std::string_view blob, std::uint64_t offset);

}  // namespace reseal::macho
