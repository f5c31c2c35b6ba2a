// SPDX-License-Identifier: BSL-1.0
// Pages that are not what their hashes say.
#include <algorithm>
#include <span>

#include "bytes/zeros.hpp"
#include "diagnose/checks.hpp"
#include "diagnose/last_page.hpp"
#include "diagnose/page_look.hpp"
#include "diagnose/remedies.hpp"
#include "digest/digest.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::diagnose {
namespace {

/// The code slots among a CodeDirectory's stale ones, which are ascending.
std::span<const std::int64_t> stale_code_slots(const CodeDirectoryVerdict& of) {
    const auto first = std::partition_point(of.stale.begin(), of.stale.end(), [](std::int64_t slot) { return slot < 0; });
    return {first, of.stale.end()};
}

struct Page {
    macho::Range range;  // of the image
    std::string bytes;
    std::string_view hash;  // as the slot has it
};

Page read_page(const ImageFacts& image, const macho::CodeDirectory& directory, std::int64_t slot) {
    Page page;
    page.range.offset = directory.page_of(static_cast<std::uint64_t>(slot)) << directory.page_size_log2;
    if (page.range.offset >= directory.code_limit) return page;
    page.range.size = std::min(directory.page_size(), directory.code_limit - page.range.offset);
    page.bytes = seal::read_range(*image.file, {image.slice.offset + page.range.offset, page.range.size});
    page.hash = seal::slice(image.signature, directory.hash_range(slot));
    return page;
}

bool is_last(const macho::CodeDirectory& directory, std::int64_t slot) {
    return directory.code_slots > 0 && slot == std::int64_t{directory.code_slots} - 1;
}

/// What the last page was hashed over instead; empty: nothing known.
std::string variant_of_last(const ImageFacts& image, const macho::CodeDirectory& directory, std::int64_t slot) {
    if (!is_last(directory, slot) || !directory.scatter.empty() || !digest::available(directory.hash)) return "";
    const Page page = read_page(image, directory, slot);
    if (page.bytes.size() < page.range.size) return "";
    const std::uint64_t rest = directory.page_size() - page.range.size;
    const std::string beyond = seal::read_range(*image.file, {image.slice.offset + page.range.end(), rest});
    return last_page_variant(directory.hash, page.hash, page.bytes, beyond, directory.page_size());
}

Evidence page_evidence(const ImageFacts& image, const std::optional<PlacedImage>& placed, const macho::CodeDirectory& directory,
                       std::int64_t slot) {
    const Page page = read_page(image, directory, slot);
    const PageLook look = look_at_page(page.bytes);
    Evidence out = image.evidence(image.slice.offset + page.range.offset,
                                  "page " + std::to_string(directory.page_of(static_cast<std::uint64_t>(slot))));
    out.slot = slot;
    // A page of 16 KiB goes on far behind the load commands.
    if (image.header && page.range.offset + (look.found ? look.at : 0) < image.header->commands_end)
        out.what += " (the load commands: install_name_tool, strip and the like change them)";
    if (placed) {
        const Place place = placed->place(page.range.offset + look.at);
        out.segment = place.segment;
        out.section = place.section;
        out.text = place.text;
        const macho::Section* begin = placed->layout().section_at(page.range.offset);
        if (!place.section.empty() && (!begin || begin->name != place.section)) out.offset += look.at;
    }
    const std::string_view told = look.what.empty() ? look_at_text(out.text) : look.what;
    if (bytes::zeros(page.hash)) out.what += " has no hash at all, only zeros";
    else if (!told.empty()) out.what.append(": ").append(told);
    return out;
}

void add_pages(Cause& cause, const ImageFacts& image, const macho::CodeDirectory& directory,
               std::span<const std::int64_t> slots) {
    const std::optional<PlacedImage> placed = PlacedImage::read(*image.file, {0, 0, image.slice});
    for (const std::int64_t slot : slots.first(std::min(slots.size(), max_evidence)))
        cause.evidence.push_back(page_evidence(image, placed, directory, slot));
    cause.more = slots.size() - cause.evidence.size();
}

std::string pages_of(std::size_t stale, std::uint64_t all) {
    if (all == 1) return "its only page is not what the signature says";
    if (stale == all) return "not one of its " + std::to_string(all) + " pages is what the signature says";
    return std::to_string(stale) + " of " + std::to_string(all) + " pages " + (stale == 1 ? "is" : "are") +
           " not what the signature says";
}

/// The stale code slots of the CodeDirectory that the kernel goes by, but for a last page that was hashed in a known wrong way.
struct Chosen {
    const macho::CodeDirectory* directory = nullptr;
    std::vector<std::int64_t> changed;
    std::optional<std::int64_t> last;
    std::string variant;  // of `last`
};

Chosen chosen_pages(const ImageFacts& image) {
    Chosen out;
    out.directory = image.chosen();
    const CodeDirectoryVerdict* verdict = image.chosen_verdict();
    if (!out.directory || !verdict) return {};
    const std::span<const std::int64_t> stale = stale_code_slots(*verdict);
    out.changed.assign(stale.begin(), stale.end());
    if (stale.empty()) return out;
    out.variant = variant_of_last(image, *out.directory, stale.back());
    if (!out.variant.empty()) {
        out.last = stale.back();
        out.changed.pop_back();
    }
    return out;
}

std::string mend_pages(const ImageFacts& image) {
    return "# Best: take the file as it was before it was changed, and change it with `reseal rewrite`, which mends the\n"
           "# signature as it goes. Or, if you trust what stands in it now, give it new hashes:\n" +
           new_hashes(image);
}

}  // namespace

