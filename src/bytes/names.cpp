// SPDX-License-Identifier: BSL-1.0
// The words by which reports and messages name the values of our enums.
#include <algorithm>
#include <array>
#include <reseal/finding.hpp>
#include <reseal/report.hpp>
#include <reseal/verify.hpp>
#include <string>
#include <utility>

namespace reseal {
namespace {

constexpr std::array codes = std::to_array<std::pair<Code, std::string_view>>({
    {Code::fat_malformed, "fat-malformed"},
    {Code::fat_edited, "fat-edited"},
    {Code::commands_too_large, "commands-too-large"},
    {Code::header_edited, "header-edited"},
    {Code::encrypted, "encrypted"},
    {Code::two_signatures, "two-signatures"},
    {Code::signature_command, "signature-command"},
    {Code::signature_range, "signature-range"},
    {Code::signature_before_code, "signature-before-code"},
    {Code::signature_too_large, "signature-too-large"},
    {Code::truncated, "truncated"},
    {Code::superblob_malformed, "superblob-malformed"},
    {Code::blob_malformed, "blob-malformed"},
    {Code::codedirectory_missing, "codedirectory-missing"},
    {Code::codedirectory_malformed, "codedirectory-malformed"},
    {Code::codedirectory_short, "codedirectory-short"},
    {Code::codedirectory_duplicate, "codedirectory-duplicate"},
    {Code::version_unsupported, "version-unsupported"},
    {Code::hash_unsupported, "hash-unsupported"},
    {Code::hash_unavailable, "hash-unavailable"},
    {Code::page_size_unsupported, "page-size-unsupported"},
    {Code::page_size_misplaced, "page-size-misplaced"},
    {Code::slot_count, "slot-count"},
    {Code::code_limit, "code-limit"},
    {Code::code_limit_page, "code-limit-page"},
    {Code::scatter_malformed, "scatter-malformed"},
    {Code::pre_encrypt, "pre-encrypt"},
    {Code::cms_signed, "cms-signed"},
    {Code::cms_edited, "cms-edited"},
    {Code::structure_edited, "structure-edited"},
    {Code::stale_page, "stale-page"},
    {Code::stale_special, "stale-special"},
    {Code::name_matched, "name-matched"},
    {Code::target_nul, "target-nul"},
    {Code::target_global, "target-global"},
    {Code::sparse_edited, "sparse-edited"},
    {Code::behind_archive, "behind-archive"},
    {Code::archive_odd, "archive-odd"},
    {Code::case_collision, "case-collision"},
    {Code::link_script, "link-script"},
    {Code::external_link, "external-link"},
    {Code::option_unused, "option-unused"},
    {Code::platform_mixed, "platform-mixed"},
    {Code::load_commands_full, "load-commands-full"},
    {Code::elf_path_too_long, "elf-path-too-long"},
    {Code::stray_reference, "stray-reference"},
    {Code::signed_self_reference, "signed-self-reference"},
    {Code::prefix_too_long, "prefix-too-long"},
    {Code::prefix_unpaddable, "prefix-unpaddable"},
    {Code::prefix_too_many, "prefix-too-many"},
    {Code::prefix_undecided, "prefix-undecided"},
    {Code::prefix_not_c_string, "prefix-not-c-string"},
    {Code::script_payload, "script-payload"},
    {Code::shebang_changed_form, "shebang-changed-form"},
    {Code::prefix_leading_slashes, "prefix-leading-slashes"},
    {Code::socket_path_too_long, "socket-path-too-long"},
    {Code::bundle_seal_stale, "bundle-seal-stale"},
    {Code::digest_differs, "digest-differs"},
    {Code::file_missing, "file-missing"},
    {Code::positions_wrong, "positions-wrong"},
    {Code::unsigned_arm64, "unsigned-arm64"},
    {Code::cms_unbound, "cms-unbound"},
    {Code::cms_downgraded, "cms-downgraded"},
    {Code::adhoc_runtime, "adhoc-runtime"},
    {Code::adhoc_entitlements, "adhoc-entitlements"},
    {Code::adhoc_mixed, "adhoc-mixed"},
    {Code::info_plist_outside, "info-plist-outside"},
    {Code::special_absent, "special-absent"},
    {Code::identifier_edited, "identifier-edited"},
    {Code::entitlements_differ, "entitlements-differ"},
    {Code::not_covered, "not-covered"},
    {Code::behind_signature, "behind-signature"},
    {Code::outside_slices, "outside-slices"},
    {Code::dyld_cache, "dyld-cache"},
    {Code::page_stale, "page-stale"},
    {Code::special_stale, "special-stale"},
    {Code::special_missing, "special-missing"},
    {Code::commands_malformed, "commands-malformed"},
    {Code::unsigned_image, "unsigned-image"},
    {Code::trailing_data, "trailing-data"},
    {Code::fat_unloadable, "fat-unloadable"},
    {Code::last_page_nx, "last-page-nx"},
    {Code::teams_differ, "teams-differ"},
    {Code::linkedit_end, "linkedit-end"},
    {Code::slice_gap, "slice-gap"},
});

constexpr auto just_codes = [] {
    std::array<Code, codes.size()> out{};
    for (std::size_t i = 0; i < codes.size(); ++i) out[i] = codes[i].first;
    return out;
}();

static_assert(
    [] {
        for (std::size_t i = 0; i < codes.size(); ++i)
            if (static_cast<std::size_t>(codes[i].first) != i) return false;
        return true;
    }(),
    "the table follows the enum");

}  // namespace

std::string_view name(Code code) { return codes[static_cast<std::size_t>(code)].second; }
std::span<const Code> all_codes() { return just_codes; }

std::string_view name(Severity severity) { return severity == Severity::note ? "note" : "error"; }

std::string_view name(ImageStatus status) {
    switch (status) {
        case ImageStatus::untouched: return "untouched";
        case ImageStatus::unsigned_: return "unsigned";
        case ImageStatus::resealed: return "resealed";
        case ImageStatus::downgraded: return "downgraded";
        case ImageStatus::unbound: return "unbound";
        case ImageStatus::unsealed: return "unsealed";
        case ImageStatus::refused: return "refused";
    }
    return {};
}

std::string_view name(EntryStatus status) {
    switch (status) {
        case EntryStatus::substituted: return "substituted";
        case EntryStatus::resealed: return "resealed";
        case EntryStatus::refused: return "refused";
    }
    return {};
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::valid: return "valid";
        case Verdict::stale: return "stale";
        case Verdict::unbound: return "unbound";
        case Verdict::unsigned_: return "unsigned";
        case Verdict::malformed: return "malformed";
        case Verdict::unsupported: return "unsupported";
    }
    return {};
}

std::string_view name(Layer layer) {
    switch (layer) {
        case Layer::kernel: return "kernel";
        case Layer::codesign: return "codesign";
        case Layer::strict: return "strict";
    }
    return {};
}

std::string_view name(Level level) { return level == Level::kernel ? "kernel" : "codesign"; }

}  // namespace reseal
