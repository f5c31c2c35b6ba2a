// SPDX-License-Identifier: BSL-1.0
// The builder says where things are; tests that poke there must hit them.
#include <doctest/doctest.h>

#include "support/blobs.hpp"
#include "support/chunks.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::builder_test {
using namespace support;

TEST_CASE("the layout names the places of strings, slots and blobs") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.info_plist = "<plist>sealed</plist>";
    primary(spec).team = "TEAM";
    primary(spec).version = 0x20600;
    primary(spec).pre_encrypt = true;
    primary(spec).linkage = "linkage";
    primary(spec).scatter = {{6, 0}};
    spec.signature.blobs = {requirements("designated"), entitlements("<plist/>"), empty_cms()};
    spec.signature.gap = "gap";
    spec.signature.padding = "padding";
    spec.trailer = "trailer";
    const Image image = build(spec);
    const auto at = [&](std::uint64_t where, std::size_t size) { return image.bytes.substr(where, size); };
    CHECK(at(image.rpath, path_a.size()) == path_a);
    CHECK(at(image.info_plist, spec.info_plist.size()) == spec.info_plist);
    CHECK(at(4096 + 100, path_a.size()) == path_a);
    CHECK(at(image.signature, 4) == be32(0xfade0cc0));
    CHECK(at(image.padding, 7) == "padding");
    CHECK(at(image.trailer, 7) == "trailer");
    CHECK(image.bytes.size() == image.trailer + 7);
    const BuiltDirectory& directory = image.directories.at(0);
    CHECK(directory.at == image.blobs.at(0));
    CHECK(at(directory.at, 4) == be32(0xfade0c02));
    CHECK(at(directory.identifier, 18) == std::string("org.example.image\0", 18));
    CHECK(at(directory.team, 5) == std::string("TEAM\0", 5));
    CHECK(at(directory.linkage, 7) == "linkage");
    CHECK(at(directory.scatter, 8) == be32(6) + be32(0));
    CHECK(at(directory.pre_encrypt, 6 * 32) == at(directory.code_slots, 6 * 32));
    CHECK(directory.slots == 6);
    CHECK(at(image.blobs.at(slot_requirements), 4) == be32(0xfade0c01));
    CHECK(at(image.blobs.at(slot_cms), 8) == be32(0xfade0b01) + be32(8));
    CHECK(image.gaps.size() == 4);
    for (std::uint64_t gap : image.gaps) CHECK(at(gap, 3) == "gap");
    CHECK(check(image.bytes).good_and_signed());
}

TEST_CASE("the same description gives the same bytes, another seed other ones") {
    ImageSpec spec;
    CHECK(build(spec).bytes == build(spec).bytes);
    ImageSpec other;
    other.seed = 2;
    CHECK(build(spec).bytes != build(other).bytes);
}

TEST_CASE("pokes come before hashing below the signature, last inside it") {
    ImageSpec spec;
    spec.pokes = {{5000, "poked"}};
    const Image good = build(spec);
    CHECK(good.bytes.substr(5000, 5) == "poked");
    CHECK(check(good.bytes).good_and_signed());
    primary(spec).pokes = {{39, "\x0d"}};
    const Image bad = build(spec);
    CHECK(bad.bytes[bad.directories[0].at + 39] == '\x0d');
    CHECK_FALSE(check(bad.bytes).good());
}

TEST_CASE("odd load commands are as odd as asked for") {
    ImageSpec spec;
    spec.signature_commands = 2;
    CHECK_FALSE(check(build(spec).bytes).good());
    spec.signature_commands = 1;
    for (std::uint32_t size : {8U, 24U}) {
        spec.signature_cmdsize = size;
        const Image image = build(spec);
        CHECK(get(image.bytes, image.signature_command + 4, 4, false) == size);
        CHECK_FALSE(check(image.bytes).good());
    }
    ImageSpec encrypted;
    encrypted.cryptid = 1;
    CHECK_FALSE(check(build(encrypted).bytes).good());
    encrypted.cryptid = 0;
    CHECK(check(build(encrypted).bytes).good_and_signed());
}

TEST_CASE("universal files: table order, hidden slice, slices that overlap") {
    const Image arm = build(ImageSpec{});
    ImageSpec intel_spec;
    intel_spec.cputype = cpu_x86_64;
    const Image intel = build(intel_spec);
    FatSpec spec;
    spec.slices = {intel, arm};
    const Fat plain = build(spec);
    CHECK(plain.offsets == std::vector<std::uint64_t>{16384, 49152});
    CHECK(big32(plain.bytes, 8) == cpu_x86_64);
    CHECK(plain.bytes.substr(plain.offsets[1], arm.bytes.size()) == arm.bytes);
    CHECK(check(plain.bytes).images.size() == 2);
    spec.table_reversed = true;
    CHECK(big32(build(spec).bytes, 8) == cpu_arm64);
    CHECK(check(build(spec).bytes).good_and_signed());
    spec.table_reversed = false;
    spec.hidden_last = true;
    CHECK(big32(build(spec).bytes, 4) == 1);
    CHECK(check(build(spec).bytes).images.size() == 1);
    spec.hidden_last = false;
    spec.slices[1].offset = 16384 + 100;
    CHECK_FALSE(check(build(spec).bytes).good());
    spec.slices[1].offset = 1 << 30;
    CHECK_FALSE(check(build(spec).bytes).good());
}

TEST_CASE("every chunking gives the input back, the same each time") {
    const std::string input = noise(50'000, 3);
    for (std::size_t chunking : chunkings) {
        CAPTURE(chunking);
        std::string back;
        std::size_t chunks = 0;
        apply(chunking, input, [&](std::string_view chunk) {
            back += chunk;
            ++chunks;
        });
        CHECK(back == input);
        if (chunking != 0) CHECK(chunks == (input.size() + chunking - 1) / chunking);
        CHECK(cut(input, chunking, 7).size() == cut(input, chunking, 7).size());
        CHECK(cut("", chunking).empty());
    }
    CHECK(cut(input, 0, 1) != cut(input, 0, 2));
}

}  // namespace reseal::builder_test
