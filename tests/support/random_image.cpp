// SPDX-License-Identifier: BSL-1.0
#include "support/random_image.hpp"

#include <algorithm>
#include <array>

#include "config.hpp"
#include "support/blobs.hpp"
#include "support/octets.hpp"

namespace support {
namespace {

bool one_in(Random& random, std::uint64_t n) { return random.below(n) == 0; }

std::string text(Random& random, std::uint64_t most) {
    std::string out(1 + static_cast<std::size_t>(random.below(most)), ' ');
    for (char& c : out) c = static_cast<char>('a' + random.below(26));
    return out;
}

DirectorySpec directory(Random& random, std::uint8_t hash_type, bool large_pages) {
    constexpr std::array<std::uint32_t, 7> versions = {0x20001, 0x20100, 0x20200, 0x20300, 0x20400, 0x20500, 0x20600};
    DirectorySpec out;
    out.version = versions[random.below(versions.size())];
    out.hash_type = hash_type;
    out.page_shift = large_pages && one_in(random, 3) ? 14 : 12;
    out.flags = static_cast<std::uint32_t>(random.below(4)) | (one_in(random, 2) ? flag_linker_signed : 0);
    out.identifier = text(random, 60);
    out.hole = one_in(random, 3) ? static_cast<std::size_t>(random.below(20)) : 0;
    out.hole = std::max<std::size_t>(out.hole, 64);  // no shorter than the kernel wants
    if (out.version >= 0x20200 && one_in(random, 3)) out.team = text(random, 30);
    if (out.version >= 0x20300 && one_in(random, 4))
        out.limit_field = one_in(random, 2) ? LimitField::wide_saturated : LimitField::wide_zero;
    if (out.version >= 0x20500) out.pre_encrypt = one_in(random, 4);
    if (out.version >= 0x20600 && one_in(random, 3)) out.linkage = text(random, 100);
    if (one_in(random, 5)) out.seals[3] = "CodeResources";
    return out;
}

void add_blobs(Random& random, ImageSpec& spec) {
    std::vector<BlobSpec>& blobs = spec.signature.blobs;
    if (one_in(random, 2)) blobs.push_back(one_in(random, 2) ? no_requirements() : requirements(text(random, 200)));
    if (one_in(random, 3)) blobs.push_back(entitlements(text(random, 900)));
    if (one_in(random, 3)) blobs.push_back(der_entitlements(text(random, 300)));
    for (std::uint32_t slot = slot_constraint; slot <= 11; ++slot)
        if (one_in(random, 6)) blobs.push_back(constraint(slot, text(random, 100)));
    if (one_in(random, 6))
        blobs.push_back({12 + static_cast<std::uint32_t>(random.below(30)), blob(0xfade0b02, text(random, 80))});
    if (one_in(random, 6)) blobs.push_back({0x10002, blob(0xfade0b02, text(random, 50))});
    if (one_in(random, 2)) blobs.push_back(empty_cms());
}

}  // namespace

ImageSpec random_spec(Random& random) {
    constexpr std::array<std::uint32_t, 4> cpus = {cpu_arm64, cpu_x86_64, cpu_arm, cpu_ppc};
    ImageSpec spec;
    spec.cputype = cpus[random.below(cpus.size())];
    spec.wide = spec.cputype == cpu_arm64 || spec.cputype == cpu_x86_64;
    spec.big_endian = spec.cputype == cpu_ppc;
    spec.filetype = std::array<std::uint32_t, 3>{2, 6, 8}[random.below(3)];
    spec.seed = random.next();
    spec.code_size = 1200 + random.below(one_in(random, 3) ? 100'000 : 20'000);
    if (one_in(random, 4)) spec.code_size = (spec.code_size + 4095) / 4096 * 4096;
    if (one_in(random, 2)) spec.rpath = text(random, 100);
    if (one_in(random, 3)) spec.info_plist = text(random, 300);
    if (one_in(random, 6)) spec.cryptid = 0;
    spec.trailer = one_in(random, 4) ? text(random, 300) : "";

    // SHA-1 and SHA-384 need libcrypto, in the library under test.
    std::vector<std::uint8_t> types = {2, 3};
    if (RESEAL_LIBCRYPTO) types.insert(types.end(), {1, 4});
    for (std::size_t i = types.size() - 1; i > 0; --i) std::swap(types[i], types[random.below(i + 1)]);
    const std::size_t count = one_in(random, 2) ? 1 : 1 + static_cast<std::size_t>(random.below(types.size()));
    spec.signature.directories.clear();
    for (std::size_t i = 0; i < count; ++i) {
        spec.signature.directories.push_back(directory(random, types[i], spec.cputype != cpu_x86_64));
        DirectorySpec& last = spec.signature.directories.back();
        last.slot = i == 0 ? 0 : slot_alternate + static_cast<std::uint32_t>(i - 1);
        if (last.version >= 0x20100 && one_in(random, 5)) {
            const auto pages = static_cast<std::uint32_t>((spec.code_size - 1) >> last.page_shift) + 1;
            const auto first = static_cast<std::uint32_t>(random.below(pages + 1));
            if (first > 0) last.scatter.push_back({first, 0});
            if (first < pages) last.scatter.push_back({pages - first, first});
        }
    }
    add_blobs(random, spec);
    spec.signature.reversed = one_in(random, 3);
    spec.signature.index_reversed = one_in(random, 4);
    if (one_in(random, 3)) spec.signature.gap = text(random, 30);
    if (one_in(random, 3)) spec.signature.padding = noise(1 + static_cast<std::size_t>(random.below(3000)), random.next());
    if (spec.signature.directories.size() == 1 && one_in(random, 6)) {
        spec.signature.bare = true;
        spec.signature.blobs.clear();
    }
    return spec;
}

}  // namespace support
