// SPDX-License-Identifier: BSL-1.0
#include <reseal/explain.hpp>

#include <algorithm>

#include "explain/checks.hpp"
#include "explain/remedies.hpp"

namespace reseal {
namespace {

using OfFile = std::optional<Cause> (*)(const explain::FileFacts&);
using OfImage = std::optional<Cause> (*)(const explain::ImageFacts&);

/// One line of the decision list: asked of the file, or of each image.
struct Question {
    OfFile of_file = nullptr;
    OfImage of_image = nullptr;
    constexpr Question(OfFile ask) : of_file(ask) {}
    constexpr Question(OfImage ask) : of_image(ask) {}
};

// In the order of CauseCode, a line each.
// clang-format off
constexpr Question decision_list[] = {
    explain::not_macho,
    explain::truncated,
    explain::wrong_architecture,
    explain::is_unsigned,
    explain::bad_range,
    explain::bad_table,
    explain::bad_structure,
    explain::unreadable_entitlements,
    explain::page_size,
    explain::stale_page,
    explain::padded_last_page,
    explain::stale_alternate,
    explain::page_count,
    explain::stale_entitlements,
    explain::two_entitlements,
    explain::stale_constraint,
    explain::stale_info_plist,
    explain::stale_requirements,
    explain::stale_resources,
    explain::unbound_cms,
    explain::adhoc_with_cms,
    explain::missing_cms,
    explain::team_without_cms,
    explain::restricted_entitlement,
    explain::profile_mismatch,
    explain::profile_expired,
    explain::launch_constraint,
    explain::platform_binary,
    explain::library_validation,
    explain::hardened_exceptions,
    explain::beyond_signature,
    explain::not_launchable,
    explain::modified_in_place,
    explain::quarantine,
};
// clang-format on

bool is_outside(const Cause& cause) {
    return cause.code == CauseCode::modified_in_place || cause.code == CauseCode::quarantine ||
           cause.code == CauseCode::nothing_found;
}

/// What verify() finds and no question above asks for: nothing that is wrong goes unsaid.
std::optional<Cause> left_over(const explain::ImageFacts& image, const std::vector<Cause>& told) {
    if (!image.verdict.bad || image.verdict.problems.empty()) return {};
    for (const Cause& cause : told)
        if (!cause.note && !is_outside(cause) && (cause.arch.empty() || cause.arch == image.arch())) return {};
    const Problem& problem = image.verdict.problems.front();
    Cause cause = image.cause(CauseCode::bad_structure, "its signature is not right: " + problem.what);
    cause.layer = problem.layer;
    cause.evidence.push_back(image.evidence(problem.offset, problem.what));
    cause.remedy = explain::sign_again(image);
    return cause;
}

}  // namespace

Explanation explain_file(const Source& file, const Surroundings& around) {
    const explain::FileFacts facts = explain::read_facts(file, around);
    Explanation out;
    for (const Question& question : decision_list) {
        if (question.of_file) {
            if (std::optional<Cause> cause = question.of_file(facts)) out.causes.push_back(std::move(*cause));
            continue;
        }
        for (const explain::ImageFacts& image : facts.images) {
            std::optional<Cause> cause = question.of_image(image);
            if (!cause) continue;
            if (image.fat) cause->verdict = image.arch() + " slice: " + cause->verdict;
            out.causes.push_back(std::move(*cause));
        }
    }
    for (const explain::ImageFacts& image : facts.images)
        if (std::optional<Cause> cause = left_over(image, out.causes)) out.causes.push_back(std::move(*cause));
    out.valid =
        std::all_of(out.causes.begin(), out.causes.end(), [](const Cause& cause) { return cause.note || is_outside(cause); });
    const bool explained = std::any_of(out.causes.begin(), out.causes.end(), [](const Cause& cause) { return !cause.note; });
    if (!explained) out.causes.push_back(explain::nothing_found(facts, !out.causes.empty()));
    return out;
}

}  // namespace reseal
