// SPDX-License-Identifier: BSL-1.0
// Who objects to what: each problem names its layer, and the kernel's level leaves out what the kernel does not ask.
#include <doctest/doctest.h>

#include <string>

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_levels_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

/// codesign minds, the kernel does not.
void check_codesign_only(const std::string& file) {
    const ImageVerdict all = verdict(file);
    CHECK(all.bad);
    for (Layer layer : layers(all)) CHECK(layer == Layer::codesign);
    const ImageVerdict kernel = kernel_verdict(file);
    CHECK(kernel.verdict == Verdict::valid);
    CHECK_FALSE(kernel.bad);
    CHECK(kernel.problems.empty());
}

void check_kernel_minds(const std::string& file, Verdict expected) {
    for (const ImageVerdict& image : {verdict(file), kernel_verdict(file)}) {
        CHECK(image.verdict == expected);
        CHECK(image.bad);
        REQUIRE_FALSE(image.problems.empty());
        for (Layer layer : layers(image)) CHECK(layer == Layer::kernel);
    }
}

/// A CodeDirectory of SHA-256, and one of its first 20 bytes that the kernel passes over.
ImageSpec two_directories() {
    ImageSpec spec;
    support::DirectorySpec weaker;
    weaker.slot = support::slot_alternate;
    weaker.hash_type = 3;
    spec.signature.directories.push_back(weaker);
    return spec;
}

std::string flipped(std::string bytes, std::uint64_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    return bytes;
}

}  // namespace

TEST_CASE("a stale page of the CodeDirectory that the kernel goes by") {
    check_kernel_minds(flipped(build(ImageSpec{}).bytes, 2 * 4096), Verdict::stale);
}

TEST_CASE("the kernel goes by the strongest hash, wherever its CodeDirectory stands") {
    ImageSpec spec = two_directories();
    for (bool weak_first : {false, true}) {
        CAPTURE(weak_first);
        if (weak_first) std::swap(spec.signature.directories[0].hash_type, spec.signature.directories[1].hash_type);
        const support::Image image = build(spec);
        const ImageVerdict good = verdict(image.bytes);
        REQUIRE(good.codedirectories.size() == 2);
        CHECK(good.codedirectories[0].chosen == !weak_first);
        CHECK(good.codedirectories[1].chosen == weak_first);
        const std::size_t strong = weak_first ? 1 : 0;
        check_codesign_only(flipped(image.bytes, image.directories[1 - strong].code_slots));
        check_kernel_minds(flipped(image.bytes, image.directories[strong].code_slots), Verdict::stale);
    }
}

TEST_CASE("requirements: the kernel never hashes them") {
    ImageSpec spec;
    spec.signature.blobs = {support::requirements("org.example.image")};
    const support::Image image = build(spec);
    check_codesign_only(flipped(image.bytes, image.blobs.at(support::slot_requirements) + 14));
}

TEST_CASE("entitlements and constraints: the kernel hashes them") {
    ImageSpec spec;
    spec.signature.blobs = {support::entitlements("<plist/>"), support::der_entitlements("0123456789")};
    for (std::uint32_t slot = support::slot_constraint; slot <= 11; ++slot)
        spec.signature.blobs.push_back(support::constraint(slot, "0123456789"));
    const support::Image image = build(spec);
    CHECK_FALSE(kernel_verdict(image.bytes).bad);
    for (std::uint32_t slot : {5U, 7U, 8U, 9U, 10U, 11U}) {
        CAPTURE(slot);
        check_kernel_minds(flipped(image.bytes, image.blobs.at(slot) + 12), Verdict::stale);
    }
}

TEST_CASE("entitlements that only a CodeDirectory seals which the kernel passes over") {
    ImageSpec spec = two_directories();
    spec.signature.blobs = {support::entitlements("<plist/>")};
    spec.signature.directories[1].seals[5] = "something else";
    check_codesign_only(build(spec).bytes);
}

TEST_CASE("a CMS blob of another CodeDirectory") {
    ImageSpec spec;
    spec.signature.blobs = {support::unbound_cms("0123456789")};
    check_codesign_only(build(spec).bytes);
}

TEST_CASE("what only the strict mode asks is left out where the kernel is asked") {
    ImageSpec spec;
    spec.trailer = "x";
    const std::string file = build(spec).bytes;
    CHECK(layers(verdict(file, true)) == std::vector{Layer::strict});
    VerifyOptions options;
    options.strict = true;
    options.level = Level::kernel;
    CHECK_FALSE(verify(MemorySource(file), options)[0].bad);
}

TEST_CASE("what special slots seal outside of the file is checked where it is handed over") {
    ImageSpec spec;
    support::primary(spec).seals = {{1, "<plist>Info</plist>"}, {3, "<plist>CodeResources</plist>"}};
    const std::string file = build(spec).bytes;
    CHECK(verdict(file).codedirectories[0].unchecked == Slots{-3, -1});
    const auto with = [&](std::map<std::int64_t, std::string> preimages) {
        return verify(MemorySource(file), {.preimages = std::move(preimages)})[0];
    };
    const ImageVerdict right = with({{-1, "<plist>Info</plist>"}, {-3, "<plist>CodeResources</plist>"}});
    CHECK_FALSE(right.bad);
    CHECK(right.codedirectories[0].unchecked.empty());
    const ImageVerdict wrong = with({{-1, "<plist>info</plist>"}});
    CHECK(wrong.verdict == Verdict::stale);
    CHECK(wrong.codedirectories[0].stale == Slots{-1});
    CHECK(wrong.codedirectories[0].unchecked == Slots{-3});
    CHECK(layers(wrong) == std::vector{Layer::codesign});
}

TEST_CASE("codesign: slices of different teams, or with one and without") {
    ImageSpec intel, arm;
    intel.cputype = support::cpu_x86_64;
    const auto blamed = [&] {
        const std::string file = support::fat({build(intel), build(arm)}).bytes;
        std::string archs;
        for (const ImageVerdict& each : verdicts(file))
            if (codes(each) == Codes{Code::teams_differ}) archs += each.arch + " ";
            else CHECK_FALSE(each.bad);
        for (const ImageVerdict& each : kernel_verdicts(file)) CHECK_FALSE(each.bad);
        return archs;
    };
    CHECK(blamed() == "");
    primary(arm).team = "TEAM1";
    CHECK(blamed() == "arm64 ");
    primary(intel).team = "TEAM1";
    CHECK(blamed() == "");
    primary(intel).team = "TEAM2";
    CHECK(blamed() == "x86_64 arm64 ");
    primary(arm).team.reset();
    CHECK(blamed() == "x86_64 ");
    intel.has_signature = false;
    CHECK(blamed() == "");  // that it is unsigned is another matter
}

}  // namespace reseal::verifier_levels_test
