// SPDX-License-Identifier: BSL-1.0
// Causes that are seen in pages: which, where, and what stands there.
#include <doctest/doctest.h>

#include <string>

#include "diagnose/explained.hpp"
#include "diagnose/page_look.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace reseal::causes_pages_test {
using support::Codes;
using support::codes;
using support::explained;
using support::first;
using support::ImageSpec;

namespace {

constexpr std::uint64_t page = 4096;

support::DirectorySpec alternate(std::uint8_t hash_type) {
    support::DirectorySpec directory;
    directory.slot = 0x1000;
    directory.hash_type = hash_type;
    return directory;
}

/// With the last page hashed over `hashed` instead.
std::string with_last_hash_of(const ImageSpec& spec, const std::string& hashed) {
    support::Image image = support::build(spec);
    const auto last = static_cast<std::int64_t>((spec.code_size - 1) / page);
    support::poke(image.bytes, image.slot(last), support::plain_hash(2, hashed));
    return image.bytes;
}

std::string last_page(const ImageSpec& spec) {
    const std::string bytes = support::build(spec).bytes;
    return bytes.substr((spec.code_size - 1) / page * page, spec.code_size - (spec.code_size - 1) / page * page);
}

}  // namespace

TEST_CASE("a page changed after signing: number, place, what stands there") {
    const std::string path = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello/bin/sh";
    support::Image image = support::build(ImageSpec{});
    support::poke(image.bytes, 2 * page + 100, '\0' + path + '\0');
    const Explanation told = explained(image.bytes, {.path = "tool"});
    REQUIRE(codes(told) == Codes{"stale-page"});
    CHECK(support::is_whole(told));
    CHECK_FALSE(told.valid);
    const Cause cause = first(told);
    CHECK(cause.verdict == "it was changed after it was signed: 1 of 6 pages is not what the signature says");
    CHECK(cause.certainty == Certainty::certain);
    CHECK(cause.layer == Layer::kernel);
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence[0].slot == 2);
    CHECK(cause.evidence[0].offset == 2 * page);
    CHECK(cause.evidence[0].segment == "__TEXT");
    CHECK(cause.evidence[0].text == path);
    CHECK(cause.evidence[0].what == "page 2: a Nix store path stands there: rewritten after signing");
    CHECK(cause.remedy.ends_with("\nreseal fix tool"));
    CHECK(cause.reference == "TN3126");
}

TEST_CASE("a path that runs into the page from the one before it is not told there") {
    const std::string path = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello/bin/sh";
    support::Image image = support::build(ImageSpec{});
    support::poke(image.bytes, 2 * page - 41, '\0' + path + '\0');
    const Cause cause = first(explained(image.bytes));
    REQUIRE(cause.evidence.size() == 2);
    CHECK(cause.evidence[0].what == "page 1: a Nix store path stands there: rewritten after signing");
    CHECK(cause.evidence[1].what == "page 2: a Nix store path stands there: rewritten after signing");
    CHECK(cause.evidence[1].text == path);
}

TEST_CASE("a path changed in the load commands") {
    ImageSpec spec;
    spec.rpath = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-libs/lib";
    support::Image image = support::build(spec);
    support::flip(image.bytes, image.rpath + 20);
    const Cause cause = first(explained(image.bytes));
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence[0].what.starts_with("page 0 (the load commands: "));
    CHECK(cause.evidence[0].text.starts_with("/nix/store/"));
}

TEST_CASE("a path behind the load commands, in the page that begins with them, is told as theirs, and at their offset") {
    ImageSpec spec;
    support::primary(spec).page_shift = 14;
    const std::string path = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello/bin/sh";
    spec.info_plist = std::string(200, '\0');
    support::Image image = support::build(spec);
    support::poke(image.bytes, image.info_plist + 20, path);
    const Cause cause = first(explained(image.bytes));
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence[0].what == "page 0: a Nix store path stands there: rewritten after signing");
    CHECK(cause.evidence[0].section == "__info_plist");
    CHECK(cause.evidence[0].offset == image.info_plist + 20);
    CHECK(cause.evidence[0].slot == 0);
}

TEST_CASE("many changed pages are all listed, or counted wrongly") {
    ImageSpec spec;
    spec.code_size = 20 * page;
    support::Image image = support::build(spec);
    for (std::uint64_t i = 3; i < 15; ++i) support::flip(image.bytes, i * page + 50);
    const Cause cause = first(explained(image.bytes));
    CHECK(cause.verdict.find("12 of 20 pages are not") != std::string::npos);
    CHECK(cause.evidence.size() == max_evidence);
    CHECK(cause.more == 4);
    CHECK(cause.evidence.back().slot == 10);
}

TEST_CASE("a signature of other code altogether, and one without hashes") {
    ImageSpec spec;
    support::Image image = support::build(spec), other = [&] {
        spec.seed = 2;
        spec.plants = {{1000, "x"}};
        return support::build(spec);
    }();
    for (std::uint64_t i = 0; i < 6; ++i) support::flip(image.bytes, i * page + 3000 - (i == 5 ? 2500 : 0));
    CHECK(first(explained(image.bytes)).verdict.find("not one of its 6 pages") != std::string::npos);
    support::poke(other.bytes, other.slot(1), std::string(32, '\0'));
    const Cause cause = first(explained(other.bytes));
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence[0].what == "page 1 has no hash at all, only zeros");
}

