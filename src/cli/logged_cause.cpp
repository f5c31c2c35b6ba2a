// SPDX-License-Identifier: BSL-1.0
#include "cli/logged_cause.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace reseal::cli {
namespace {

/// Words that people have been shown by systems whose sources are not published; the first that is there counts.
constexpr std::array policy_words = std::to_array<std::pair<std::string_view, CauseCode>>({
    {"Security policy would not allow process", CauseCode::quarantine},
    {"completely unsigned code", CauseCode::unsigned_},
    {"has no CMS blob", CauseCode::missing_cms},
    {"Broken signature with Team ID", CauseCode::team_without_cms},
    {"different Team IDs", CauseCode::library_validation},
    {"Library Validation failed", CauseCode::library_validation},
    {"onstraint violation", CauseCode::launch_constraint},
    {"No matching profile found", CauseCode::profile_mismatch},
    {"no matching profile found", CauseCode::profile_mismatch},
    {"estricted entitlements", CauseCode::restricted_entitlement},
});

std::optional<CauseCode> named_by_policy(std::string_view message) {
    for (const auto& [words, cause] : policy_words)
        if (message.find(words) != std::string_view::npos) return cause;
    return {};
}

std::optional<CauseCode> named_by_page(const LogEvent& event) {
    if (modification(event) == Modification::in_place) return CauseCode::modified_in_place;
    if (event.page && event.page->signed_ == 0) return CauseCode::unsigned_;
    return {};
}

std::optional<CauseCode> named_by_crash(const LogEvent& event) {
    const bool constraint = event.termination && event.termination->space == "CODESIGNING" && event.termination->code == 4;
    return constraint ? std::optional(CauseCode::launch_constraint) : std::nullopt;
}

}  // namespace

std::optional<CauseCode> logged_cause(const LogEvent& event) {
    switch (event.kind) {
        case LogKind::rejected_page: return named_by_page(event);
        case LogKind::page_shift: return CauseCode::page_size;
        case LogKind::duplicate_directories: return CauseCode::bad_structure;
        case LogKind::security_blob: return CauseCode::stale_constraint;
        case LogKind::revalidation:
        case LogKind::attached_mismatch: return CauseCode::modified_in_place;
        case LogKind::policy: return named_by_policy(event.message);
        case LogKind::crash: return named_by_crash(event);
        case LogKind::invalid_page:
        case LogKind::invalid_initial_page:
        case LogKind::load_error:
        case LogKind::check_signature: return {};
    }
    return {};
}

}  // namespace reseal::cli
