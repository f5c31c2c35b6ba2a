// SPDX-License-Identifier: BSL-1.0
#include "bundle/code_facts.hpp"

#include <optional>
#include <string_view>

#include "digest/digest.hpp"
#include "macho/arch.hpp"
#include "macho/constants.hpp"
#include "macho/signature.hpp"
#include "seal/file_layout.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::bundle {
namespace {

constexpr std::uint32_t flag_linker_signed = 0x20000, slot_code_resources = 3;

std::optional<CodeFacts> facts_of(const Source& file, const seal::FileLayout& layout, const macho::Slice& slice) {
    std::optional<std::uint64_t> size;
    if (layout.fat) size = slice.range.size;
    const seal::SliceHead head = seal::read_head(file, slice.range, size);
    if (!head.header || head.header->defect || !head.header->signature) return {};
    const macho::Range& where = *head.header->signature;
    const std::string bytes = seal::read_range(file, {slice.range.offset + where.offset, where.size});
    if (bytes.size() < where.size) return {};
    const macho::Parsed<macho::Signature> signature = macho::parse_signature(bytes);
    if (!signature) return {};

    CodeFacts facts;
    facts.arch = macho::arch_name(head.header->cputype, head.header->cpusubtype);
    facts.offset = slice.range.offset;
    facts.certified = signature->super.cms_signed();
    facts.identifier = seal::slice(bytes, signature->primary().identifier);
    for (const macho::CodeDirectory& directory : signature->directories) {
        if ((directory.flags & flag_linker_signed) != 0) facts.linker_signed = true;
        if (!directory.has_special_hash(macho::slot_info_plist, bytes)) facts.seals_info_plist = false;
        if (directory.has_special_hash(slot_code_resources, bytes)) facts.seals_any_code_resources = true;
        else facts.seals_code_resources = false;
        if (!digest::available(directory.hash)) facts.complete = false;
        else
            facts.cdhashes.emplace_back(
                digest::digest(directory.hash, seal::slice(bytes, directory.blob)).prefix(macho::cdhash_size).bytes());
    }
    return facts;
}

}  // namespace

std::vector<CodeFacts> code_facts(const Source& file) {
    const seal::FileLayout layout = seal::read_layout(file);
    std::vector<CodeFacts> all;
    for (const macho::Slice& slice : layout.slices)
        if (std::optional<CodeFacts> facts = facts_of(file, layout, slice)) all.push_back(std::move(*facts));
    return all;
}

}  // namespace reseal::bundle
