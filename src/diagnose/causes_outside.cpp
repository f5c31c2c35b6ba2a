// SPDX-License-Identifier: BSL-1.0
// What kills a program whose file is right.
#include <algorithm>

#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"

namespace reseal::diagnose {
namespace {

bool any_cms(const FileFacts& file) {
    return std::any_of(file.images.begin(), file.images.end(), [](const ImageFacts& each) { return each.cms_signed(); });
}

}  // namespace

std::optional<Cause> modified_in_place(const FileFacts& file) {
    if (file.around->modification != Modification::in_place || file.images.empty()) return {};
    Cause cause;
    cause.code = CauseCode::modified_in_place;
    cause.certainty = Certainty::likely;
    cause.verdict =
        "it was written to after the kernel had seen it: the kernel goes on with the signature it has kept, until the "
        "file is a new one";
    cause.remedy = "# On the Mac where that was, a copy with the same bytes and the same name:\n" + new_inode(*file.around);
    cause.reference = "Apple: Updating Mac software";
    return cause;
}

std::optional<Cause> quarantine(const FileFacts& file) {
    if (file.around->quarantine.empty() || file.images.empty()) return {};
    Cause cause;
    cause.code = CauseCode::quarantine;
    cause.certainty = any_cms(file) ? Certainty::possible : Certainty::likely;
    cause.verdict = any_cms(file) ? "it was downloaded, so macOS runs it only if its maker has had it notarized by Apple"
                                  : "it was downloaded and no known developer has signed it, so macOS does not run it";
    Evidence& at = cause.evidence.emplace_back();
    at.what = "the extended attribute com.apple.quarantine";
    at.text = file.around->quarantine;
    const std::string& bundle = file.around->bundle;
    cause.remedy =
        "# If you trust where it comes from:\nxattr " + (bundle.empty() ? "-d com.apple.quarantine " + file_word(*file.around)
                                                                        : "-dr com.apple.quarantine " + shell_word(bundle));
    cause.reference = "Apple: Resolving trusted execution problems";
    return cause;
}

Cause nothing_found(const FileFacts& file, bool noted) {
    Cause cause;
    cause.code = CauseCode::nothing_found;
    cause.note = true;
    cause.certainty = Certainty::possible;
    const bool is_signed =
        std::any_of(file.images.begin(), file.images.end(), [](const ImageFacts& each) { return each.parsed.has_value(); });
    const bool unread = std::any_of(file.images.begin(), file.images.end(), [](const ImageFacts& each) {
        return each.entitlements.unread || each.cms.state == Reading::unavailable;
    });
    cause.verdict = unread  ? "as far as this build of reseal can read it, nothing is wrong with the file: "
                    : noted ? "apart from that nothing is wrong with the file: "
                            : "nothing is wrong with the file: ";
    cause.verdict += is_signed ? "every page and every seal is right" : "it is not signed, and need not be";
    for (const ImageFacts& image : file.images) {
        if (image.program.oldest == 0 || !image.program.platform || cause.evidence.size() == max_evidence) continue;
        Evidence& at = cause.evidence.emplace_back(image.evidence(image.slice.offset, "it is for "));
        at.what += platform_name(*image.program.platform) + " " + version_text(image.program.oldest) + " and newer";
        if (image.fat) at.what += " (" + image.arch() + ")";
    }
    cause.remedy =
        "# On that Mac it may have been changed in place: the kernel goes by the signature it kept of the file before.\n"
        "# Give it a new inode there:\n" +
        new_inode(*file.around) +
        "\n# Else something outside of the file kills it: quarantine, the security policy of a managed Mac, too little\n"
        "# memory. The system's log says what:\n"
        "log show --last 5m | reseal explain --log -";
    cause.reference = "Apple: Updating Mac software";
    return cause;
}

}  // namespace reseal::diagnose
