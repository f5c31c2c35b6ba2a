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

std::string_view logged_cause_words(const LogEvent& event) {
    constexpr std::array words = std::to_array<std::pair<CauseCode, std::string_view>>({
        {CauseCode::unsigned_, "it has no signature, and a Mac with Apple silicon runs no code without one"},
        {CauseCode::missing_cms, "it is neither signed ad hoc nor with a certificate"},
        {CauseCode::team_without_cms, "it names a team, but no certificate of that team has signed it"},
        {CauseCode::restricted_entitlement, "it claims what only a provisioning profile of Apple's can grant"},
        {CauseCode::profile_mismatch, "no provisioning profile grants what it claims"},
        {CauseCode::launch_constraint, "it may be started only from where, and by whom, its launch constraints say"},
        {CauseCode::library_validation, "it takes libraries of its own team only, and one that it loads is not of it"},
        {CauseCode::quarantine, "it was downloaded and not let through yet, or whoever manages this Mac forbids it"},
    });
    if (event.kind != LogKind::policy && event.kind != LogKind::crash) return {};
    const std::optional<CauseCode> cause = logged_cause(event);
    for (const auto& [code, text] : words)
        if (cause == code) return text;
    return {};
}

}  // namespace reseal::cli
