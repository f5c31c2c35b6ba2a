// SPDX-License-Identifier: BSL-1.0
// Whether there is a signature that can be read at all.
#include <algorithm>

#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

constexpr const char* fetch_again = "# Fetch or build it again: what is missing cannot be made up.";

Cause structure_cause(const ImageFacts& image, CauseCode code, const Problem& problem, const std::string& sentence) {
    Cause cause = image.cause(code, sentence + ": " + problem.what);
    cause.layer = problem.layer;
    cause.evidence.push_back(image.evidence(problem.offset, "where it says so"));
    return cause;
}

/// How many bytes of the image are there.
std::uint64_t length_there(const ImageFacts& image) {
    const std::uint64_t size = image.file->size();
    return std::min(image.slice.size, size - std::min(size, image.slice.offset));
}

/// How many there should be by the table of slices and by the segment that is the last of every image. Not by the signature:
/// what it says may be what is wrong.
std::uint64_t length_wanted(const ImageFacts& image) {
    std::uint64_t wanted = image.slice.size;
    if (image.header && image.header->linkedit && image.header->linkedit->within(UINT64_MAX))
        wanted = std::max(wanted, image.header->linkedit->end());
    return wanted;
}

/// Where the signature ends by its load command; 0: nowhere.
std::uint64_t signature_end(const ImageFacts& image) {
    return image.header && image.header->signature ? image.header->signature->end() : 0;
}

}  // namespace

std::optional<Cause> truncated(const ImageFacts& image) {
    const std::uint64_t there = length_there(image), wanted = length_wanted(image);
    if (wanted <= there) return {};
    Cause cause = image.cause(CauseCode::truncated, "its end is missing: " + std::to_string(there) +
                                                        " bytes are there, and it says that it has " + std::to_string(wanted));
    cause.evidence.push_back(image.evidence(image.file->size(), "the file ends"));
    cause.remedy = fetch_again;
    cause.reference = "xnu bsd/kern/mach_loader.c";
    return cause;
}

std::optional<Cause> is_unsigned(const ImageFacts& image) {
    const Problem* problem = image.problem({Code::unsigned_image});
    if (!problem) return {};
    Cause cause =
        image.cause(CauseCode::unsigned_, "it has no code signature, and a Mac with Apple silicon runs no code without one");
    cause.evidence.push_back(image.evidence(problem->offset, "no LC_CODE_SIGNATURE among the load commands"));
    cause.remedy = sign_first(image);
    cause.reference = "Apple: macOS Big Sur 11 release notes, Code Signing";
    return cause;
}

std::optional<Cause> bad_range(const ImageFacts& image) {
    const Problem* problem = image.problem(
        {Code::signature_command, Code::signature_range, Code::two_signatures, Code::signature_too_large, Code::truncated});
    if (!problem || length_wanted(image) > length_there(image)) return {};
    Cause cause =
        structure_cause(image, CauseCode::bad_range, *problem, "what it says of where its signature stands cannot be true");
    if (signature_end(image) > length_there(image)) cause.certainty = Certainty::likely;  // its end may be missing as well
    cause.remedy = "# Fetch or build it again: no signer can mend the load commands.";
    cause.reference = "xnu bsd/kern/mach_loader.c, load_code_signature";
    return cause;
}

std::optional<Cause> bad_structure(const ImageFacts& image) {
    if (const Problem* problem = image.problem({Code::commands_malformed, Code::commands_too_large})) {
        Cause cause = structure_cause(image, CauseCode::bad_structure, *problem, "its load commands are broken");
        cause.remedy = fetch_again;
        cause.reference = "xnu bsd/kern/mach_loader.c";
        return cause;
    }
    if (const Problem* problem = image.problem({Code::encrypted})) {
        Cause cause = structure_cause(image, CauseCode::bad_structure, *problem,
                                      "it is encrypted, so that only the device it was bought for can read it");
        cause.certainty = Certainty::likely;
        cause.remedy = "# Get a build that is not from an app store.";
        return cause;
    }
    const Problem* problem = image.problem({Code::superblob_malformed, Code::blob_malformed, Code::codedirectory_missing,
                                            Code::codedirectory_malformed, Code::codedirectory_short,
                                            Code::codedirectory_duplicate, Code::version_unsupported, Code::hash_unsupported,
                                            Code::hash_unavailable, Code::scatter_malformed, Code::pre_encrypt});
    if (!problem) return {};
    const bool ours = problem->code == Code::hash_unavailable;
    Cause cause = structure_cause(image, CauseCode::bad_structure, *problem,
                                  ours ? "its signature cannot be checked here" : "its signature is broken");
    if (ours) cause.certainty = Certainty::possible;
    cause.remedy = ours ? "# Use a build of reseal that has libcrypto." : sign_again(image);
    cause.reference = "xnu bsd/kern/ubc_subr.c, cs_validate_csblob";
    return cause;
}

std::optional<Cause> page_size(const ImageFacts& image) {
    const Problem* problem = image.problem({Code::page_size_unsupported, Code::page_size_misplaced});
    if (!problem) return {};
    Cause cause =
        structure_cause(image, CauseCode::page_size, *problem, "its signature has a page size that a Mac does not take");
    cause.remedy = sign_again(image, "--pagesize 4096 ");
    cause.reference = "xnu bsd/kern/ubc_subr.c, cs_validate_codedirectory";
    return cause;
}

std::optional<Cause> page_count(const ImageFacts& image) {
    const Problem* problem = image.problem({Code::slot_count, Code::code_limit, Code::code_limit_page});
    if (!problem) return {};
    Cause cause = structure_cause(image, CauseCode::page_count, *problem, "its signature was made for code of another length");
    cause.remedy = sign_again(image);
    cause.reference = "Apple's Security, codedirectory.cpp, checkIntegrity";
    return cause;
}

}  // namespace reseal::diagnose