std::optional<Cause> stale_page(const ImageFacts& image) {
    const Chosen pages = chosen_pages(image);
    if (!pages.directory || pages.changed.empty()) return {};
    Cause cause = image.cause(CauseCode::stale_page, "it was changed after it was signed: " +
                                                         pages_of(pages.changed.size(), pages.directory->code_slots));
    add_pages(cause, image, *pages.directory, pages.changed);
    cause.remedy = mend_pages(image);
    cause.reference = "TN3126";
    return cause;
}

std::optional<Cause> padded_last_page(const ImageFacts& image) {
    const Chosen pages = chosen_pages(image);
    if (!pages.directory || !pages.last) return {};
    Cause cause = image.cause(CauseCode::padded_last_page, "whoever signed it hashed the last page wrongly: " + pages.variant +
                                                               ", not up to the end of the code; older systems may not notice");
    add_pages(cause, image, *pages.directory, std::span(&*pages.last, 1));
    cause.remedy = new_hashes(image);
    cause.reference = "TN3126";
    return cause;
}

std::optional<Cause> stale_alternate(const ImageFacts& image) {
    const CodeDirectoryVerdict* chosen = image.chosen_verdict();
    if (!image.parsed || !chosen || !stale_code_slots(*chosen).empty()) return {};
    for (const CodeDirectoryVerdict& each : image.verdict.codedirectories) {
        const std::span<const std::int64_t> stale = stale_code_slots(each);
        if (each.chosen || stale.empty()) continue;
        for (const macho::CodeDirectory& directory : image.parsed->directories) {
            if (directory.slot != each.slot) continue;
            Cause cause = image.cause(CauseCode::stale_alternate,
                                      "its " + std::string(name(chosen->hash)) + " hashes are right, but of its " +
                                          std::string(name(each.hash)) + " hashes " + std::to_string(stale.size()) + " of " +
                                          std::to_string(each.pages) + " are not; the kernel runs it, codesign rejects it");
            cause.layer = Layer::codesign;
            add_pages(cause, image, directory, stale);
            cause.remedy = mend_pages(image);
            cause.reference = "TN3126";
            return cause;
        }
    }
    return {};
}

}  // namespace reseal::diagnose
