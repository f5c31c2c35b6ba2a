// SPDX-License-Identifier: BSL-1.0
// What is shown of a signature: against the builder's own description of it, against the oracle, and of damaged ones all that
// is left.
#include <reseal/signature.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace reseal::signature_view_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

SignatureView viewed(const std::string& file) { return view(MemorySource(file)); }

ImageView only_image(const std::string& file) {
    SignatureView all = viewed(file);
    REQUIRE(all.images.size() == 1);
    return all.images.front();
}

std::vector<std::int64_t> specials_of(const CodeDirectoryView& directory, SlotState state) {
    std::vector<std::int64_t> slots;
    for (const SpecialSlotView& each : directory.specials)
        if (each.state == state) slots.push_back(each.slot);
    std::sort(slots.begin(), slots.end());
    return slots;
}

std::vector<std::int64_t> below_zero(std::vector<std::int64_t> slots) {
    std::erase_if(slots, [](std::int64_t slot) { return slot >= 0; });
    return slots;
}

/// What the oracle says of the same file, field by field.
void check_against_oracle(const std::string& file) {
    const SignatureView view = viewed(file);
    const support::Checked checked = support::check(file);
    REQUIRE(view.images.size() == checked.images.size());
    for (std::size_t i = 0; i < view.images.size(); ++i) {
        const ImageView& image = view.images[i];
        const support::CheckedImage& wanted = checked.images[i];
        CHECK(image.offset == wanted.offset);
        CHECK((image.kind != SignatureKind::none) == wanted.has_signature);
        CHECK(image.cms.present == wanted.cms);
        CHECK(image.faults.empty());
        REQUIRE(image.codedirectories.size() == wanted.directories.size());
        for (std::size_t j = 0; j < wanted.directories.size(); ++j) {
            const CodeDirectoryView& directory = image.codedirectories[j];
            const support::CheckedDirectory& other = wanted.directories[j];
            CHECK(directory.slot == other.slot);
            CHECK(directory.hash_type == other.hash_type);
            CHECK(directory.page_size == std::uint64_t{1} << other.page_shift);
            CHECK(directory.code_slots == other.code_slots);
            CHECK(directory.cdhash == other.cdhash);
            CHECK(directory.fault == "");
            CHECK(specials_of(directory, SlotState::stale) == below_zero(other.bad));
            CHECK(specials_of(directory, SlotState::unchecked) == other.unchecked);
        }
    }
}

}  // namespace

TEST_CASE("a shape of signature is shown as another than the oracle sees") {
    for (const support::Shape& shape : support::shapes()) {
        CAPTURE(shape.name);
        check_against_oracle(build(shape.spec).bytes);
    }
}

TEST_CASE("a universal file's images are shown as others than the oracle sees") {
    for (const support::NamedFile& file : support::twin_files()) {
        CAPTURE(file.name);
        check_against_oracle(file.a);
    }
    for (const std::string& name : support::testdata_files("a")) {
        CAPTURE(name);
        check_against_oracle(support::testdata(name));
    }
}

TEST_CASE("a field of the CodeDirectory is not the one that was written") {
    ImageSpec spec;
    primary(spec).version = 0x20600;
    primary(spec).flags = support::flag_adhoc | support::flag_runtime | 0x40000;
    primary(spec).identifier = "org.example.shown";
    primary(spec).team = "TEAM123456";
    primary(spec).linkage = "linkage";
    primary(spec).pokes = {{38, std::string(1, '\x07')}, {88, support::be32(0x000d0302)}};
    const support::Image built = build(spec);
    const ImageView image = only_image(built.bytes);
    CHECK(image.arch == "arm64");
    CHECK(image.file_type == "executable");
    CHECK(image.kind == SignatureKind::adhoc);
    CHECK(image.size == built.bytes.size());
    CHECK(image.signature_offset == built.signature);
    REQUIRE(image.codedirectories.size() == 1);
    const CodeDirectoryView& directory = image.codedirectories.front();
    CHECK(directory.version == 0x20600);
    CHECK(directory.flag_names == std::vector<std::string>{"adhoc", "runtime", "0x40000"});
    CHECK(directory.identifier == "org.example.shown");
    CHECK(directory.team == "TEAM123456");
    CHECK(directory.hash == "sha256");
    CHECK(directory.platform == 7);
    CHECK(directory.code_limit == built.signature);
    CHECK(directory.runtime == "13.3.2");
    REQUIRE(directory.linkage);
    CHECK(directory.linkage->size == 7);
    REQUIRE(directory.exec_segment);
    CHECK(directory.chosen);
    CHECK(image.chosen() == &directory);
    REQUIRE(image.blobs.size() == 1);
    CHECK(image.blobs[0].name == "CodeDirectory");
    CHECK(image.blobs[0].offset == built.blobs.at(0));
}

