// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_kernel.hpp"

#include <algorithm>
#include <string>

#include "macho/constants.hpp"
#include "macho/layout.hpp"
#include "seal/verifier_directory.hpp"

namespace reseal::seal {
namespace {

/// Of what dyld hands over for a library or plug-in (kern_descrip.c, CS_MAX_BLOB_SIZE).
constexpr std::uint64_t largest_library_signature = 40u << 20;

constexpr std::uint64_t smallest_page = 4096;

// Where the fields stand in a CodeDirectory.
constexpr std::uint64_t number_of_slots_at = 28, limit_at = 32, page_shift_at = 39, limit_64_at = 56;

std::uint64_t pages_of(const macho::CodeDirectory& directory) {
    return (directory.code_limit + directory.page_size() - 1) >> directory.page_size_log2;
}

/// Pages of code that no hash covers are unsigned code. The kernel never reads the 64-bit code limit.
void check_coverage(const Examination& of, const macho::CodeDirectory& chosen) {
    const std::uint64_t covered = pages_of(chosen) << chosen.page_size_log2;
    for (const macho::Segment& segment : macho::parse_layout(of.head).segments) {
        if (!segment.executable || segment.file.size == 0 || !segment.file.within(of.image.size)) continue;
        if (segment.file.end() <= covered) continue;
        const std::uint64_t first = std::max(segment.file.offset, covered);
        of.problem(Layer::kernel, Code::not_covered, of.image.offset + first,
                   std::to_string(segment.file.end() - first) + " bytes of code behind the code limit " +
                       std::to_string(chosen.code_limit));
        return;
    }
}

}  // namespace

std::uint8_t largest_page_log2(const macho::Header& header) {
    return header.cputype == macho::cpu_x86_64 || header.cputype == macho::cpu_i386 ? 12 : 14;
}

std::optional<macho::Defect> kernel_rule_broken(const Examination& of, const macho::CodeDirectory& chosen) {
    const auto broken = [&](Code code, std::uint64_t field, std::string what) {
        return macho::Defect{code, chosen.blob.offset + field, std::move(what)};
    };
    // Pages of 4096 bytes that do not begin at one are not mapped in the first place.
    if (chosen.page_size() > smallest_page && of.image.offset % chosen.page_size() != 0)
        return broken(Code::page_size_misplaced, page_shift_at,
                      "pages of " + std::to_string(chosen.page_size()) + " bytes in a slice at " +
                          std::to_string(of.image.offset) + ", no multiple of that: the kernel panics");
    if (chosen.code_limit > of.image.size)
        return broken(Code::code_limit, limit_at,
                      "the code limit " + std::to_string(chosen.code_limit) + " lies behind the image's end at " +
                          std::to_string(of.image.size));
    // The page right behind the last slot is compared with whatever stands there.
    if (chosen.scatter.empty() && chosen.code_slots < pages_of(chosen))
        return broken(Code::slot_count, number_of_slots_at,
                      std::to_string(chosen.code_slots) + " code slots for " + std::to_string(pages_of(chosen)) + " pages");
    return {};
}

void examine_as_kernel(const Examination& of, const macho::Parsed<macho::KernelSignature>& signature) {
    if (of.header.filetype != macho::mh_execute && of.header.signature->size > largest_library_signature)
        of.problem(Layer::kernel, Code::signature_too_large, of.signature_offset(),
                   "a signature of " + std::to_string(of.header.signature->size) + " bytes, for a library more than " +
                       std::to_string(largest_library_signature));
    if (!signature) return of.problem(Layer::kernel, signature.defect());
    const macho::CodeDirectory& chosen = signature->chosen;
    const bool known = add_directory(of, chosen, signature->super, true, Level::kernel);
    check_coverage(of, chosen);
    add_kernel_notes(of, *signature);
    if (std::optional<macho::Defect> broken = kernel_rule_broken(of, chosen)) of.problem(Layer::kernel, *broken);
    else if (known) check_code_slots(of, {{&chosen, of.verdict.codedirectories.size() - 1}});
}

void add_kernel_notes(const Examination& of, const macho::KernelSignature& signature) {
    const macho::CodeDirectory& chosen = signature.chosen;
    if (signature.limit_64 != 0 && signature.limit_64 != chosen.code_limit)
        of.verdict.notes.push_back({Code::code_limit, of.signature_offset() + chosen.blob.offset + limit_64_at,
                                    "a code limit of 64 bits, " + std::to_string(signature.limit_64) +
                                        ", where the kernel reads " + std::to_string(chosen.code_limit),
                                    Layer::kernel});
    const std::uint64_t partial = chosen.code_limit & (chosen.page_size() - 1);
    if (partial == 0) return;
    const std::uint64_t last = chosen.code_limit - partial;
    for (const macho::Segment& segment : macho::parse_layout(of.head).segments) {
        if (!segment.executable || !segment.file.within(of.image.size) || segment.file.size == 0) continue;
        if (segment.file.end() <= last || segment.file.offset >= chosen.code_limit) continue;
        of.verdict.notes.push_back({Code::last_page_nx, of.image.offset + last,
                                    "code in the last page, of which the kernel executes nothing as it is not whole",
                                    Layer::kernel});
        return;
    }
}

}  // namespace reseal::seal
