// SPDX-License-Identifier: BSL-1.0
// What a bundle seals besides the programs in it.
#include <algorithm>

#include "diagnose/remedies.hpp"

namespace reseal {
namespace {

/// What is seen at a program itself, and told of it.
bool is_told_of_program(BundleCode code) {
    switch (code) {
        case BundleCode::code_bad:
        case BundleCode::info_plist_missing:
        case BundleCode::info_plist_stale:
        case BundleCode::resources_missing:
        case BundleCode::resources_stale: return true;
        default: return false;
    }
}

}  // namespace

std::optional<Cause> explain(const BundleVerdict& bundle, const std::string& path) {
    Cause cause;
    cause.code = CauseCode::stale_resources;
    cause.layer = Layer::strict;
    std::uint64_t count = 0;
    for (const BundleFinding& finding : bundle.findings) {
        if (finding.severity != Severity::error || is_told_of_program(finding.code)) continue;
        cause.layer = std::min(cause.layer, finding.layer);
        if (++count > max_evidence) continue;
        Evidence& at = cause.evidence.emplace_back();
        at.what = finding.what;
        at.text = finding.path;
    }
    if (count == 0) return {};
    cause.more = count - cause.evidence.size();
    cause.verdict = count == 1 ? "something in the bundle is not as it was signed"
                               : std::to_string(count) + " things in the bundle are not as they were signed";
    if (cause.layer != Layer::kernel) cause.verdict += "; the kernel runs it, codesign and Gatekeeper reject it";
    cause.remedy =
        "# Put back what was changed, or fetch the bundle again. Or sign it anew as it is now, on a Mac; if a certificate had\n"
        "# signed it, that is lost:\n"
        "codesign --force --sign - --preserve-metadata=identifier,entitlements " +
        diagnose::shell_word(path);
    cause.reference = "TN2206";
    return cause;
}

}  // namespace reseal
