// SPDX-License-Identifier: BSL-1.0
// The verifier on one signature: special slots, alternate CodeDirectories, page rules, CMS.
#include <doctest/doctest.h>

#include <string>

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_slots_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

void flip(std::string& bytes, std::uint64_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }

/// Slot −k of the `i`-th CodeDirectory.
std::uint64_t special(const support::Image& image, std::uint64_t k, std::size_t i = 0) {
    return image.directories[i].code_slots - k * image.directories[i].hash_size;
}

support::DirectorySpec alternate(std::uint8_t hash_type, std::uint32_t n = 0) {
    support::DirectorySpec directory;
    directory.slot = 0x1000 + n;
    directory.hash_type = hash_type;
    return directory;
}

// Alternates are hashed by truncated SHA-256 (type 3), which every build has.

/// Every blob that a special slot always seals, and two CodeDirectories.
ImageSpec full() {
    ImageSpec spec;
    spec.signature.blobs = {support::requirements("r"),   support::entitlements("e"),  support::der_entitlements("d"),
                            support::constraint(8, "8"),  support::constraint(9, "9"), support::constraint(10, "10"),
                            support::constraint(11, "11")};
    spec.signature.directories.push_back(alternate(3));
    return spec;
}

constexpr std::uint32_t always_embedded[] = {2, 5, 7, 8, 9, 10, 11};

void check_stale(const ImageVerdict& image, const Codes& expected) {
    CHECK(image.verdict == Verdict::stale);
    CHECK(image.bad);
    CHECK(codes(image) == expected);
}

}  // namespace

TEST_CASE("a blob that is not what its special slots say, in every CodeDirectory") {
    const support::Image image = build(full());
    CHECK(verdict(image.bytes).verdict == Verdict::valid);
    for (std::uint32_t k : always_embedded) {
        CAPTURE(k);
        std::string bytes = image.bytes;
        flip(bytes, image.blobs.at(k) + 8);
        const ImageVerdict found = verdict(bytes);
        check_stale(found, {Code::special_stale, Code::special_stale});
        CHECK(found.problems[0].offset == image.blobs.at(k));
        for (const CodeDirectoryVerdict& directory : found.codedirectories) {
            CHECK(directory.stale == Slots{-std::int64_t{k}});
            CHECK(directory.unchecked.empty());
        }
    }
}

TEST_CASE("a special slot of one CodeDirectory alone") {
    const support::Image image = build(full());
    std::string bytes = image.bytes;
    flip(bytes, special(image, 5, 1));
    const ImageVerdict found = verdict(bytes);
    check_stale(found, {Code::special_stale});
    CHECK(found.codedirectories[0].stale.empty());
    CHECK(found.codedirectories[1].stale == Slots{-5});
}

TEST_CASE("a blob without its hash") {
    const support::Image image = build(full());
    for (std::uint32_t k : always_embedded) {
        CAPTURE(k);
        std::string bytes = image.bytes;
        support::poke(bytes, special(image, k), std::string(32, '\0'));
        const ImageVerdict found = verdict(bytes);
        check_stale(found, {Code::special_missing});
        CHECK(found.problems[0].offset == image.blobs.at(k));
        CHECK(found.codedirectories[0].stale == Slots{-std::int64_t{k}});
    }
}

TEST_CASE("a blob beyond the special slots that there are") {
    ImageSpec spec;
    spec.signature.blobs = {support::entitlements("e")};
    primary(spec).special_slots = 0;
    const ImageVerdict found = verdict(build(spec).bytes);
    check_stale(found, {Code::special_missing});
    CHECK(found.codedirectories[0].stale == Slots{-5});
}

TEST_CASE("a hash without its blob") {
    for (std::uint32_t k : always_embedded) {
        CAPTURE(k);
        ImageSpec spec;
        primary(spec).seals = {{static_cast<int>(k), "gone"}};
        const support::Image image = build(spec);
        const ImageVerdict found = verdict(image.bytes);
        check_stale(found, {Code::special_missing});
        CHECK(found.problems[0].offset == special(image, k));
        CHECK(found.codedirectories[0].stale == Slots{-std::int64_t{k}});
    }
}

