// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <reseal/bundle.hpp>
#include <utility>

namespace reseal {
namespace {

constexpr std::array bundle_code_names = std::to_array<std::pair<BundleCode, std::string_view>>({
    {BundleCode::code_bad, "code-bad"},
    {BundleCode::code_unchecked, "code-unchecked"},
    {BundleCode::executable_missing, "executable-missing"},
    {BundleCode::unsigned_code, "unsigned-code"},
    {BundleCode::unsealed, "unsealed"},
    {BundleCode::info_plist_missing, "info-plist-missing"},
    {BundleCode::info_plist_stale, "info-plist-stale"},
    {BundleCode::info_plist_unbound, "info-plist-unbound"},
    {BundleCode::info_plist_malformed, "info-plist-malformed"},
    {BundleCode::resources_missing, "resources-missing"},
    {BundleCode::resources_stale, "resources-stale"},
    {BundleCode::resources_unbound, "resources-unbound"},
    {BundleCode::resources_malformed, "resources-malformed"},
    {BundleCode::rules_unsupported, "rules-unsupported"},
    {BundleCode::entry_malformed, "entry-malformed"},
    {BundleCode::file_missing, "file-missing"},
    {BundleCode::file_changed, "file-changed"},
    {BundleCode::file_replaced, "file-replaced"},
    {BundleCode::file_extra, "file-extra"},
    {BundleCode::link_changed, "link-changed"},
    {BundleCode::link_outside, "link-outside"},
    {BundleCode::unsealed_root, "unsealed-root"},
    {BundleCode::nested_changed, "nested-changed"},
    {BundleCode::requirement_unmet, "requirement-unmet"},
    {BundleCode::requirement_unchecked, "requirement-unchecked"},
    {BundleCode::requirement_malformed, "requirement-malformed"},
    {BundleCode::hash_unavailable, "hash-unavailable"},
    {BundleCode::unreadable, "unreadable"},
    {BundleCode::beyond_bounds, "beyond-bounds"},
});

constexpr auto listed_bundle_codes = [] {
    std::array<BundleCode, bundle_code_names.size()> listed{};
    for (std::size_t i = 0; i < listed.size(); ++i) listed[i] = bundle_code_names[i].first;
    return listed;
}();

}  // namespace

std::string_view name(BundleCode code) {
    const auto* found =
        std::find_if(bundle_code_names.begin(), bundle_code_names.end(), [&](const auto& each) { return each.first == code; });
    return found == bundle_code_names.end() ? std::string_view("unknown") : found->second;
}

std::span<const BundleCode> all_bundle_codes() { return listed_bundle_codes; }

}  // namespace reseal
