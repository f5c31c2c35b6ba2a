// SPDX-License-Identifier: BSL-1.0
#include "seal/page_rules.hpp"

#include <string>

#include "macho/constants.hpp"

namespace reseal::seal {
namespace {

constexpr std::uint8_t log2_of_4k = 12, log2_of_16k = 14;

// Where the fields stand in a CodeDirectory.
constexpr std::uint64_t code_slots_at = 28, code_limit_at = 32, page_size_at = 39, scatter_at = 44;

}  // namespace

std::optional<macho::Defect> page_rule_broken(const macho::CodeDirectory& directory, const macho::Header& header,
                                              std::uint64_t slice_offset) {
    auto broken = [&](Code code, std::uint64_t field, std::string what) {
        return macho::Defect{code, directory.blob.offset + field, std::move(what)};
    };
    if (directory.page_size_log2 == 0) return broken(Code::page_size_unsupported, page_size_at, "one page without end");
    if (directory.page_size_log2 != log2_of_4k && directory.page_size_log2 != log2_of_16k)
        return broken(Code::page_size_unsupported, page_size_at,
                      "pages of 2^" + std::to_string(directory.page_size_log2) + " bytes; systems take 4096 and 16384");
    if (directory.page_size_log2 == log2_of_16k) {
        if (header.cputype == macho::cpu_x86_64 || header.cputype == macho::cpu_i386)
            return broken(Code::page_size_misplaced, page_size_at,
                          "pages of 16384 bytes on a processor that has pages of 4096");
        if (slice_offset % directory.page_size() != 0)  // xnu panics on such a page (cs_validate_hash)
            return broken(Code::page_size_misplaced, page_size_at,
                          "pages of 16384 bytes in a slice at " + std::to_string(slice_offset) + ", no multiple of that");
    }
    if (directory.code_limit > header.signature->offset)
        return broken(Code::code_limit, code_limit_at,
                      "the code limit " + std::to_string(directory.code_limit) + " lies behind the signature's offset " +
                          std::to_string(header.signature->offset));
    std::uint64_t pages = (directory.code_limit + directory.page_size() - 1) >> directory.page_size_log2;
    if (directory.scatter.empty() && directory.code_slots != pages)
        return broken(Code::slot_count, code_slots_at,
                      std::to_string(directory.code_slots) + " code slots for " + std::to_string(pages) + " pages");
    if (!directory.scatter.empty() && directory.scatter.back().first_page + directory.scatter.back().pages > pages)
        return broken(Code::scatter_malformed, scatter_at, "the scatter list names pages behind the code limit");
    return {};
}

}  // namespace reseal::seal