TEST_CASE("a stale slice of a universal file is not told from a right one") {
    support::Image arm = support::build(ImageSpec{});
    support::flip(arm.bytes, 3 * page);
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    const support::Fat fat = support::fat({support::build(intel), arm});
    const Cause cause = first(explained(fat.bytes));
    CHECK(cause.code == CauseCode::stale_page);
    CHECK(cause.arch == "arm64");
    CHECK(cause.verdict.starts_with("arm64 slice: it was changed"));
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence[0].offset == fat.offsets[1] + 3 * page);
    CHECK(cause.evidence[0].arch == "arm64");
}

TEST_CASE("a last page of which other bytes were hashed is taken for a changed one, or not named") {
    const ImageSpec spec;
    const std::string last = last_page(spec);
    const auto variant = [&](const std::string& hashed) {
        const Explanation told = explained(with_last_hash_of(spec, hashed));
        CHECK(support::is_whole(told));
        return codes(told) == Codes{"padded-last-page"} ? first(told).verdict : std::string(name(first(told).code));
    };
    CHECK(variant(last + std::string(page - last.size(), '\0')).find("filled up with zeros to a whole page") !=
          std::string::npos);
    CHECK(variant(last.substr(0, 700)).find("only its first 700 bytes of 1234") != std::string::npos);
    CHECK(variant("").find("only its first 0 bytes of 1234") != std::string::npos);
    CHECK(variant(last.substr(0, 16) + std::string(page - 16, '\0')).find("its first 16 bytes, filled up") !=
          std::string::npos);
    CHECK(variant(last + "x") == "stale-page");
    CHECK(variant("other") == "stale-page");
}

TEST_CASE("a changed page hides a padded last one") {
    const ImageSpec spec;
    const std::string last = last_page(spec);
    std::string file = with_last_hash_of(spec, last + std::string(page - last.size(), '\0'));
    support::flip(file, page);
    const Explanation told = explained(file);
    REQUIRE(codes(told) == Codes{"stale-page", "padded-last-page"});
    CHECK(told.causes[0].evidence.size() == 1);
    CHECK(told.causes[1].evidence[0].slot == 5);
}

TEST_CASE("a last page hashed with what stands behind the code is not named") {
    ImageSpec spec;
    spec.code_size = 200 * page + 100;  // so that the last slot does not stand where it is the hash of itself
    support::Image image = support::build(spec);
    support::poke(image.bytes, image.slot(200), support::plain_hash(2, image.bytes.substr(200 * page, page)));
    const Explanation told = explained(image.bytes);
    REQUIRE(codes(told) == Codes{"padded-last-page"});
    CHECK(first(told).verdict.find("together with what stands behind the code") != std::string::npos);
}

TEST_CASE("wrong hashes of which the kernel takes no notice are said to kill") {
    ImageSpec spec;
    spec.signature.directories.push_back(alternate(3));
    support::Image image = support::build(spec);
    const support::BuiltDirectory& other = image.directories[1];
    support::flip(image.bytes, other.code_slots + 2 * other.hash_size);
    const Explanation told = explained(image.bytes);
    REQUIRE(codes(told) == Codes{"stale-alternate"});
    CHECK(first(told).layer == Layer::codesign);
    CHECK(first(told).verdict ==
          "its sha256 hashes are right, but of its sha256-truncated hashes 1 of 6 are not; the kernel runs it, codesign "
          "rejects it");
    CHECK(first(told).evidence[0].slot == 2);
    // In both of them it is the page that is wrong.
    image = support::build(spec);
    support::flip(image.bytes, 2 * page);
    CHECK(codes(explained(image.bytes)) == Codes{"stale-page"});
}

TEST_CASE("what a page looks like") {
    using diagnose::look_at_page;
    CHECK(look_at_page("").what.empty());
    CHECK_FALSE(look_at_page(std::string(100, 'a')).found);
    CHECK(look_at_page(std::string(100, '\0')).what == "nothing but zeros stands there");
    const std::string store = std::string("abc") + '\0' + "/gnu/store/x";
    CHECK(look_at_page(store).at == 4);
    CHECK(look_at_page(store).what.find("Guix") != std::string::npos);
    const std::string padded = std::string("ab") + '\0' + "/opt/x/lib" + std::string(9, '\0') + "rest";
    CHECK(look_at_page(padded).found);
    CHECK(look_at_page(padded).at == 3);
    const std::string unpadded = std::string("ab") + '\0' + "/opt/x/lib" + std::string(7, '\0') + "rest";
    CHECK_FALSE(look_at_page(unpadded).found);
    CHECK_FALSE(look_at_page("x/opt/y/lib" + std::string(20, '\0') + "rest").found);
    CHECK(look_at_page("x" + std::string(1, '\0') + "/a/b_h_env_placehold_placehold").what.find("placeholder") !=
          std::string::npos);
}

}  // namespace reseal::causes_pages_test
