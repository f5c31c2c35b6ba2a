// SPDX-License-Identifier: BSL-1.0
#include "fuzz/spec.hpp"

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/shapes.hpp"

namespace fuzz {
namespace {

using support::path_a;

template <class T, std::size_t n>
T one_of(Feed& feed, const T (&values)[n]) {
    return values[feed.below(n)];
}

/// What stands in a string: nothing of note, or the path.
std::string text(Feed& feed) { return feed.flag() ? "text " + path_a + " text" : "plain text"; }

support::DirectorySpec directory_from(Feed& feed, std::uint8_t hash_type, std::uint32_t slot) {
    support::DirectorySpec out;
    out.slot = slot;
    out.hash_type = hash_type;
    out.version = one_of(feed, {0x20400U, 0x20001U, 0x20100U, 0x20200U, 0x20300U, 0x20500U, 0x20600U});
    out.flags = one_of(feed, {support::flag_adhoc, 0U, support::flag_adhoc | support::flag_linker_signed,
                              support::flag_adhoc | support::flag_runtime});
    out.page_shift = one_of(feed, {12U, 14U, 12U, 12U, 13U, 0U});
    out.identifier = text(feed);
    if (out.version >= 0x20200 && feed.flag()) out.team = text(feed);
    out.hole = feed.below(9);
    if (out.version >= 0x20300) out.limit_field = static_cast<support::LimitField>(feed.below(3));
    out.pre_encrypt = out.version >= 0x20500 && feed.flag();
    if (out.version >= 0x20600 && feed.flag()) out.linkage = "linkage";
    if (feed.below(8) == 1) out.seals = {{3, "CodeResources"}};
    if (feed.below(8) == 1) out.special_slots = static_cast<std::uint32_t>(feed.below(12));
    return out;
}

support::SignatureSpec signature_from(Feed& feed) {
    support::SignatureSpec out;
    out.directories.clear();
    std::uint8_t types = feed.u8();
    for (std::uint8_t type = 1; type <= 4; ++type) {
        bool wanted = (types >> type & 1) != 0 || (type == 2 && (types & 0x1a) == 0);
        if (!wanted || !reseal::digest::available(static_cast<reseal::HashType>(type))) continue;
        auto nth = static_cast<std::uint32_t>(out.directories.size());
        out.directories.push_back(directory_from(feed, type, nth == 0 ? 0 : support::slot_alternate + nth - 1));
    }
    if (out.directories.empty()) out.directories.push_back(directory_from(feed, 2, 0));
    std::uint16_t blobs = feed.u16();
    auto wanted = [&](int bit) { return (blobs >> bit & 1) != 0; };
    if (wanted(0)) out.blobs.push_back(wanted(1) ? support::no_requirements() : support::requirements(text(feed)));
    if (wanted(2)) out.blobs.push_back(support::entitlements(text(feed)));
    if (wanted(3)) out.blobs.push_back(support::der_entitlements(text(feed)));
    for (std::uint32_t slot = 8; slot <= 11; ++slot)
        if (wanted(static_cast<int>(slot) - 4)) out.blobs.push_back(support::constraint(slot, text(feed)));
    if (wanted(8)) out.blobs.push_back(wanted(9) && wanted(10) ? support::bound_cms("certificates") : support::empty_cms());
    out.reversed = wanted(11);
    out.index_reversed = wanted(12);
    if (wanted(13)) out.gap = text(feed);
    if (wanted(14)) out.padding = text(feed);
    out.bare = blobs == 0 && feed.flag();
    return out;
}

}  // namespace

support::ImageSpec spec_from(Feed& feed) {
    support::ImageSpec out;
    out.signature = signature_from(feed);
    out.big_endian = feed.below(8) == 1;
    out.wide = feed.below(4) != 1;
    out.cputype = one_of(feed, {support::cpu_arm64, support::cpu_x86_64, support::cpu_arm, support::cpu_x86, support::cpu_ppc});
    out.filetype = one_of(feed, {2U, 6U, 8U, 1U});
    out.code_size = 600 + feed.below(one_of(feed, {1500U, 9000U, 1500U, 40'000U}));
    out.seed = feed.u8();
    if (feed.flag()) out.rpath = text(feed);
    if (feed.flag()) out.info_plist = text(feed);
    if (feed.flag()) out.trailer = text(feed);
    std::uint64_t at = 600;
    for (std::size_t left = feed.below(9); left > 0; --left) {
        at += feed.below(out.code_size / 4);
        if (at + path_a.size() > out.code_size) break;
        out.plants.push_back({at, path_a});
        at += path_a.size();
    }
    return out;
}

}  // namespace fuzz
