// SPDX-License-Identifier: BSL-1.0
#pragma once
// One question for each cause: pure functions of what was read. explain.cpp asks them in the order of the decision list.
#include <optional>
#include <reseal/explain.hpp>

#include "diagnose/facts.hpp"

namespace reseal::diagnose {

// ── of the file (causes_file.cpp, causes_outside.cpp) ──
std::optional<Cause> not_macho(const FileFacts& file);
std::optional<Cause> wrong_architecture(const FileFacts& file);
std::optional<Cause> bad_table(const FileFacts& file);
std::optional<Cause> modified_in_place(const FileFacts& file);
std::optional<Cause> quarantine(const FileFacts& file);
/// `noted`: there are notes.
Cause nothing_found(const FileFacts& file, bool noted);

// ── of one image ──
std::optional<Cause> truncated(const ImageFacts& image);  // causes_structure.cpp
std::optional<Cause> is_unsigned(const ImageFacts& image);
std::optional<Cause> bad_range(const ImageFacts& image);
std::optional<Cause> bad_structure(const ImageFacts& image);
std::optional<Cause> unreadable_entitlements(const ImageFacts& image);  // causes_entitlements.cpp
std::optional<Cause> page_size(const ImageFacts& image);
std::optional<Cause> page_count(const ImageFacts& image);

std::optional<Cause> stale_page(const ImageFacts& image);  // causes_pages.cpp
std::optional<Cause> padded_last_page(const ImageFacts& image);
std::optional<Cause> stale_alternate(const ImageFacts& image);

std::optional<Cause> stale_entitlements(const ImageFacts& image);  // causes_special.cpp
std::optional<Cause> two_entitlements(const ImageFacts& image);    // causes_entitlements.cpp
std::optional<Cause> stale_constraint(const ImageFacts& image);
std::optional<Cause> stale_info_plist(const ImageFacts& image);
std::optional<Cause> stale_requirements(const ImageFacts& image);
std::optional<Cause> stale_resources(const ImageFacts& image);

std::optional<Cause> unbound_cms(const ImageFacts& image);  // causes_cms.cpp
std::optional<Cause> adhoc_with_cms(const ImageFacts& image);
std::optional<Cause> missing_cms(const ImageFacts& image);
std::optional<Cause> team_without_cms(const ImageFacts& image);

std::optional<Cause> restricted_entitlement(const ImageFacts& image);  // causes_entitlements.cpp
std::optional<Cause> library_validation(const ImageFacts& image);
std::optional<Cause> hardened_exceptions(const ImageFacts& image);

std::optional<Cause> profile_mismatch(const FileFacts& file);  // causes_profile.cpp
std::optional<Cause> profile_expired(const FileFacts& file);

std::optional<Cause> launch_constraint(const ImageFacts& image);  // causes_launch.cpp
std::optional<Cause> platform_binary(const ImageFacts& image);
std::optional<Cause> beyond_signature(const ImageFacts& image);
std::optional<Cause> not_launchable(const ImageFacts& image);

}  // namespace reseal::diagnose
