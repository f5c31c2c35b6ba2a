// SPDX-License-Identifier: BSL-1.0
// The CodeDirectory: single fields set to what they must not be, and the odd shapes that are right.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "digest/digest.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_codedirectory_test {
using namespace support;

namespace {

ImageSpec newest() {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).version = 0x20600;
    primary(spec).team = "TEAM";
    primary(spec).special_slots = 2;
    return spec;
}

void refuses_field(std::uint64_t at, const std::string& value, Code code, ImageSpec spec = newest()) {
    CAPTURE(at);
    CAPTURE(hex(value));
    primary(spec).pokes.push_back({at, value});
    corner::refuses(build(spec).bytes, code);
}

std::string u8(unsigned value) { return integer(value, 1, true); }

}  // namespace

TEST_CASE("the image that the corruptions below start from is resealed") { corner::reseals(newest()); }

TEST_CASE("a CodeDirectory shorter than the kernel's 108 bytes is refused") {
    ImageSpec spec;
    spec.code_size = 1500;
    spec.plants = {{1000, path_a}};
    primary(spec).version = 0x20001;
    primary(spec).hash_type = 3;
    primary(spec).identifier = "a";  // 44 + 2 + 20
    corner::refuses(build(spec).bytes, Code::codedirectory_short);
    primary(spec).hole = 41;  // 107
    corner::refuses(build(spec).bytes, Code::codedirectory_short);
    primary(spec).hole = 42;
    corner::reseals(spec);
}

TEST_CASE("a bare CodeDirectory of a wrong length is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature.bare = true;
    corner::reseals(spec);
    spec.signature.pokes = {{4, be32(0x10000)}};
    corner::refuses(build(spec).bytes, Code::blob_malformed);
    spec.signature.pokes = {{4, be32(4)}};
    corner::refuses(build(spec).bytes, Code::blob_malformed);
}

TEST_CASE("a version that no one knows is refused") {
    for (std::uint32_t version : {0U, 0x10000U, 0x20000U, 0x2f001U, 0x30000U, 0xffffffffU})
        refuses_field(8, be32(version), Code::version_unsupported);
}

TEST_CASE("a hash type that no kernel knows is refused") {
    for (unsigned type : {0U, 5U, 99U, 255U}) refuses_field(37, u8(type), Code::hash_unsupported);
}

TEST_CASE("a hash that this build has no library for is refused by name, and resealed where there is one") {
    for (std::uint8_t type : {std::uint8_t{1}, std::uint8_t{4}})
        for (bool in_alternate : {false, true}) {
            ImageSpec spec = with_path_in_code(path_a);
            DirectorySpec alternate;
            alternate.slot = slot_alternate;
            spec.signature.directories.push_back(alternate);
            spec.signature.directories[in_alternate ? 1 : 0].hash_type = type;
            if (digest::available(static_cast<HashType>(type))) corner::reseals(spec);
            else corner::refuses(build(spec).bytes, Code::hash_unavailable);
        }
}

TEST_CASE("a hash size that is not the hash's own is refused") {
    for (unsigned size : {0U, 20U, 31U, 33U, 255U}) refuses_field(36, u8(size), Code::hash_unsupported);
}

TEST_CASE("a page size other than 4 KiB and 16 KiB is refused, without undefined shifts") {
    for (unsigned shift : {0U, 1U, 11U, 13U, 15U, 31U, 32U, 63U, 64U, 255U}) {
        CAPTURE(shift);
        ImageSpec spec = with_path_in_code(path_a);
        if (shift >= 9) primary(spec).page_shift = shift;  // else: there would be very many slots
        else primary(spec).pokes = {{39, u8(shift)}};
        corner::refuses(build(spec).bytes, Code::page_size_unsupported);
    }
}

TEST_CASE("one page without end, its hash right, is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).page_shift = 0;
    primary(spec).hole = 20;
    corner::refuses(build(spec).bytes, Code::page_size_unsupported);
}

TEST_CASE("16 KiB pages on a processor of 4 KiB pages are refused") {
    for (std::uint32_t cpu : {cpu_x86_64, cpu_x86}) {
        ImageSpec spec = with_path_in_code(path_a);
        spec.cputype = cpu;
        spec.wide = cpu == cpu_x86_64;
        primary(spec).page_shift = 14;
        corner::refuses(build(spec).bytes, Code::page_size_misplaced);
    }
}

TEST_CASE("16 KiB pages in a slice off the 16 KiB boundary are refused: the kernel would panic") {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).page_shift = 14;
    FatSpec file;
    file.align = 12;
    file.slices = {build(spec)};
    corner::refuses(build(file).bytes, Code::page_size_misplaced);
    primary(spec).page_shift = 12;
    file.slices = {build(spec)};
    ImageSpec other = with_path(spec, path_a, path_b);
    FatSpec twin = file;
    twin.slices = {build(other)};
    corner::gives(build(file).bytes, build(twin).bytes);
}