TEST_CASE("fields that a version does not have are read from what stands there") {
    ImageSpec spec;
    primary(spec).version = 0x20001;
    const CodeDirectoryView directory = only_image(build(spec).bytes).codedirectories.at(0);
    CHECK(directory.team == "");
    CHECK(directory.runtime == "");
    CHECK_FALSE(directory.exec_segment);
    CHECK_FALSE(directory.linkage);
    CHECK_FALSE(directory.scatter);
    CHECK_FALSE(directory.pre_encrypt);
}

TEST_CASE("code slots are read without being asked for, or not where they are") {
    const support::Image built = build(ImageSpec{});
    CHECK(only_image(built.bytes).codedirectories.at(0).digests.empty());
    const SignatureView all = view(MemorySource(built.bytes), {.digests = true});
    const CodeDirectoryView& directory = all.images.at(0).codedirectories.at(0);
    REQUIRE(directory.code_slots == 6);
    for (std::uint64_t i = 0; i < directory.code_slots; ++i)
        CHECK(directory.code_digest(i) == built.bytes.substr(built.slot(static_cast<std::int64_t>(i)), 32));
    CHECK(directory.code_digest(6) == "");
    CHECK(directory.code_digest(UINT64_MAX) == "");
}

TEST_CASE("the kernel's choice is not the CodeDirectory of the strongest hash" * doctest::skip(RESEAL_LIBCRYPTO == 0)) {
    ImageSpec spec;
    primary(spec).hash_type = 1;
    for (std::uint8_t hash : {std::uint8_t{3}, std::uint8_t{4}, std::uint8_t{2}}) {
        support::DirectorySpec directory;
        directory.slot = support::slot_alternate + hash;
        directory.hash_type = hash;
        spec.signature.directories.push_back(directory);
    }
    const ImageView image = only_image(build(spec).bytes);
    REQUIRE(image.chosen() != nullptr);
    CHECK(image.chosen()->hash == "sha384");
    CHECK(std::count_if(image.codedirectories.begin(), image.codedirectories.end(),
                        [](const CodeDirectoryView& each) { return each.chosen; }) == 1);
    CHECK(image.chosen()->digest.size() == 96);
}

TEST_CASE("entitlements are not shown in both of their forms, or which takes a profile") {
    ImageSpec spec;
    const std::string xml =
        "<plist version=\"1.0\"><dict><key>com.apple.developer.team-identifier</key><string>T</string></dict></plist>";
    // { "com.apple.security.get-task-allow": true }
    const std::string key = "com.apple.security.get-task-allow";
    const std::string pair = "\x0c" + std::string(1, static_cast<char>(key.size())) + key + std::string("\x01\x01\xff", 3);
    const std::string sequence = "\x30" + std::string(1, static_cast<char>(pair.size())) + pair;
    const std::string dictionary = "\xb0" + std::string(1, static_cast<char>(sequence.size())) + sequence;
    const std::string contents = std::string("\x02\x01\x01", 3) + dictionary;
    const std::string der = "\x70" + std::string(1, static_cast<char>(contents.size())) + contents;
    spec.signature.blobs = {support::entitlements(xml), support::der_entitlements(der), support::constraint(8, der),
                            support::constraint(11, "not DER")};
    const ImageView image = only_image(build(spec).bytes);
    const EntitlementsView& entitlements = image.entitlements;
    CHECK(entitlements.xml == xml);
    REQUIRE(entitlements.der.size() == 1);
    CHECK(entitlements.der[0] == Claim{key, "true", false});
    if (RESEAL_PLIST) {
        REQUIRE(entitlements.claims.size() == 1);
        CHECK(entitlements.claims[0] == Claim{"com.apple.developer.team-identifier", "\"T\"", true});
        CHECK(entitlements.differ);
    } else {
        CHECK(entitlements.xml_fault != "");
    }
    REQUIRE(image.constraints.size() == 2);
    CHECK(image.constraints[0].name == "launch constraint");
    CHECK(image.constraints[0].claims.at(0) == Claim{key, "true", false});
    CHECK(image.constraints[1].name == "library constraint");
    CHECK(image.constraints[1].fault != "");
}

TEST_CASE("a stale special slot is shown as right") {
    ImageSpec spec;
    spec.signature.blobs = {support::no_requirements(), support::entitlements("<plist/>")};
    primary(spec).seals = {{5, "something else"}, {3, "CodeResources"}};
    const CodeDirectoryView directory = only_image(build(spec).bytes).codedirectories.at(0);
    CHECK(specials_of(directory, SlotState::stale) == std::vector<std::int64_t>{-5});
    CHECK(specials_of(directory, SlotState::unchecked) == std::vector<std::int64_t>{-3});
    CHECK(specials_of(directory, SlotState::right) == std::vector<std::int64_t>{-2});
    CHECK(directory.specials.at(0).name == "requirements");
}