TEST_CASE("what seals something outside of the file is unchecked, and fine") {
    ImageSpec spec;
    primary(spec).seals = {{1, "Info.plist"}, {3, "CodeResources"}, {4, "application"}, {6, "koly"}, {12, "of the future"}};
    const ImageVerdict found = verdict(build(spec).bytes);
    CHECK(found.verdict == Verdict::valid);
    CHECK_FALSE(found.bad);
    CHECK(found.codedirectories[0].unchecked == Slots{-12, -6, -4, -3, -1});
}

TEST_CASE("… but where its blob is embedded all the same, it is checked") {
    for (std::uint32_t k : {3U, 4U, 6U}) {
        CAPTURE(k);
        ImageSpec spec;
        spec.signature.blobs = {{k, support::blob(0xfade0b02, "contents")}};
        const support::Image image = build(spec);
        CHECK(verdict(image.bytes).verdict == Verdict::valid);
        CHECK(verdict(image.bytes).codedirectories[0].unchecked.empty());
        std::string bytes = image.bytes;
        flip(bytes, image.blobs.at(k) + 8);
        check_stale(verdict(bytes), {Code::special_stale});
    }
}

TEST_CASE("slot -1 is the section __info_plist, or a file outside, or absent") {
    ImageSpec spec;
    spec.info_plist = "<plist>inside</plist>";
    const CodeDirectoryVerdict sealed = verdict(build(spec).bytes).codedirectories.at(0);
    CHECK(sealed.unchecked.empty());
    CHECK(sealed.stale.empty());

    primary(spec).seals = {{1, "<plist>outside</plist>"}};
    const ImageVerdict outside = verdict(build(spec).bytes);
    CHECK(outside.verdict == Verdict::valid);
    CHECK(outside.codedirectories.at(0).unchecked == Slots{-1});

    primary(spec).seals = {};
    primary(spec).special_slots = 0;
    const ImageVerdict absent = verdict(build(spec).bytes);
    CHECK(absent.verdict == Verdict::valid);
    CHECK(absent.codedirectories.at(0).unchecked.empty());
}

TEST_CASE("an edit in the section leaves slot -1 unchecked, but its page is stale") {
    ImageSpec spec;
    spec.info_plist = "<plist>inside</plist>";
    support::Image image = build(spec);
    flip(image.bytes, image.info_plist + 8);
    const ImageVerdict found = verdict(image.bytes);
    CHECK(found.verdict == Verdict::stale);
    CHECK(found.codedirectories[0].stale == Slots{0});
    CHECK(found.codedirectories[0].unchecked == Slots{-1});
}

TEST_CASE("a section __info_plist behind the signature is taken for a preimage, which the rewriter refuses") {
    ImageSpec spec;
    spec.info_plist = "12345678";
    primary(spec).seals = {{1, std::string(8, '\0')}};
    const std::uint64_t section = 32 + 72 + 80;  // the second one of __TEXT
    spec.pokes = {{section + 48, support::integer(build(spec).bytes.size(), 4, false)}};
    const support::Image image = build(spec);
    REQUIRE(image.bytes.substr(section, 12) == "__info_plist");
    const ImageVerdict found = verdict(support::fat({image, {"!<arch>\n", support::cpu_x86_64}}).bytes);
    CHECK(found.verdict == Verdict::malformed);
    CHECK(codes(found) == Codes{Code::signature_before_code});
}

