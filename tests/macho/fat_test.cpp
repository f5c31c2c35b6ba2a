// SPDX-License-Identifier: BSL-1.0
// The table of slices: what is one, what is none, what is a broken one.
#include "macho/fat.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "defect_of.hpp"
#include "macho/constants.hpp"
#include "support/octets.hpp"

namespace reseal::fat_test {
using namespace macho;
using support::be32;
using support::be64;

namespace {

struct Entry {
    std::uint32_t cputype, cpusubtype;
    std::uint64_t offset, size;
};

constexpr std::uint32_t magic_32 = 0xcafebabe, magic_64 = 0xcafebabf;

std::string table(const std::vector<Entry>& entries, std::uint32_t magic = magic_32) {
    std::string out = be32(magic) + be32(entries.size());
    for (const Entry& each : entries) {
        out += be32(each.cputype) + be32(each.cpusubtype);
        if (magic == magic_64) out += be64(each.offset) + be64(each.size) + be32(14) + be32(0);
        else out += be32(each.offset) + be32(each.size) + be32(14);
    }
    return out;
}

const Entry intel{cpu_x86_64, 3, 0x1000, 0x5000}, arm{cpu_arm64, 0, 0x8000, 0x9000};

std::vector<std::uint64_t> offsets(const Parsed<FatTable>& parsed) {
    REQUIRE(parsed);
    std::vector<std::uint64_t> out;
    for (const Slice& slice : parsed->slices) out.push_back(slice.range.offset);
    return out;
}

}  // namespace

TEST_CASE("a table of 32-bit entries") {
    const Parsed<FatTable> parsed = parse_fat(table({intel, arm}));
    REQUIRE(parsed);
    CHECK(parsed->size == 8 + 2 * 20);
    CHECK(parsed->slices == std::vector<Slice>{{cpu_x86_64, 3, {0x1000, 0x5000}, 14}, {cpu_arm64, 0, {0x8000, 0x9000}, 14}});
}

TEST_CASE("a table of 64-bit entries, beyond 4 GiB") {
    const Entry far{cpu_arm64, 0, 0x1'0000'4000, 0x2'0000'0000};
    const Parsed<FatTable> parsed = parse_fat(table({intel, far}, magic_64));
    REQUIRE(parsed);
    CHECK(parsed->size == 8 + 2 * 32);
    CHECK(parsed->slices[1].range == Range{0x1'0000'4000, 0x2'0000'0000});
    CHECK(parsed->slices[1].align == 14);
}

TEST_CASE("slices come out by offset whatever their order in the table") {
    CHECK(offsets(parse_fat(table({arm, intel}))) == std::vector<std::uint64_t>{0x1000, 0x8000});
}

TEST_CASE("slices that touch do not overlap") {
    CHECK(offsets(parse_fat(table({intel, {cpu_arm64, 0, 0x6000, 0x9000}}))).size() == 2);
}

TEST_CASE("overlapping slices") {
    CHECK(defect_of(parse_fat(table({intel, {cpu_arm64, 0, 0x5fff, 0x9000}}))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(table({intel, {cpu_arm64, 0, 0x1000, 0x5000}}))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(table({intel, {cpu_arm64, 0, 0x2000, 0x10}}))) == Code::fat_malformed);
}

TEST_CASE("a slice in the fat header") {
    CHECK(defect_of(parse_fat(table({intel, {cpu_arm64, 0, 0, 0x900}}))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(table({intel, {cpu_arm64, 0, 47, 0x900}}))) == Code::fat_malformed);
    CHECK(offsets(parse_fat(table({intel, {cpu_arm64, 0, 48, 0x900}}))).size() == 2);
}

TEST_CASE("two slices of one architecture") {
    CHECK(defect_of(parse_fat(table({intel, arm, {cpu_arm64, 0, 0x20000, 0x900}}))) == Code::fat_malformed);
    CHECK(offsets(parse_fat(table({intel, arm, {cpu_arm64, 2, 0x20000, 0x900}}))).size() == 3);  // arm64e beside arm64
}

TEST_CASE("a slice whose end overflows") {
    CHECK(defect_of(parse_fat(table({{cpu_arm64, 0, 0xffffffffffff0000, 0x20000}}, magic_64))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(table({{cpu_arm64, 0, 0x1000, 0xffffffffffffffff}}, magic_64))) == Code::fat_malformed);
}

TEST_CASE("a table of no slices is none") { CHECK(offsets(parse_fat(table({}))).empty()); }

TEST_CASE("a Java class is no table, neither when it is long nor when it is short") {
    for (std::uint32_t major : {45U, 52U, 61U, 64U, 65U, 70U}) {
        CAPTURE(major);
        CHECK(offsets(parse_fat(be32(magic_32) + be32(major))).empty());
        // A constant pool reads as slices that cannot be.
        CHECK(offsets(parse_fat(be32(magic_32) + be32(major) + support::noise(4096, major))).empty());
        CHECK(offsets(parse_fat(be32(magic_32) + be32(0x00030000 + major) + support::noise(4096, major))).empty());  // minor 3
    }
}

TEST_CASE("more slices than anybody has") {
    CHECK(defect_of(parse_fat(be32(magic_32) + be32(0xff00) + std::string(4096, '\0'))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(be32(magic_64) + be32(65) + std::string(4096, '\0'))) == Code::fat_malformed);
    CHECK(defect_of(parse_fat(be32(magic_32) + be32(0xffffffff))) == Code::fat_malformed);
}

TEST_CASE("as many slices as are allowed") {
    std::vector<Entry> entries;
    for (std::uint32_t i = 0; i < max_slices; ++i) entries.push_back({100 + i, 0, 0x1000 * (i + 1), 0x1000});
    CHECK(offsets(parse_fat(table(entries, magic_64))).size() == max_slices);
}

TEST_CASE("a table cut short at any byte is none") {
    for (std::uint32_t magic : {magic_32, magic_64}) {
        const std::string whole = table({intel, arm}, magic);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(size);
            CHECK(offsets(parse_fat(whole.substr(0, size))).empty());
        }
    }
}