TEST_CASE("one damaged blob hides the others") {
    ImageSpec spec;
    spec.signature.blobs = {support::no_requirements(), support::entitlements("<plist/>")};
    const support::Image built = build(spec);
    const std::string damaged = support::poked(built.bytes, built.blobs.at(2), "x");
    const ImageView image = only_image(damaged);
    REQUIRE(image.blobs.size() == 3);
    CHECK(image.blobs[1].fault != "");
    CHECK(image.blobs[2].fault == "");
    CHECK(image.codedirectories.size() == 1);
    CHECK(image.entitlements.xml == "<plist/>");
}

TEST_CASE("a damaged CodeDirectory hides what its header says") {
    const support::Image built = build(ImageSpec{});
    const std::string damaged = support::poked(built.bytes, built.blobs.at(0) + 28, support::be32(0x7fffffff));  // code slots
    const ImageView image = only_image(damaged);
    REQUIRE(image.codedirectories.size() == 1);
    CHECK(image.codedirectories[0].fault == "2147483647 code slots do not fit");
    CHECK(image.codedirectories[0].identifier == "org.example.image");
    CHECK(image.chosen() == nullptr);
}

TEST_CASE("a signature that is cut short hides what is left of it") {
    ImageSpec spec;
    spec.signature.blobs = {support::no_requirements(), support::entitlements("<plist/>")};
    const support::Image built = build(spec);
    const ImageView image = only_image(built.bytes.substr(0, built.blobs.at(5) + 4));
    CHECK(image.codedirectories.size() == 1);
    CHECK(image.codedirectories[0].fault == "");
    CHECK_FALSE(image.faults.empty());
    CHECK(image.blobs.at(2).fault != "");
    CHECK_FALSE(image.entitlements.has_xml);
}

TEST_CASE("a changed byte of a signature does not show, or some prefix or change of one cannot be shown") {
    ImageSpec spec;
    spec.code_size = 560;
    spec.signature.blobs = {support::no_requirements(), support::entitlements("<plist/>"), support::der_entitlements("der"),
                            support::constraint(8, "self"), support::bound_cms("filler")};
    const support::Image built = build(spec);
    for (std::size_t size = 0; size < built.bytes.size(); ++size) (void)viewed(built.bytes.substr(0, size));
    const ImageView whole = only_image(built.bytes);
    for (std::size_t at = built.signature; at < built.bytes.size(); ++at) {
        std::string changed = built.bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x81);
        CAPTURE(at);
        CHECK(only_image(changed).blobs.size() <= 64);
        if (at < built.blobs.at(support::slot_cms) + 8) CHECK(only_image(changed) != whole);
    }
}

TEST_CASE("blobs that overlap are each read") {
    ImageSpec spec;
    spec.signature.blobs = {support::no_requirements(), support::empty_cms()};
    const support::Image built = build(spec);
    // The second index entry names the CodeDirectory's place, with a CodeDirectory's slot.
    std::string changed = support::poked(built.bytes, built.signature + 20, support::be32(0x1000));
    changed = support::poked(changed, built.signature + 24, support::be32(built.blobs.at(0) - built.signature));
    const ImageView image = only_image(changed);
    REQUIRE(image.blobs.size() == 3);
    CHECK(image.blobs[1].fault == "overlaps the blob of slot 0x0");
    CHECK(image.codedirectories.size() == 1);
}

TEST_CASE("what is no Mach-O has images") {
    CHECK(viewed("").images.empty());
    CHECK(viewed("#!/bin/sh\n").images.empty());
    CHECK(viewed(std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8) + std::string(100, 'j')).images.empty());  // Java
}

TEST_CASE("an unsigned image is shown as signed") {
    ImageSpec spec;
    spec.has_signature = false;
    const ImageView image = only_image(build(spec).bytes);
    CHECK(image.kind == SignatureKind::none);
    CHECK(image.blobs.empty());
    CHECK(image.chosen() == nullptr);
}

TEST_CASE("a slice where an image should be and none is goes unseen") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    const SignatureView all = viewed(support::fat({{"none", support::cpu_arm64}, build(intel)}).bytes);
    REQUIRE(all.images.size() == 2);
    CHECK(all.images[0].arch == "arm64");
    CHECK(all.images[0].faults.size() == 1);
    CHECK(all.images[1].faults.empty());
    CHECK(viewed(support::fat({{"!<arch>\n", support::cpu_arm64}, build(intel)}).bytes).images.size() == 1);
}

TEST_CASE("a table of slices that does not hold together is no fault") {
    support::FatSpec spec;
    spec.slices = {build(ImageSpec{})};
    spec.slices[0].size = UINT32_MAX;
    const SignatureView all = viewed(build(spec).bytes);
    CHECK(all.fat);
    CHECK((!all.fault.empty() || !all.images.at(0).faults.empty()));
}

}  // namespace reseal::signature_view_test
