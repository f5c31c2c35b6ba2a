// SPDX-License-Identifier: BSL-1.0
#include "support/oracle.hpp"

#include <doctest/doctest.h>

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace reseal::oracle_test {
using namespace support;

TEST_CASE("the oracle accepts what Debian's linker signed") {
    for (const char* folder : {"a", "b"})
        for (const std::string& path : testdata_files(folder)) {
            CAPTURE(path);
            const Checked checked = check(testdata(path));
            CAPTURE(checked.text());
            CHECK(checked.good());
            CHECK(checked.good_and_signed() == (path.find("unsigned") == std::string::npos));
        }
}

TEST_CASE("the oracle accepts every shape the builder makes, both twins") {
    for (const NamedFile& file : twin_files()) {
        CAPTURE(file.name);
        CHECK(file.a.size() == file.b.size());
        CHECK(file.a != file.b);
        CHECK(file.b.find(path_a) == std::string::npos);
        CHECK(file.a.find(path_a) != std::string::npos);
        for (const std::string& bytes : {file.a, file.b}) {
            const Checked checked = check(bytes);
            CAPTURE(checked.text());
            CHECK(checked.good_and_signed());
        }
    }
}

TEST_CASE("the oracle rejects the naive rewriter's result for every shape") {
    for (const NamedFile& file : twin_files()) {
        CAPTURE(file.name);
        CHECK_FALSE(check(replaced(file.a, path_a, path_b)).good());
    }
}

TEST_CASE("a flip of any byte below the code limit spoils its page's slot in every CodeDirectory") {
    ImageSpec spec;
    spec.code_size = 4096 + 900;
    DirectorySpec alternate;
    alternate.slot = slot_alternate;
    alternate.hash_type = 1;
    spec.signature.directories.push_back(alternate);
    const Image image = build(spec);
    REQUIRE(check(image.bytes).good_and_signed());
    // From behind the header's cputype: other bytes of the header may change what is parsed, which is rejected too.
    for (std::uint64_t at = 0; at < image.signature; ++at) {
        std::string flipped = image.bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
        const Checked checked = check(flipped);
        if (checked.images.empty() && at < 4) continue;  // no Mach-O any more
        if (checked.good_and_signed()) FAIL("byte " << at);
        if (at >= image.commands_end)
            for (const CheckedDirectory& directory : checked.images.at(0).directories)
                if (directory.bad != std::vector<std::int64_t>{static_cast<std::int64_t>(at / 4096)}) FAIL("byte " << at);
    }
}

TEST_CASE("the oracle sees a change of each sealed blob and of each slot") {
    ImageSpec spec;
    spec.info_plist = "<plist/>";
    spec.signature.blobs = {requirements("r"),  entitlements("x"),    der_entitlements("d"), constraint(8, "8"),
                            constraint(9, "9"), constraint(10, "10"), constraint(11, "11"),  empty_cms()};
    const Image image = build(spec);
    REQUIRE(check(image.bytes).good_and_signed());
    for (const auto& [slot, at] : image.blobs) {
        if (slot == 0 || slot == slot_cms) continue;
        CAPTURE(slot);
        const std::uint64_t last = at + 8;
        const Checked checked = check(poked(image.bytes, last, "\x77"));
        CHECK(checked.images.at(0).directories.at(0).bad == std::vector<std::int64_t>{-static_cast<std::int64_t>(slot)});
    }
    for (std::int64_t slot : {-11, -10, -9, -8, -7, -5, -2, -1, 0, 1, 5}) {
        CAPTURE(slot);
        const Checked checked = check(poked(image.bytes, image.slot(slot), "\x77\x66"));
        CHECK(checked.images.at(0).directories.at(0).bad == std::vector<std::int64_t>{slot});
    }
    for (std::int64_t absent : {-3, -4, -6}) {
        CAPTURE(absent);
        const Checked checked = check(poked(image.bytes, image.slot(absent), "\x77"));
        CHECK(checked.good());
        CHECK(checked.images.at(0).directories.at(0).unchecked == std::vector<std::int64_t>{absent});
    }
}

TEST_CASE("the oracle sees whether a CMS blob holds the primary CodeDirectory's digest") {
    for (std::uint8_t hash_type : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{4}}) {
        ImageSpec spec;
        primary(spec).hash_type = hash_type;
        spec.signature.blobs = {bound_cms("certificates, signed attributes")};
        CAPTURE(static_cast<int>(hash_type));
        const Checked bound = check(build(spec).bytes);
        CHECK(bound.good_and_signed());
        CHECK(bound.images.at(0).cms);
        CHECK(bound.images.at(0).cms_bound);
    }
    ImageSpec spec;
    spec.signature.blobs = {unbound_cms("certificates")};
    CHECK(check(build(spec).bytes).images.at(0).cms);
    CHECK_FALSE(check(build(spec).bytes).images.at(0).cms_bound);
    spec.signature.blobs = {empty_cms()};
    CHECK_FALSE(check(build(spec).bytes).images.at(0).cms);
}

TEST_CASE("the oracle names structures that do not hold together") {
    const Image image = build(ImageSpec{});
    REQUIRE(check(image.bytes).good_and_signed());
    const auto directory = [&](std::uint64_t field, const std::string& value) {
        return check(poked(image.bytes, image.directories[0].at + field, value)).good();
    };
    CHECK_FALSE(directory(0, be32(0xfade0c03)));
    CHECK_FALSE(directory(4, be32(0x10000)));
    CHECK_FALSE(directory(8, be32(0x20000)));
    CHECK_FALSE(directory(8, be32(0x30000)));
    CHECK_FALSE(directory(16, be32(0xfffffff0)));
    CHECK_FALSE(directory(20, be32(0x10000)));
    CHECK_FALSE(directory(24, be32(0x10000)));
    CHECK_FALSE(directory(28, be32(1)));
    CHECK_FALSE(directory(28, be32(0xffffffff)));
    CHECK_FALSE(directory(32, be32(image.signature + 1)));
    CHECK_FALSE(directory(36, "\x14"));
    CHECK_FALSE(directory(37, "\x05"));
    CHECK_FALSE(directory(39, std::string(1, '\0')));
    CHECK_FALSE(directory(39, "\x0d"));
    CHECK_FALSE(check(poked(image.bytes, image.signature, be32(0xfade0cc1))).good());
    CHECK_FALSE(check(poked(image.bytes, image.signature + 8, be32(0xffffffff))).good());
    CHECK_FALSE(check(image.bytes.substr(0, image.bytes.size() - 1)).good());
    ImageSpec misplaced;
    primary(misplaced).page_shift = 14;
    misplaced.cputype = cpu_x86_64;
    CHECK_FALSE(check(build(misplaced).bytes).good());
}

TEST_CASE("the oracle takes no other file for Mach-O") {
    CHECK(check("").images.empty());
    CHECK(check(std::string("\xca\xfe\xba\xbe\0\0\0\x34 a Java class", 20)).good());
    CHECK(check("!<arch>\n").images.empty());
}

}  // namespace reseal::oracle_test