TEST_CASE("the arm64 slice hidden one past the count") {
    const std::string hidden = table({arm}).substr(8);
    const std::string file = table({intel}) + hidden;
    const Parsed<FatTable> parsed = parse_fat(file);
    CHECK(offsets(parsed) == std::vector<std::uint64_t>{0x1000, 0x8000});
    CHECK(parsed->size == 8 + 2 * 20);
    SUBCASE("zeros there are no slice") { CHECK(offsets(parse_fat(table({intel}) + std::string(20, '\0'))).size() == 1); }
    SUBCASE("nothing there is no slice") { CHECK(offsets(parse_fat(table({intel}))).size() == 1); }
    SUBCASE("an empty one is none") {
        const Parsed<FatTable> empty = parse_fat(table({intel}) + table({{cpu_arm64, 0, 0x8000, 0}}).substr(8));
        CHECK(offsets(empty) == std::vector<std::uint64_t>{0x1000});
        CHECK(empty->size == 8 + 20);
    }
    SUBCASE("another architecture there is none") {
        CHECK(offsets(parse_fat(table({intel}) + table({{cpu_arm, 9, 0x8000, 0x900}}).substr(8))).size() == 1);
    }
    SUBCASE("one that overlaps is none") {
        CHECK(offsets(parse_fat(table({intel}) + table({{cpu_arm64, 0, 0x2000, 0x900}}).substr(8))).size() == 1);
    }
    SUBCASE("bytes of the first slice are none") {
        const Entry near{cpu_x86_64, 3, 28, 0x5000};
        CHECK(offsets(parse_fat(table({near}) + hidden)).size() == 1);
    }
}

TEST_CASE("the parser is told how many bytes it wants, and takes what it asked for") {
    for (std::uint32_t magic : {magic_32, magic_64}) {
        const std::string file = table({intel, arm}, magic) + std::string(4096, '\0');
        std::size_t wanted = 0;
        for (std::string head; (wanted = fat_bytes_wanted(head)) > head.size();) head = file.substr(0, wanted);
        CHECK(wanted == 8 + 3 * (magic == magic_32 ? 20 : 32));  // one entry more, where a hidden one would be
        CHECK(offsets(parse_fat(file.substr(0, wanted))).size() == 2);
    }
    CHECK(fat_bytes_wanted(be32(magic_32) + be32(0)) == 8);
    CHECK(fat_bytes_wanted(be32(magic_32) + be32(0xffffffff)) == 8);
}

}  // namespace reseal::fat_test
