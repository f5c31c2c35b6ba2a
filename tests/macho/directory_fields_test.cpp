// SPDX-License-Identifier: BSL-1.0
// The fixed header of a CodeDirectory, field by field and version by version.
#include "macho/directory_fields.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/octets.hpp"

namespace reseal::directory_fields_test {
using namespace macho;
using support::be32;
using support::be64;

namespace {

/// Every field has a value of its own.
std::string directory(std::uint32_t version) {
    return be32(0xfade0c02) + be32(1000) + be32(version) + be32(0x20002) + be32(3) + be32(108) + be32(5) + be32(6) + be32(7) +
           "\x08\x09\x0a\x0b" + be32(0) + be32(12) + be32(13) + be32(0) + be64(0x1400000000) + be64(15) + be64(16) + be64(17) +
           be32(18) + be32(19) + "\x14\x15" + support::integer(22, 2, true) + be32(23) + be32(24);
}

}  // namespace

TEST_CASE("a field of the newest version is read from another's place") {
    const DirectoryFields fields = read_directory_fields(directory(0x20600) + "name" + '\0');
    CHECK(fields.whole);
    CHECK(fields.length == 1000);
    CHECK(fields.version == 0x20600);
    CHECK(fields.flags == 0x20002);
    CHECK(fields.hash_offset == 3);
    CHECK(fields.identifier_offset == 108);
    CHECK(fields.special_slots == 5);
    CHECK(fields.code_slots == 6);
    CHECK(fields.code_limit == 7);
    CHECK(fields.hash_size == 8);
    CHECK(fields.hash_type == 9);
    CHECK(fields.platform == 10);
    CHECK(fields.page_size_log2 == 11);
    CHECK(fields.scatter_offset == 12);
    CHECK(fields.team_offset == 13);
    CHECK(fields.limit() == 0x1400000000);
    REQUIRE(fields.exec_segment);
    CHECK(fields.exec_segment->base == 15);
    CHECK(fields.exec_segment->limit == 16);
    CHECK(fields.exec_segment->flags == 17);
    CHECK(fields.runtime == 18);
    CHECK(fields.pre_encrypt_offset == 19);
    CHECK(fields.linkage_hash_type == 20);
    CHECK(fields.linkage_application_type == 21);
    CHECK(fields.linkage_application_subtype == 22);
    CHECK(fields.linkage_offset == 23);
    CHECK(fields.linkage_size == 24);
}

TEST_CASE("a version has fields of a later one") {
    const DirectoryFields oldest = read_directory_fields(directory(0x20001));
    CHECK(oldest.scatter_offset == 0);
    const DirectoryFields scatter = read_directory_fields(directory(0x20100));
    CHECK((scatter.scatter_offset == 12 && scatter.team_offset == 0));
    const DirectoryFields team = read_directory_fields(directory(0x20200));
    CHECK((team.team_offset == 13 && team.limit() == 7));
    const DirectoryFields wide = read_directory_fields(directory(0x20300));
    CHECK((wide.limit() == 0x1400000000 && !wide.exec_segment));
    const DirectoryFields segment = read_directory_fields(directory(0x20400));
    CHECK((segment.exec_segment && segment.runtime == 0));
    const DirectoryFields runtime = read_directory_fields(directory(0x20500));
    CHECK((runtime.runtime == 18 && runtime.linkage_size == 0));
}

TEST_CASE("a header that is cut short is whole, or has fields that are not there") {
    const std::string all = directory(0x20600);
    for (std::size_t size = 0; size < all.size(); ++size) {
        CAPTURE(size);
        const DirectoryFields fields = read_directory_fields(all.substr(0, size));
        CHECK_FALSE(fields.whole);
        CHECK(fields.linkage_size == 0);
        CHECK(fields.exec_segment.has_value() == (size >= 88));
    }
}

TEST_CASE("a string of a CodeDirectory ends behind it") {
    const std::string blob = std::string("ab\0cd", 5);
    CHECK(directory_string(blob, 0) == "ab");
    CHECK(directory_string(blob, 2) == "");
    CHECK_FALSE(directory_string(blob, 3));
    CHECK_FALSE(directory_string(blob, 5));
    CHECK_FALSE(directory_string(blob, UINT64_MAX));
}

}  // namespace reseal::directory_fields_test