TEST_CASE("fewer code slots than pages are refused, also when the touched page has one") {
    ImageSpec spec;
    spec.plants = {{4096, path_a}};
    for (std::uint32_t slots : {0U, 1U, 5U}) refuses_field(28, be32(slots), Code::slot_count, spec);
}

TEST_CASE("more code slots than pages are refused") {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).linkage = std::string(64, 'x');  // in version 0x20400 these bytes mean nothing
    corner::reseals(spec);
    refuses_field(28, be32(7), Code::slot_count, spec);
}

TEST_CASE("slots outside the CodeDirectory are refused") {
    refuses_field(16, be32(0), Code::codedirectory_malformed);
    refuses_field(16, be32(107), Code::codedirectory_malformed);
    refuses_field(16, be32(0x10000), Code::codedirectory_malformed);
    refuses_field(16, be32(0xfffffff0), Code::codedirectory_malformed);
    refuses_field(24, be32(3000), Code::codedirectory_malformed);
    refuses_field(24, be32(0xffffffff), Code::codedirectory_malformed);
    refuses_field(28, be32(1000), Code::codedirectory_malformed);
    refuses_field(28, be32(0xffffffff), Code::codedirectory_malformed);
    refuses_field(28, be32(0x08000001), Code::codedirectory_malformed);  // × 32 is 32 in 32 bits
}

TEST_CASE("slots that overlap the strings are refused") {
    const Image image = build(newest());
    const BuiltDirectory& directory = image.directories[0];
    refuses_field(16, be32(directory.identifier - directory.at), Code::codedirectory_malformed);
    refuses_field(24, be32(3), Code::codedirectory_malformed);  // the third special slot would be in the team
}

TEST_CASE("an identifier or team outside the CodeDirectory, or without end, is refused") {
    for (std::uint64_t field : {20UL, 48UL})
        for (std::uint64_t value : {1UL, 43UL, 0x10000UL, 0xffffffffUL})
            refuses_field(field, be32(value), Code::codedirectory_malformed);
    refuses_field(20, be32(0), Code::codedirectory_malformed);
    // Its last bytes: no NUL follows within the blob.
    const Image image = build(newest());
    const std::uint64_t last = image.directories[0].length - 1;
    ImageSpec spec = newest();
    primary(spec).pokes = {{last, "x"}};
    refuses_field(20, be32(last), Code::codedirectory_malformed, spec);
}

TEST_CASE("a code limit behind the signature's first byte is refused") {
    const Image image = build(newest());
    refuses_field(32, be32(image.signature + 1), Code::code_limit);
    refuses_field(32, be32(0xffffffff), Code::code_limit);
    refuses_field(56, be64(image.signature + 1), Code::code_limit);
    refuses_field(56, be64(0xffffffffffffffff), Code::code_limit);
}

TEST_CASE("a code limit before the signature: pages below it are resealed, the page that holds it is refused") {
    ImageSpec spec;
    primary(spec).code_limit = 3 * 4096 + 1000;
    spec.plants = {{5000, path_a}};
    corner::reseals(spec);
    spec.plants = {{3 * 4096 + 10, path_a}};
    corner::refuses(build(spec).bytes, Code::code_limit_page);
    spec.plants = {{3 * 4096 - 20, path_a}};  // across into it
    corner::refuses(build(spec).bytes, Code::code_limit_page);
    spec.plants = {{3 * 4096 + 2000, path_a}};  // in it, but behind the limit
    corner::refuses(build(spec).bytes, Code::code_limit_page);
}

TEST_CASE("an edit behind the code limit is carried out with a note, no slot changes") {
    ImageSpec spec;
    primary(spec).code_limit = 3 * 4096;
    spec.plants = {{3 * 4096 + 10, path_a}};
    const Image image = build(spec);
    corner::Outcome out = corner::gives(image.bytes, corner::naive(image.bytes), {Code::not_covered});
    CHECK(out.image().status == ImageStatus::untouched);
    // Beside one that is covered.
    spec.plants.push_back({100 + 4096, path_a});
    const Twins files = twins(spec, path_a, path_b);
    out = corner::gives(files.a, files.b, {Code::not_covered});
    CHECK(out.image().codedirectories.at(0).slots_changed == std::vector<std::int64_t>{1});
}

TEST_CASE("a code limit at a page boundary before the signature: the page below it is resealed") {
    ImageSpec spec;
    primary(spec).code_limit = 3 * 4096;
    spec.plants = {{3 * 4096 - path_a.size(), path_a}};
    corner::reseals(spec);
}

