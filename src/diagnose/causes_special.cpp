// SPDX-License-Identifier: BSL-1.0
// Special slots: what a signature seals besides code.
#include <algorithm>
#include <initializer_list>

#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

/// Those of `slots` that are wrong in any CodeDirectory, each once.
std::vector<std::int64_t> stale_among(const ImageFacts& image, std::initializer_list<std::int64_t> slots) {
    std::vector<std::int64_t> out;
    for (const std::int64_t slot : slots)
        if (std::any_of(image.verdict.codedirectories.begin(), image.verdict.codedirectories.end(),
                        [slot](const CodeDirectoryVerdict& each) {
                            return std::binary_search(each.stale.begin(), each.stale.end(), slot);
                        }))
            out.push_back(slot);
    return out;
}

/// Where the blob stands that a special slot seals; the signature where there is none.
std::uint64_t blob_offset(const ImageFacts& image, std::int64_t slot) {
    const std::uint64_t start = image.slice.offset + image.header->signature->offset;
    const macho::Blob* blob = image.parsed->super.find(static_cast<std::uint32_t>(-slot));
    return blob ? start + blob->range.offset : start;
}

/// What a bundle's signature seals beside the program may still be had as it was; then no signer is needed.
std::string put_back(const ImageFacts& image) {
    const bool bundle = !image.around->bundle.empty();
    return (bundle ? "# Put back the file that it was signed with, or fetch the bundle again. Or sign it anew as it is now.\n"
                   : "") +
           sign_again(image);
}

std::optional<Cause> special_cause(const ImageFacts& image, CauseCode code, Layer layer,
                                   std::initializer_list<std::int64_t> slots, const char* sentence, const char* what) {
    if (!image.parsed) return {};
    const std::vector<std::int64_t> stale = stale_among(image, slots);
    if (stale.empty()) return {};
    Cause cause = image.cause(code, sentence);
    cause.layer = layer;
    for (const std::int64_t slot : stale) {
        Evidence& at = cause.evidence.emplace_back(image.evidence(blob_offset(image, slot), what));
        at.slot = slot;
    }
    // An Info.plist and a CodeResources are no part of the file, and new hashes vouch for nothing that nobody looked at.
    const bool within = std::all_of(stale.begin(), stale.end(), [](std::int64_t slot) { return slot != -1 && slot != -3; });
    cause.remedy = within ? "# If you trust what stands there now:\n" + new_hashes(image) : put_back(image);
    cause.reference = "TN3126";
    return cause;
}

constexpr const char* minds_not = "; the kernel runs it, codesign and Gatekeeper reject it";

}  // namespace

std::optional<Cause> stale_entitlements(const ImageFacts& image) {
    return special_cause(image, CauseCode::stale_entitlements, Layer::kernel, {-7, -5},
                         "its entitlements, the rights that it claims, are not those it was signed with",
                         "entitlements that the signature has another hash of, or none");
}

std::optional<Cause> stale_constraint(const ImageFacts& image) {
    return special_cause(image, CauseCode::stale_constraint, Layer::kernel, {-11, -10, -9, -8},
                         "its launch constraints, which say who may start it, are not those it was signed with",
                         "a constraint that the signature has another hash of, or none");
}

std::optional<Cause> stale_info_plist(const ImageFacts& image) {
    static const std::string sentence = std::string("its Info.plist is not the one it was signed with").append(minds_not);
    if (std::optional<Cause> cause = special_cause(image, CauseCode::stale_info_plist, Layer::codesign, {-1}, sentence.c_str(),
                                                   "the hash of an Info.plist other than the one that is there"))
        return cause;
    const CodeDirectoryVerdict* chosen = image.chosen_verdict();
    if (!chosen || !image.header) return {};
    const bool unchecked = std::binary_search(chosen->unchecked.begin(), chosen->unchecked.end(), -1);
    const bool missing = image.around->in_bundle && !image.around->info_plist;
    const std::optional<macho::Range>& section = image.header->info_plist;
    if (!unchecked || (!section && !missing)) return {};
    Cause cause =
        image.cause(CauseCode::stale_info_plist,
                    missing ? std::string("the Info.plist that its signature seals is not there").append(minds_not) : sentence);
    cause.layer = Layer::codesign;
    if (!missing) cause.certainty = Certainty::likely;  // a file in a bundle that nobody showed us may be what is sealed
    Evidence& at =
        cause.evidence.emplace_back(image.evidence(section ? image.slice.offset + section->offset : blob_offset(image, -1),
                                                   section ? "an Info.plist within the program" : "the hash of an Info.plist"));
    at.slot = -1;
    if (section) at.segment = "__TEXT", at.section = "__info_plist";
    cause.remedy = put_back(image);
    cause.reference = "TN3126";
    return cause;
}

std::optional<Cause> stale_requirements(const ImageFacts& image) {
    static const std::string sentence =
        std::string("its requirements, by which others recognize it, are not those it was signed with").append(minds_not);
    return special_cause(image, CauseCode::stale_requirements, Layer::codesign, {-2}, sentence.c_str(),
                         "requirements that the signature has another hash of, or none");
}

std::optional<Cause> stale_resources(const ImageFacts& image) {
    static const std::string sentence =
        std::string("the list of its bundle's files is not the one it was signed with").append(minds_not);
    if (std::optional<Cause> cause = special_cause(image, CauseCode::stale_resources, Layer::codesign, {-3}, sentence.c_str(),
                                                   "the hash of a _CodeSignature/CodeResources other than the one there"))
        return cause;
    const CodeDirectoryVerdict* chosen = image.chosen_verdict();
    if (!image.parsed || !chosen || !image.around->in_bundle || image.around->resources) return {};
    if (!std::binary_search(chosen->unchecked.begin(), chosen->unchecked.end(), -3)) return {};
    Cause cause = image.cause(CauseCode::stale_resources,
                              std::string("its bundle has no _CodeSignature/CodeResources, which it seals").append(minds_not));
    cause.layer = Layer::codesign;
    Evidence& at = cause.evidence.emplace_back(image.evidence(blob_offset(image, -3), "the hash of a CodeResources"));
    at.slot = -3;
    cause.remedy = put_back(image);
    cause.reference = "TN3126";
    return cause;
}

}  // namespace reseal::diagnose