TEST_CASE("every hash type and page size finds its stale page") {
    for (std::uint8_t type = 1; type <= 4; ++type)
        for (unsigned shift : {12U, 14U}) {
            CAPTURE(type);
            CAPTURE(shift);
            ImageSpec spec;
            spec.code_size = 100'000;
            primary(spec).hash_type = type;
            primary(spec).page_shift = shift;
            support::Image image = build(spec);
            if (!digest::available(static_cast<HashType>(type))) {
                CHECK(verdict(image.bytes).verdict == Verdict::unsupported);
                CHECK(codes(verdict(image.bytes)) == Codes{Code::hash_unavailable});
                continue;
            }
            CHECK(verdict(image.bytes).verdict == Verdict::valid);
            flip(image.bytes, 50'000);
            const ImageVerdict found = verdict(image.bytes);
            CHECK(found.codedirectories[0].hash == static_cast<HashType>(type));
            CHECK(found.codedirectories[0].page_size == 1U << shift);
            CHECK(found.codedirectories[0].stale == Slots{50'000 >> shift});
        }
}

TEST_CASE("only the alternate CodeDirectory is stale") {
    ImageSpec spec;
    primary(spec).hash_type = 3;
    spec.signature.directories.push_back(alternate(2));
    spec.signature.directories.back().page_shift = 14;
    support::Image image = build(spec);
    flip(image.bytes, image.directories[1].code_slots + 32);
    const ImageVerdict found = verdict(image.bytes);
    check_stale(found, {Code::page_stale});
    CHECK(found.codedirectories[0].stale.empty());
    CHECK(found.codedirectories[1].slot == 0x1000);
    CHECK(found.codedirectories[1].stale == Slots{1});
    CHECK(found.problems[0].offset == 16384);
}

TEST_CASE("code slots of zeros only are stale, not absent") {
    support::Image image = build(ImageSpec{});
    support::poke(image.bytes, image.slot(2), std::string(32, '\0'));
    CHECK(verdict(image.bytes).codedirectories[0].stale == Slots{2});
}

TEST_CASE("page sizes that nobody takes") {
    for (unsigned shift : {0U, 11U, 13U, 15U, 31U, 32U, 63U, 64U, 255U}) {
        CAPTURE(shift);
        ImageSpec spec;
        primary(spec).page_shift = shift;
        const ImageVerdict found = verdict(build(spec).bytes);
        CHECK(found.verdict == Verdict::unsupported);
        CHECK(found.bad);
        CHECK(codes(found) == Codes{Code::page_size_unsupported});
        REQUIRE(found.codedirectories.size() == 1);
        CHECK(found.codedirectories[0].page_size == (shift > 0 && shift < 32 ? 1U << shift : 0));
    }
}

TEST_CASE("16 KiB pages where the kernel has others") {
    ImageSpec spec;
    primary(spec).page_shift = 14;
    spec.cputype = support::cpu_x86_64;
    CHECK(codes(verdict(build(spec).bytes)) == Codes{Code::page_size_misplaced});
    spec.cputype = support::cpu_arm64;
    support::FatSpec fat;
    fat.slices = {build(spec)};
    CHECK(verdict(support::build(fat).bytes).verdict == Verdict::valid);
    fat.align = 12;
    const ImageVerdict found = verdict(support::build(fat).bytes);
    CHECK(found.verdict == Verdict::unsupported);
    CHECK(codes(found) == Codes{Code::page_size_misplaced});
}

TEST_CASE("a CodeDirectory that cannot be checked does not keep the other from being checked") {
    ImageSpec spec;
    spec.signature.directories.push_back(alternate(3));
    spec.signature.directories.back().page_shift = 13;
    support::Image image = build(spec);
    flip(image.bytes, 5000);
    const ImageVerdict found = verdict(image.bytes);
    CHECK(found.verdict == Verdict::unsupported);  // graver than stale
    CHECK(codes(found) == Codes{Code::page_size_unsupported, Code::page_stale});
    CHECK(found.codedirectories[0].stale == Slots{1});
    CHECK(found.codedirectories[1].stale.empty());
}

TEST_CASE("as many code slots as pages") {
    for (std::uint32_t slots : {0U, 5U}) {
        ImageSpec spec;
        primary(spec).pokes = {{28, support::be32(slots)}};
        const ImageVerdict found = verdict(build(spec).bytes);
        CHECK(found.verdict == Verdict::malformed);
        CHECK(codes(found) == Codes{Code::slot_count});
    }
}

TEST_CASE("a code limit behind the signature's first byte") {
    const support::Image good = build(ImageSpec{});
    ImageSpec spec;
    primary(spec).pokes = {{32, support::be32(good.signature + 1)}};
    const ImageVerdict found = verdict(build(spec).bytes);
    CHECK(found.verdict == Verdict::malformed);
    CHECK(codes(found) == Codes{Code::code_limit, Code::page_stale});  // the kernel hashes up to it all the same
    CHECK(found.problems[0].offset == good.directories[0].at + 32);
    CHECK(found.problems[0].layer == Layer::codesign);
    CHECK(found.problems[1].layer == Layer::kernel);
}

TEST_CASE("a code limit before the signature: what is covered is checked, the rest is strict mode's") {
    ImageSpec spec;
    primary(spec).code_limit = 3 * 4096 + 100;
    support::Image image = build(spec);
    CHECK(verdict(image.bytes).verdict == Verdict::valid);
    CHECK(codes(verdict(image.bytes, true)) == Codes{Code::not_covered});
    CHECK(verdict(image.bytes, true).verdict == Verdict::malformed);
    CHECK(verdict(image.bytes, true).problems[0].offset == 3 * 4096 + 100);
    flip(image.bytes, 3 * 4096 + 100);
    CHECK(verdict(image.bytes).verdict == Verdict::valid);
    flip(image.bytes, 3 * 4096 + 99);
    CHECK(verdict(image.bytes).codedirectories[0].stale == Slots{3});
}

TEST_CASE("code limits of their own") {
    ImageSpec spec;
    primary(spec).code_limit = 2 * 4096 + 100;  // its last page is a short one although the code goes on
    spec.signature.directories.push_back(alternate(3));
    support::Image image = build(spec);
    CHECK(verdict(image.bytes).verdict == Verdict::valid);
    flip(image.bytes, 3 * 4096);
    const ImageVerdict found = verdict(image.bytes);
    CHECK(found.codedirectories[0].stale.empty());
    CHECK(found.codedirectories[1].stale == Slots{3});
}

TEST_CASE("codeLimit64 goes before codeLimit") {
    for (support::LimitField field : {support::LimitField::wide_saturated, support::LimitField::wide_zero}) {
        ImageSpec spec;
        primary(spec).limit_field = field;
        support::Image image = build(spec);
        CHECK(verdict(image.bytes).verdict == Verdict::valid);
        flip(image.bytes, image.signature - 1);
        CHECK(verdict(image.bytes).codedirectories[0].stale == Slots{5});
    }
}

TEST_CASE("a scatter list says which slot is which page's, and which page has none") {
    ImageSpec spec;
    primary(spec).scatter = {{2, 0}, {3, 3}};
    const support::Image good = build(spec);
    CHECK(verdict(good.bytes).verdict == Verdict::valid);
    std::string bytes = good.bytes;
    flip(bytes, 2 * 4096);
    CHECK(verdict(bytes).verdict == Verdict::valid);
    flip(bytes, 4 * 4096);
    const ImageVerdict found = verdict(bytes);
    CHECK(found.codedirectories[0].stale == Slots{3});
    CHECK(found.problems[0].offset == 4 * 4096);
}

TEST_CASE("a scatter list that names pages behind the code limit") {
    ImageSpec spec;
    primary(spec).scatter = {{2, 0}, {4, 2}};
    support::Image image = build(spec);
    support::poke(image.bytes, image.directories[0].scatter + 24 + 4, support::be32(3));
    const ImageVerdict found = verdict(image.bytes);
    CHECK(found.verdict == Verdict::malformed);
    CHECK(codes(found) == Codes{Code::scatter_malformed, Code::page_stale});  // the kernel hashes the pages that there are
    CHECK(found.problems[0].layer == Layer::codesign);
    CHECK(found.problems[1].layer == Layer::kernel);
}

TEST_CASE("a pre-encryption hash that is not that of its page") {
    ImageSpec spec;
    primary(spec).version = 0x20500;
    primary(spec).pre_encrypt = true;
    support::Image image = build(spec);
    CHECK(verdict(image.bytes).verdict == Verdict::valid);
    flip(image.bytes, image.directories[0].pre_encrypt + 4 * 32);
    const ImageVerdict found = verdict(image.bytes);
    check_stale(found, {Code::pre_encrypt});
    CHECK(found.codedirectories[0].stale == Slots{4});
    flip(image.bytes, 2 * 4096);
    CHECK(verdict(image.bytes).codedirectories[0].stale == Slots{2, 4});
    CHECK(codes(verdict(image.bytes)) == Codes{Code::page_stale, Code::pre_encrypt});
}

TEST_CASE("cdhash: the CodeDirectory's own digest, 20 bytes of it") {
    for (std::uint8_t type = 1; type <= 4; ++type) {
        const auto hash = static_cast<HashType>(type);
        if (!digest::available(hash)) continue;
        ImageSpec spec;
        primary(spec).hash_type = type;
        const support::Image image = build(spec);
        const std::string blob = image.bytes.substr(image.directories[0].at, image.directories[0].length);
        CHECK(verdict(image.bytes).codedirectories[0].cdhash == digest::digest(hash, blob).hex().substr(0, 40));
    }
}

TEST_CASE("a CMS blob without the primary CodeDirectory's digest is unbound") {
    ImageSpec spec;
    spec.signature.blobs = {support::unbound_cms("a signature of something else")};
    const support::Image image = build(spec);
    const ImageVerdict found = verdict(image.bytes);
    CHECK(found.verdict == Verdict::unbound);
    CHECK(found.bad);
    CHECK(codes(found) == Codes{Code::cms_unbound});
    CHECK(found.problems[0].offset == image.blobs.at(0x10000));
}

TEST_CASE("a CMS blob that holds the digest is bound, by whichever hash the signer chose") {
    ImageSpec spec;
    spec.signature.blobs = {support::bound_cms("before ")};
    CHECK(verdict(build(spec).bytes).verdict == Verdict::valid);
    spec.signature.blobs = {support::unbound_cms(std::string(48 + 10, 'x'))};
    const support::Image image = build(spec);
    for (HashType hash : {HashType::sha1, HashType::sha256, HashType::sha384}) {
        if (!digest::available(hash)) continue;
        const std::string blob = image.bytes.substr(image.directories[0].at, image.directories[0].length);
        const std::string bytes =
            support::poked(image.bytes, image.blobs.at(0x10000) + 8 + 5, digest::digest(hash, blob).bytes());
        CHECK(verdict(bytes).verdict == Verdict::valid);
    }
}

TEST_CASE("a CMS blob that is bound to an alternate CodeDirectory only is unbound") {
    ImageSpec spec;
    spec.signature.directories.push_back(alternate(3));
    spec.signature.blobs = {support::unbound_cms(std::string(60, 'x'))};
    support::Image image = build(spec);
    const std::string blob = image.bytes.substr(image.directories[1].at, image.directories[1].length);
    support::poke(image.bytes, image.blobs.at(0x10000) + 8, digest::digest(HashType::sha256, blob).bytes());
    CHECK(verdict(image.bytes).verdict == Verdict::unbound);
}

TEST_CASE("the wrapper of 8 bytes of an ad-hoc signature is nothing to be bound") {
    ImageSpec spec;
    spec.signature.blobs = {support::empty_cms()};
    CHECK(verdict(build(spec).bytes).verdict == Verdict::valid);
}

TEST_CASE("stale is graver than unbound, and both are told") {
    ImageSpec spec;
    spec.signature.blobs = {support::unbound_cms("x")};
    support::Image image = build(spec);
    flip(image.bytes, 5000);
    check_stale(verdict(image.bytes), {Code::page_stale, Code::cms_unbound});
}

TEST_CASE("stale padding behind the SuperBlob is nobody's") {
    ImageSpec spec;
    spec.signature.padding = std::string("\xfa\xde\x0c\x02", 4) + std::string(500, '\x5a');
    for (bool strict : {false, true}) CHECK(verdict(build(spec).bytes, strict).verdict == Verdict::valid);
}

}  // namespace reseal::verifier_slots_test