TEST_CASE("codeLimit64 counts, however codeLimit is filled") {
    for (LimitField field : {LimitField::wide_saturated, LimitField::wide_zero}) {
        ImageSpec spec = with_path_in_code(path_a);
        primary(spec).limit_field = field;
        corner::reseals(spec);
    }
    // Before version 0x20300 there is no such field.
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).version = 0x20200;
    primary(spec).limit_field = LimitField::wide_saturated;
    corner::refuses(build(spec).bytes, Code::code_limit);
}

TEST_CASE("a valid scatter list maps pages to slots, also one that leaves pages out") {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).scatter = {{2, 0}, {1, 2}, {3, 3}};
    corner::reseals(spec);
    // Pages 1 and 3 to 5 have slots 0 to 3.
    primary(spec).scatter = {{1, 1}, {3, 3}};
    const Twins files = twins(spec, path_a, path_b);
    REQUIRE(check(files.b).good_and_signed());
    const corner::Outcome out = corner::gives(files.a, files.b, {Code::not_covered});
    CHECK(out.image().codedirectories.at(0).slots_changed == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("a scatter list out of order, overlapping, without end or outside is refused") {
    const auto refuses = [](const std::vector<ScatterRange>& ranges, const std::vector<Poke>& pokes = {}) {
        ImageSpec spec = with_path_in_code(path_a);
        primary(spec).scatter = ranges;
        primary(spec).pokes = pokes;
        corner::refuses(build(spec).bytes, Code::scatter_malformed);
    };
    refuses({{3, 3}, {3, 0}});
    refuses({{4, 0}, {2, 3}});
    refuses({{6, 0}}, {{28, be32(5)}});  // more pages than slots
    refuses({{6, 0}}, {{88, be32(5)}});  // fewer
    refuses({{6, 0}}, {{88, be32(0xffffffff)}});
    refuses({{6, 0}}, {{44, be32(0x10000)}});
    refuses({{6, 0}}, {{44, be32(20)}});
    refuses({{6, 0}}, {{44, be32(0xffffffff)}});
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).scatter = {{6, 0}};
    // The terminator becomes an entry, and so does all that follows, to the end.
    primary(spec).pokes = {{88 + 24, be32(1) + be32(6)}};
    corner::refuses(build(spec).bytes, Code::scatter_malformed);
}

TEST_CASE("pre-encryption hashes that differ from the code hashes are refused, equal ones are resealed with them") {
    ImageSpec spec = newest();
    primary(spec).pre_encrypt = true;
    corner::reseals(spec);
    const Image image = build(spec);
    const BuiltDirectory& directory = image.directories[0];
    primary(spec).pokes = {{directory.pre_encrypt - directory.at + 32, "\x01\x02"}};
    corner::refuses(build(spec).bytes, Code::pre_encrypt);
    primary(spec).pokes = {{92, be32(0x10000)}};
    corner::refuses(build(spec).bytes, Code::codedirectory_malformed);
    primary(spec).pokes = {{92, be32(directory.length - 32)}};
    corner::refuses(build(spec).bytes, Code::codedirectory_malformed);
}

TEST_CASE("linkage data outside the CodeDirectory is refused") {
    ImageSpec spec = newest();
    primary(spec).linkage = "linkage";
    corner::reseals(spec);
    refuses_field(100, be32(0x10000), Code::codedirectory_malformed, spec);
    refuses_field(104, be32(0xffffffff), Code::codedirectory_malformed, spec);
}

TEST_CASE("an edit in the fixed header, the slots, the scatter list, pre-encryption or linkage data is refused") {
    ImageSpec spec;
    primary(spec).version = 0x20600;
    primary(spec).scatter = {{6, 0}};
    primary(spec).pre_encrypt = true;
    primary(spec).linkage = "0123456789abcdef";
    const Image image = build(spec);
    const BuiltDirectory& directory = image.directories[0];
    for (std::uint64_t at : {directory.at + 8, directory.scatter, directory.linkage}) {
        CAPTURE(at - directory.at);
        corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, at, 16));
    }
    ImageSpec plain;
    const Image simple = build(plain);
    corner::refuses(simple.bytes, Code::structure_edited, {}, corner::hit(simple.bytes, simple.slot(2) + 8, 16));
    primary(spec).pokes = {{directory.pre_encrypt - directory.at + 4 * 32, "pre-encryption hashes of their own"}};
    const Image differing = build(spec);
    corner::refuses(differing.bytes, Code::structure_edited, {},
                    corner::hit(differing.bytes, directory.pre_encrypt + 4 * 32, 20));
}

}  // namespace reseal::corner_codedirectory_test
