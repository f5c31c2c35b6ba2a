// SPDX-License-Identifier: BSL-1.0
#include "seal/adhoc.hpp"

#include <algorithm>

#include "bytes/endian.hpp"
#include "macho/constants.hpp"

namespace reseal::seal {
namespace {

constexpr std::uint32_t empty_wrapper = 8;

void put(std::string& bytes, std::uint64_t at, std::uint32_t value) {
    bytes::store<std::uint32_t>(bytes.data() + at, value, bytes::Order::big);
}

void zero(std::string& bytes, std::uint64_t from, std::uint64_t to) {
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to), '\0');
}

}  // namespace

std::optional<macho::Defect> make_adhoc(const macho::Signature& signature, std::string& bytes) {
    if (const macho::Blob* requirements = signature.super.find(macho::slot_requirements)) {
        std::uint64_t at = requirements->range.offset;
        if (requirements->range.size < empty_requirements)
            return macho::Defect{Code::blob_malformed, at, "the requirements are too short for an empty set"};
        put(bytes, at + 4, empty_requirements);
        put(bytes, at + 8, 0);
        zero(bytes, at + empty_requirements, requirements->range.end());
    }
    if (const macho::Blob* cms = signature.super.find(macho::slot_cms)) {
        put(bytes, cms->range.offset + 4, empty_wrapper);
        zero(bytes, cms->range.offset + empty_wrapper, cms->range.end());
    }
    for (const macho::CodeDirectory& directory : signature.directories) {
        put(bytes, directory.blob.offset + macho::flags_offset, directory.flags | macho::flag_adhoc);
        if (directory.version < macho::version_with_team || directory.team.offset == 0) continue;
        put(bytes, directory.blob.offset + macho::team_offset_offset, 0);
        zero(bytes, directory.team.offset, directory.team.end());
    }
    return {};
}

std::vector<macho::Range> made_adhoc(const macho::Signature& signature) {
    std::vector<macho::Range> ranges;
    for (std::uint32_t slot : {macho::slot_requirements, macho::slot_cms})
        if (const macho::Blob* blob = signature.super.find(slot)) ranges.push_back(blob->range);
    for (const macho::CodeDirectory& directory : signature.directories)
        if (directory.team.size > 0) ranges.push_back(directory.team);
    return ranges;
}

}  // namespace reseal::seal
