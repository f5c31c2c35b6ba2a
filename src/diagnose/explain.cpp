// SPDX-License-Identifier: BSL-1.0
#include <reseal/explain.hpp>

#include <algorithm>

#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"

namespace reseal {
namespace {

using OfFile = std::optional<Cause> (*)(const diagnose::FileFacts&);
using OfImage = std::optional<Cause> (*)(const diagnose::ImageFacts&);

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
    diagnose::not_macho,
    diagnose::truncated,
    diagnose::wrong_architecture,
    diagnose::is_unsigned,
    diagnose::bad_range,
    diagnose::bad_table,
    diagnose::bad_structure,
    diagnose::unreadable_entitlements,
    diagnose::page_size,
    diagnose::stale_page,
    diagnose::padded_last_page,
    diagnose::stale_alternate,
    diagnose::page_count,
    diagnose::stale_entitlements,
    diagnose::two_entitlements,
    diagnose::stale_constraint,
    diagnose::stale_info_plist,
    diagnose::stale_requirements,
    diagnose::stale_resources,
    diagnose::unbound_cms,
    diagnose::adhoc_with_cms,
    diagnose::missing_cms,
    diagnose::team_without_cms,
    diagnose::restricted_entitlement,
    diagnose::profile_mismatch,
    diagnose::profile_expired,
    diagnose::launch_constraint,
    diagnose::platform_binary,
    diagnose::library_validation,
    diagnose::hardened_exceptions,
    diagnose::beyond_signature,
    diagnose::not_launchable,
    diagnose::modified_in_place,
    diagnose::quarantine,
};
// clang-format on

bool is_outside(const Cause& cause) {
    return cause.code == CauseCode::modified_in_place || cause.code == CauseCode::quarantine ||
           cause.code == CauseCode::nothing_found;
}

/// What verify() finds and no question above asks for: nothing that is wrong goes unsaid.
std::optional<Cause> left_over(const diagnose::ImageFacts& image, const std::vector<Cause>& told) {
    if (!image.verdict.bad || image.verdict.problems.empty()) return {};
    for (const Cause& cause : told)
        if (!cause.note && !is_outside(cause) && (cause.arch.empty() || cause.arch == image.arch())) return {};
    const Problem& problem = image.verdict.problems.front();
    Cause cause = image.cause(CauseCode::bad_structure, "its signature is not right: " + problem.what);
    cause.layer = problem.layer;
    cause.evidence.push_back(image.evidence(problem.offset, problem.what));
    cause.remedy = diagnose::sign_again(image);
    return cause;
}

}  // namespace

Explanation explain(const Source& file, const Surroundings& around) {
    const diagnose::FileFacts facts = diagnose::read_facts(file, around);
    Explanation out;
    for (const Question& question : decision_list) {
        if (question.of_file) {
            if (std::optional<Cause> cause = question.of_file(facts)) out.causes.push_back(std::move(*cause));
            continue;
        }
        for (const diagnose::ImageFacts& image : facts.images) {
            std::optional<Cause> cause = question.of_image(image);
            if (!cause) continue;
            if (image.fat) cause->verdict = image.arch() + " slice: " + cause->verdict;
            out.causes.push_back(std::move(*cause));
        }
    }
    for (const diagnose::ImageFacts& image : facts.images)
        if (std::optional<Cause> cause = left_over(image, out.causes)) out.causes.push_back(std::move(*cause));
    out.valid =
        std::all_of(out.causes.begin(), out.causes.end(), [](const Cause& cause) { return cause.note || is_outside(cause); });
    const bool explained = std::any_of(out.causes.begin(), out.causes.end(), [](const Cause& cause) { return !cause.note; });
    if (!explained) out.causes.push_back(diagnose::nothing_found(facts, !out.causes.empty()));
    return out;
}

}  // namespace reseal
