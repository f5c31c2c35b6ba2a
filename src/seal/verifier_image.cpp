// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_image.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "digest/digest.hpp"
#include "macho/arch.hpp"
#include "macho/constants.hpp"
#include "macho/signature.hpp"
#include "seal/page_rules.hpp"
#include "seal/signature_bytes.hpp"
#include "seal/verifier_pages.hpp"
#include "seal/verifier_special.hpp"
#include "seal/verifier_strict.hpp"

namespace reseal::seal {
namespace {

constexpr std::size_t cdhash_size = 20;
constexpr std::size_t most_pages_named = 16;  // in a problem's text; the list of stale slots has them all

Verdict verdict_of(Code code) {
    switch (code) {
        case Code::page_stale:
        case Code::special_stale:
        case Code::special_missing:
        case Code::pre_encrypt: return Verdict::stale;
        case Code::cms_unbound: return Verdict::unbound;
        case Code::unsigned_image: return Verdict::unsigned_;
        case Code::commands_too_large:
        case Code::signature_too_large:
        case Code::encrypted:
        case Code::version_unsupported:
        case Code::hash_unsupported:
        case Code::hash_unavailable:
        case Code::page_size_unsupported:
        case Code::page_size_misplaced: return Verdict::unsupported;
        default: return Verdict::malformed;
    }
}

int gravity(Verdict verdict) {
    constexpr std::array ascending{Verdict::valid, Verdict::unsigned_,   Verdict::unbound,
                                   Verdict::stale, Verdict::unsupported, Verdict::malformed};
    return static_cast<int>(std::find(ascending.begin(), ascending.end(), verdict) - ascending.begin());
}

/// "3 of 2526 pages: 17, 18, 1872; sha256/4096"
std::string describe(const std::vector<std::int64_t>& slots, const CodeDirectoryVerdict& of) {
    std::string text = std::to_string(slots.size()) + " of " + std::to_string(of.pages) + " pages: ";
    for (std::size_t i = 0; i < std::min(slots.size(), most_pages_named); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(slots[i]);
    if (slots.size() > most_pages_named) text += ", …";
    return text + "; " + std::string(name(of.hash)) + "/" + std::to_string(of.page_size);
}

/// A signed image while it is examined.
struct Examination {
    const Source& file;
    macho::Range image;  // of the file
    const macho::Header& header;
    std::string bytes;  // of the signature
    macho::Signature signature;
    const VerifyOptions& options;
    ImageVerdict& verdict;

    std::uint64_t signature_offset() const { return image.offset + header.signature->offset; }
    void problem(Layer layer, Code code, std::uint64_t offset, std::string what) const {
        verdict.problems.push_back({code, offset, std::move(what), layer});
    }
    void problem(Layer layer, const macho::Defect& defect) const {
        problem(layer, defect.code, signature_offset() + defect.offset, defect.what);
    }
};

void add(std::vector<std::int64_t>& stale, const std::vector<std::int64_t>& more) {
    stale.insert(stale.end(), more.begin(), more.end());
    std::sort(stale.begin(), stale.end());
    stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
}

void check_special_slots(const Examination& of, const macho::CodeDirectory& directory, CodeDirectoryVerdict& verdict) {
    std::optional<digest::Digest> section;
    const std::optional<macho::Range>& plist = of.header.info_plist;
    if (plist && plist->within(of.image.size) && directory.has_special_hash(macho::slot_info_plist, of.bytes))
        section = digest_range(of.file, {of.image.offset + plist->offset, plist->size}, directory.hash);
    CheckedSpecials checked = check_specials(directory, of.signature.super, of.bytes, section, of.options.preimages);
    for (std::size_t i = 0; i < checked.defects.size(); ++i)
        of.problem(verdict.chosen && kernel_asks(checked.stale[i]) ? Layer::kernel : Layer::codesign, checked.defects[i]);
    verdict.stale = std::move(checked.stale);
    verdict.unchecked = std::move(checked.unchecked);
}

/// The file offset of the page that a code slot seals.
std::uint64_t page_offset(const Examination& of, const macho::CodeDirectory& directory, std::int64_t slot) {
    auto page = static_cast<std::uint64_t>(slot);
    for (const macho::CodeDirectory::Extent& extent : directory.scatter)
        if (page >= extent.first_slot && page - extent.first_slot < extent.pages) {
            page = extent.first_page + (page - extent.first_slot);
            break;
        }
    return of.image.offset + page * directory.page_size();
}

void check_code_slots(const Examination& of, const std::vector<std::size_t>& checkable) {
    std::vector<const macho::CodeDirectory*> directories;
    for (std::size_t i : checkable) directories.push_back(&of.signature.directories[i]);
    const std::vector<CheckedPages> all = check_pages(of.file, of.image, of.bytes, directories);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const CheckedPages& checked = all[i];
        CodeDirectoryVerdict& verdict = of.verdict.codedirectories[checkable[i]];
        const Layer layer = verdict.chosen ? Layer::kernel : Layer::codesign;
        if (!checked.stale.empty())
            of.problem(layer, Code::page_stale, page_offset(of, *directories[i], checked.stale.front()),
                       describe(checked.stale, verdict));
        if (!checked.pre_encrypt.empty())
            of.problem(Layer::codesign, Code::pre_encrypt, page_offset(of, *directories[i], checked.pre_encrypt.front()),
                       "pre-encryption hashes of " + describe(checked.pre_encrypt, verdict));
        if (!checked.complete) of.problem(layer, Code::truncated, of.file.size(), "the file became shorter while it was read");
        add(verdict.stale, checked.stale);
        add(verdict.stale, checked.pre_encrypt);
    }
}

void check_directories(const Examination& of) {
    std::vector<std::size_t> checkable;
    const macho::CodeDirectory& chosen = of.signature.chosen();
    for (const macho::CodeDirectory& directory : of.signature.directories) {
        CodeDirectoryVerdict& verdict = of.verdict.codedirectories.emplace_back();
        verdict.slot = directory.slot;
        verdict.hash = directory.hash;
        verdict.chosen = &directory == &chosen;
        verdict.pages = directory.code_slots;
        if (directory.page_size_log2 > 0 && directory.page_size_log2 < 32)
            verdict.page_size = static_cast<std::uint32_t>(directory.page_size());
        if (!digest::available(directory.hash)) {
            of.problem(verdict.chosen ? Layer::kernel : Layer::codesign, Code::hash_unavailable,
                       of.signature_offset() + directory.blob.offset,
                       "this build cannot compute the hash " + std::string(name(directory.hash)));
            continue;
        }
        verdict.cdhash = digest::digest(directory.hash, slice(of.bytes, directory.blob)).prefix(cdhash_size).hex();
        check_special_slots(of, directory, verdict);
        if (std::optional<macho::Defect> broken = page_rule_broken(directory, of.header, of.image.offset))
            of.problem(Layer::kernel, *broken);
        else checkable.push_back(of.verdict.codedirectories.size() - 1);
    }
    check_code_slots(of, checkable);
}

/// A CMS signature is over the primary CodeDirectory, so its signed attributes hold that one's digest as it is. Which hash it
/// chose we do not parse out of it; 20 random bytes do not turn up by chance.
bool cms_bound(const Examination& of) {
    const std::string_view cms = slice(of.bytes, of.signature.super.find(macho::slot_cms)->range);
    const std::string_view primary = slice(of.bytes, of.signature.primary().blob);
    constexpr std::array hashes{HashType::sha256, HashType::sha1, HashType::sha384};
    return std::any_of(hashes.begin(), hashes.end(), [&](HashType hash) {
        return digest::available(hash) && cms.find(digest::digest(hash, primary).bytes()) != std::string_view::npos;
    });
}

void examine_signed(const Source& file, const macho::Range& image, const macho::Header& header, const VerifyOptions& options,
                    ImageVerdict& verdict) {
    const std::uint64_t start = image.offset + header.signature->offset;
    std::string bytes = read_range(file, {start, header.signature->size});
    if (bytes.size() < header.signature->size) {
        verdict.problems.push_back({Code::truncated, file.size(),
                                    "the signature ends at " + std::to_string(start + header.signature->size) +
                                        ", the file at " + std::to_string(file.size()),
                                    Layer::kernel});
        return;
    }
    macho::Parsed<macho::Signature> signature = macho::parse_signature(bytes);
    if (!signature) {
        const macho::Defect& defect = signature.defect();
        verdict.problems.push_back({defect.code, start + defect.offset, defect.what, Layer::kernel});
        return;
    }
    const Examination of{file, image, header, std::move(bytes), std::move(*signature), options, verdict};
    check_directories(of);
    if (of.signature.super.cms_signed() && !cms_bound(of))
        of.problem(Layer::codesign, Code::cms_unbound, start + of.signature.super.find(macho::slot_cms)->range.offset,
                   "the CMS blob does not hold the digest of the primary CodeDirectory");
    if (options.strict)
        for (Problem& problem : strict_problems(header, of.signature, image)) verdict.problems.push_back(std::move(problem));
}

}  // namespace

std::optional<ImageVerdict> examine_image(const Source& file, const FileLayout& layout, const macho::Slice& slice,
                                          const VerifyOptions& options) {
    ImageVerdict verdict;
    verdict.offset = slice.range.offset;
    auto problem = [&](Code code, std::uint64_t offset, std::string what) {
        verdict.problems.push_back({code, offset, std::move(what), Layer::kernel});
        return verdict;
    };
    verdict.arch = layout.fat ? macho::arch_name(slice.cputype, slice.cpusubtype) : "unknown";
    if (!slice.range.within(file.size()))
        return problem(
            Code::truncated, file.size(),
            "the slice ends at " + std::to_string(slice.range.end()) + ", the file at " + std::to_string(file.size()));

    // A thin file does not say how long it should be: a signature behind its end means that it was cut short.
    std::optional<std::uint64_t> size;
    if (layout.fat) size = slice.range.size;
    const SliceHead head = read_head(file, slice.range, size);
    if (!head.image) return {};
    if (!head.header) return problem(Code::commands_malformed, slice.range.offset, "the load commands do not hold together");

    const macho::Header& header = *head.header;
    verdict.arch = macho::arch_name(header.cputype, header.cpusubtype);
    if (header.defect) return problem(header.defect->code, slice.range.offset + header.defect->offset, header.defect->what);
    if (header.signature) {
        examine_signed(file, slice.range, header, options, verdict);
    } else {
        verdict.verdict = Verdict::unsigned_;
        if (header.must_be_signed())
            return problem(Code::unsigned_image, slice.range.offset, "no signature, without which the system does not load it");
    }
    return verdict;
}

void weigh(ImageVerdict& image) {
    image.bad = !image.problems.empty();
    for (const Problem& problem : image.problems)
        if (Verdict asked = verdict_of(problem.code); gravity(asked) > gravity(image.verdict)) image.verdict = asked;
}

}  // namespace reseal::seal
