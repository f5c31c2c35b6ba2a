// SPDX-License-Identifier: BSL-1.0
#include <reseal/explain.hpp>

#include <array>

namespace reseal {
namespace {

struct NamedCause {
    CauseCode code;
    std::string_view name;
};

constexpr std::array named_causes{
    NamedCause{CauseCode::not_macho, "not-macho"},
    NamedCause{CauseCode::truncated, "truncated"},
    NamedCause{CauseCode::wrong_architecture, "wrong-architecture"},
    NamedCause{CauseCode::unsigned_, "unsigned"},
    NamedCause{CauseCode::bad_range, "bad-range"},
    NamedCause{CauseCode::bad_structure, "bad-structure"},
    NamedCause{CauseCode::page_size, "page-size"},
    NamedCause{CauseCode::stale_page, "stale-page"},
    NamedCause{CauseCode::padded_last_page, "padded-last-page"},
    NamedCause{CauseCode::stale_alternate, "stale-alternate"},
    NamedCause{CauseCode::page_count, "page-count"},
    NamedCause{CauseCode::stale_entitlements, "stale-entitlements"},
    NamedCause{CauseCode::stale_constraint, "stale-constraint"},
    NamedCause{CauseCode::stale_info_plist, "stale-info-plist"},
    NamedCause{CauseCode::stale_requirements, "stale-requirements"},
    NamedCause{CauseCode::stale_resources, "stale-resources"},
    NamedCause{CauseCode::unbound_cms, "unbound-cms"},
    NamedCause{CauseCode::adhoc_with_cms, "adhoc-with-cms"},
    NamedCause{CauseCode::missing_cms, "missing-cms"},
    NamedCause{CauseCode::team_without_cms, "team-without-cms"},
    NamedCause{CauseCode::restricted_entitlement, "restricted-entitlement"},
    NamedCause{CauseCode::profile_mismatch, "profile-mismatch"},
    NamedCause{CauseCode::profile_expired, "profile-expired"},
    NamedCause{CauseCode::launch_constraint, "launch-constraint"},
    NamedCause{CauseCode::platform_binary, "platform-binary"},
    NamedCause{CauseCode::library_validation, "library-validation"},
    NamedCause{CauseCode::hardened_exceptions, "hardened-exceptions"},
    NamedCause{CauseCode::beyond_signature, "beyond-signature"},
    NamedCause{CauseCode::not_launchable, "not-launchable"},
    NamedCause{CauseCode::modified_in_place, "modified-in-place"},
    NamedCause{CauseCode::quarantine, "quarantine"},
    NamedCause{CauseCode::nothing_found, "nothing-found"},
};

constexpr auto listed_causes = [] {
    std::array<CauseCode, named_causes.size()> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = named_causes[i].code;
    return out;
}();

}  // namespace

std::string_view name(CauseCode code) {
    for (const NamedCause& each : named_causes)
        if (each.code == code) return each.name;
    return "";
}

std::span<const CauseCode> all_causes() { return listed_causes; }

std::string_view name(Certainty certainty) {
    switch (certainty) {
        case Certainty::certain: return "certain";
        case Certainty::likely: return "likely";
        case Certainty::possible: return "possible";
    }
    return "";
}

}  // namespace reseal
