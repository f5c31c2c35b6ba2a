// SPDX-License-Identifier: BSL-1.0
// What strict mode adds: bytes of the file that no signature covers.
#include <doctest/doctest.h>

#include <string>

#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_strict_test {
using support::build;
using support::ImageSpec;

namespace {

/// Valid, but not strictly so.
void check_strict_only(const std::string& file, const Codes& expected) {
    CHECK(verdict(file).verdict == Verdict::valid);
    CHECK_FALSE(verdict(file).bad);
    const ImageVerdict strict = verdict(file, true);
    CHECK(strict.verdict == Verdict::malformed);
    CHECK(strict.bad);
    CHECK(codes(strict) == expected);
}

constexpr std::uint64_t linkedit_command = 32 + 72 + 80;  // behind __TEXT and its one section

}  // namespace

TEST_CASE("bytes behind the signature, to the end of the file") {
    ImageSpec spec;
    spec.trailer = "x";
    const support::Image image = build(spec);
    check_strict_only(image.bytes, {Code::trailing_data});
    CHECK(verdict(image.bytes, true).problems[0].offset == image.trailer);
}

TEST_CASE("bytes behind the signature, to the end of the slice") {
    ImageSpec spec;
    spec.trailer = "x";
    const support::Image image = build(spec);
    const support::Fat fat = support::fat({image});
    check_strict_only(fat.bytes, {Code::trailing_data});
    CHECK(verdict(fat.bytes, true).problems[0].offset == fat.offsets[0] + image.trailer);
}

TEST_CASE("__LINKEDIT that ends before the signature or behind it") {
    for (int by : {-16, 16}) {
        CAPTURE(by);
        const support::Image good = build(ImageSpec{});
        const std::uint64_t size_field = linkedit_command + 48;
        REQUIRE(good.bytes.substr(linkedit_command + 8, 10) == "__LINKEDIT");
        const std::uint64_t size = support::get(good.bytes, size_field, 8, false);
        ImageSpec spec;
        spec.pokes = {{size_field, support::integer(size + static_cast<std::uint64_t>(by), 8, false)}};
        check_strict_only(build(spec).bytes, {Code::linkedit_end});
    }
}

TEST_CASE("__LINKEDIT whose numbers overflow") {
    ImageSpec spec;
    spec.pokes = {{linkedit_command + 48, support::integer(~std::uint64_t{0} - 100, 8, false)}};
    check_strict_only(build(spec).bytes, {Code::linkedit_end});
}

TEST_CASE("no __LINKEDIT") {
    ImageSpec spec;
    spec.pokes = {{linkedit_command + 8, "__LINKEDIX"}};
    check_strict_only(build(spec).bytes, {Code::linkedit_end});
}

TEST_CASE("bytes between slices that are not zero belong to the image in front of them") {
    support::FatSpec spec;
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    spec.slices = {build(intel), build(ImageSpec{})};
    support::Fat fat = build(spec);
    for (const ImageVerdict& image : verdicts(fat.bytes, true)) CHECK(image.verdict == Verdict::valid);
    fat.bytes[fat.offsets[1] - 1] = 'x';
    const std::vector<ImageVerdict> images = verdicts(fat.bytes, true);
    REQUIRE(images.size() == 2);
    CHECK(codes(images[0]) == Codes{Code::slice_gap});
    CHECK(images[0].problems[0].offset == fat.offsets[1] - 1);
    CHECK(images[1].verdict == Verdict::valid);
    for (const ImageVerdict& image : verdicts(fat.bytes)) CHECK(image.verdict == Verdict::valid);
}

TEST_CASE("bytes between the table and the first slice that are not zero") {
    support::Fat fat = support::fat({build(ImageSpec{})});
    fat.bytes[1000] = 'x';
    check_strict_only(fat.bytes, {Code::slice_gap});
    CHECK(verdict(fat.bytes, true).problems[0].offset == 1000);
}

TEST_CASE("bytes behind the last slice, zeros included") {
    for (const char* trailer : {"x", "0"}) {
        support::FatSpec spec;
        spec.slices = {build(ImageSpec{})};
        spec.trailer = std::string(1, *trailer == '0' ? '\0' : 'x');
        check_strict_only(build(spec).bytes, {Code::slice_gap});
    }
}

TEST_CASE("bytes behind the last slice belong to the last image") {
    support::FatSpec spec;
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    spec.slices = {build(intel), build(ImageSpec{})};
    spec.trailer.assign(1, 'x');
    const std::vector<ImageVerdict> images = verdicts(build(spec).bytes, true);
    REQUIRE(images.size() == 2);
    CHECK(images[0].verdict == Verdict::valid);
    CHECK(codes(images[1]) == Codes{Code::slice_gap});
}

TEST_CASE("more zeros in front of a slice than its alignment asks for") {
    support::Fat fat = support::fat({build(ImageSpec{})});
    support::poke(fat.bytes, 8 + 16, support::be32(12));  // at 16384, said to be aligned to 4096
    check_strict_only(fat.bytes, {Code::slice_gap});
    for (std::uint32_t align : {14U, 15U, 63U, 64U, 0xffffffffU}) {
        support::poke(fat.bytes, 8 + 16, support::be32(align));
        CHECK(verdict(fat.bytes, true).verdict == Verdict::valid);
    }
}

TEST_CASE("an unsigned image has nothing that strict mode could ask") {
    ImageSpec spec;
    spec.has_signature = false;
    spec.cputype = support::cpu_x86_64;
    spec.trailer = "x";
    CHECK(verdict(build(spec).bytes, true).verdict == Verdict::unsigned_);
    CHECK_FALSE(verdict(build(spec).bytes, true).bad);
}

TEST_CASE("a table of slices that does not hold together has no last slice to name bytes behind") {
    support::FatSpec spec;
    spec.slices = {build(ImageSpec{}), build(ImageSpec{})};  // one architecture twice
    const std::string file = build(spec).bytes;
    CHECK(verdict(file, true) == verdict(file));
    CHECK(codes(verdict(file, true)) == Codes{Code::fat_malformed});
}

}  // namespace reseal::verifier_strict_test
