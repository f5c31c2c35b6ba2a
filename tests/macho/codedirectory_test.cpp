// SPDX-License-Identifier: BSL-1.0
// One CodeDirectory with every part there is, and one field changed at a time: each test is named after the field.
#include "macho/codedirectory.hpp"

#include <doctest/doctest.h>

#include <string>

#include "defect_of.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"

namespace reseal::codedirectory_test {
using namespace macho;
using support::be32;
using support::be64;
using support::poked;

namespace {

/// A CodeDirectory alone, and where its parts stand in it.
struct Made {
    std::string bytes;
    support::BuiltDirectory at;
};

Made make(const support::DirectorySpec& directory) {
    support::ImageSpec spec;
    spec.signature.bare = true;
    spec.signature.directories = {directory};
    support::Image image = support::build(spec);
    support::BuiltDirectory at = image.directories[0];
    for (std::uint64_t* offset : {&at.identifier, &at.team, &at.scatter, &at.pre_encrypt, &at.linkage, &at.code_slots})
        if (*offset != 0) *offset -= image.signature;
    return {image.bytes.substr(image.signature), at};
}

/// Fixed header (108), scatter list, identifier, team, pre-encryption hashes, 5 special slots, 6 code slots, linkage data.
const Made& good() {
    static const Made made = [] {
        support::DirectorySpec spec;
        spec.version = 0x20600;
        spec.team = "TEAM";
        spec.scatter = {{2, 0}, {4, 2}};
        spec.pre_encrypt = true;
        spec.special_slots = 5;
        spec.seals = {{5, "entitlements"}};
        spec.linkage = "linkage";
        return make(spec);
    }();
    return made;
}

Parsed<CodeDirectory> parse(const std::string& bytes) { return parse_codedirectory(bytes, 0, {0, bytes.size()}); }
std::optional<Code> defect(const std::string& bytes) { return defect_of(parse(bytes)); }
std::optional<Code> with(std::size_t at, std::uint64_t value) { return defect(poked(good().bytes, at, be32(value))); }
std::optional<Code> with8(std::size_t at, unsigned value) {
    return defect(poked(good().bytes, at, std::string(1, static_cast<char>(value))));
}
std::uint32_t size() { return static_cast<std::uint32_t>(good().bytes.size()); }

}  // namespace

TEST_CASE("a CodeDirectory with every part") {
    const Parsed<CodeDirectory> parsed = parse(good().bytes);
    REQUIRE(parsed);
    const support::BuiltDirectory& at = good().at;
    CHECK(parsed->version == 0x20600);
    CHECK(parsed->flags == support::flag_adhoc);
    CHECK(parsed->hash == HashType::sha256);
    CHECK(parsed->page_size() == 4096);
    CHECK(parsed->special_slots == 5);
    CHECK(parsed->code_slots == 6);
    CHECK(parsed->code_limit == 5 * 4096 + 1234);
    CHECK(parsed->fixed == Range{0, 108});
    CHECK(parsed->identifier == Range{at.identifier, 17});
    CHECK(parsed->team == Range{at.team, 4});
    CHECK(parsed->slots == Range{at.code_slots - 5 * 32, 11 * 32});
    CHECK(parsed->scatter_list == Range{at.scatter, 3 * 24});
    CHECK(parsed->pre_encrypt == Range{at.pre_encrypt, 6 * 32});
    CHECK(parsed->linkage == Range{at.linkage, 7});
    CHECK(parsed->hash_range(0) == Range{at.code_slots, 32});
    CHECK(parsed->hash_range(5) == Range{at.code_slots + 5 * 32, 32});
    CHECK(parsed->hash_range(-5) == Range{at.code_slots - 5 * 32, 32});
    CHECK(parsed->pre_encrypt_range(5) == Range{at.pre_encrypt + 5 * 32, 32});
    CHECK(parsed->has_special_hash(5, good().bytes));
    CHECK_FALSE(parsed->has_special_hash(6, good().bytes));
    CHECK_FALSE(parsed->has_special_hash(5, support::poked(good().bytes, at.code_slots - 5 * 32, std::string(32, '\0'))));
    CHECK(parsed->has_special_hash(5, support::poked(good().bytes, at.code_slots - 5 * 32, std::string(31, '\0'))));
}

TEST_CASE("ranges count from the signature's first byte") {
    const std::string signature = std::string(1000, '\x5a') + good().bytes + std::string(10, '\x5a');
    const Parsed<CodeDirectory> parsed = parse_codedirectory(signature, 0x1000, {1000, good().bytes.size()});
    REQUIRE(parsed);
    CHECK(parsed->slot == 0x1000);
    CHECK(parsed->fixed == Range{1000, 108});
    CHECK(signature.substr(parsed->identifier.offset, parsed->identifier.size) == "org.example.image");
    CHECK(signature.substr(parsed->team.offset, parsed->team.size) == "TEAM");
    CHECK(signature.substr(parsed->linkage->offset, parsed->linkage->size) == "linkage");
    CHECK(parsed->hash_range(0).offset == 1000 + good().at.code_slots);
    CHECK(parsed->scatter_list->offset == 1000 + good().at.scatter);
    CHECK(parsed->pre_encrypt_range(0).offset == 1000 + good().at.pre_encrypt);
}

TEST_CASE("a defect's offset counts from the signature's first byte") {
    const std::string signature = std::string(1000, '\x5a') + poked(good().bytes, 20, be32(0));
    const Parsed<CodeDirectory> parsed = parse_codedirectory(signature, 0, {1000, good().bytes.size()});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.defect().offset == 1020);
}

TEST_CASE("no team is a team of offset 0") {
    const Parsed<CodeDirectory> parsed = parse(make({}).bytes);
    REQUIRE(parsed);
    CHECK(parsed->team == Range{});
}

TEST_CASE("hash types: sizes and slots") {
    for (std::uint8_t type = 1; type <= 4; ++type) {
        CAPTURE(type);
        support::DirectorySpec spec;
        spec.hash_type = type;
        const Parsed<CodeDirectory> parsed = parse(make(spec).bytes);
        REQUIRE(parsed);
        CHECK(parsed->hash == static_cast<HashType>(type));
        CHECK(parsed->hash_range(1).size == digest_size(parsed->hash));
    }
}

TEST_CASE("length below what the kernel asks for, whatever the version") {
    support::DirectorySpec spec;
    spec.version = 0x20001;
    spec.identifier = "i";
    spec.code_limit = 0;
    const std::string bytes = make(spec).bytes;
    REQUIRE(bytes.size() < 108);
    CHECK(defect(bytes) == Code::codedirectory_short);
    CHECK(defect(good().bytes.substr(0, 107)) == Code::codedirectory_short);
    CHECK(defect("") == Code::codedirectory_short);
}
TEST_CASE("length that cuts parts off") {
    for (std::size_t length = 108; length < good().bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(defect(good().bytes.substr(0, length)).has_value());
    }
}
TEST_CASE("version") {
    CHECK(with(8, 0x20000) == Code::version_unsupported);
    CHECK(with(8, 0x2f001) == Code::version_unsupported);
    CHECK(with(8, 0) == Code::version_unsupported);
    CHECK(with(8, 0xffffffff) == Code::version_unsupported);
    CHECK_FALSE(with(8, 0x2f000));
}
TEST_CASE("an older version does not have the newer fields") {
    const auto parsed = [](std::uint32_t version) { return *parse(poked(good().bytes, 8, be32(version))); };
    CHECK_FALSE(parsed(0x20500).linkage);
    CHECK(parsed(0x20500).fixed.size == 96);
    CHECK_FALSE(parsed(0x20400).pre_encrypt);
    CHECK(parsed(0x20400).fixed.size == 88);
    CHECK(parsed(0x20300).fixed.size == 64);
    CHECK(parsed(0x20200).fixed.size == 52);
    CHECK(parsed(0x20200).team.size == 4);
    CHECK(parsed(0x20100).team == Range{});
    CHECK(parsed(0x20100).fixed.size == 48);
    CHECK(parsed(0x20001).scatter.empty());
    CHECK(parsed(0x20001).fixed.size == 44);
}
TEST_CASE("hashOffset") {
    CHECK(with(16, 0) == Code::codedirectory_malformed);
    CHECK(with(16, 107) == Code::codedirectory_malformed);           // in the fixed header
    CHECK(with(16, 108 + 4 * 32) == Code::codedirectory_malformed);  // no room for five special slots in front
    CHECK(with(16, 108 + 5 * 32) == Code::codedirectory_malformed);  // over the strings
    CHECK(with(16, size() - 6 * 32 + 1) == Code::codedirectory_malformed);
    CHECK(with(16, size() + 1) == Code::codedirectory_malformed);
    CHECK(with(16, 0xffffffff) == Code::codedirectory_malformed);
}
TEST_CASE("identOffset") {
    CHECK(with(20, 0) == Code::codedirectory_malformed);
    CHECK(with(20, 107) == Code::codedirectory_malformed);
    CHECK(with(20, size()) == Code::codedirectory_malformed);
    CHECK(with(20, size() - 7) == Code::codedirectory_malformed);  // the linkage data has no NUL
    CHECK(with(20, 0xffffffff) == Code::codedirectory_malformed);
}
TEST_CASE("nSpecialSlots") {
    CHECK(with(24, 6) == Code::codedirectory_malformed);  // over the pre-encryption hashes
    CHECK(with(24, 1000) == Code::codedirectory_malformed);
    CHECK(with(24, 0xffffffff) == Code::codedirectory_malformed);
    CHECK_FALSE(with(24, 4));
}
TEST_CASE("nCodeSlots") {
    const std::string plain = make({}).bytes;
    CHECK(defect(poked(plain, 28, be32(7))) == Code::codedirectory_malformed);
    CHECK(defect(poked(plain, 28, be32(0x08000000))) == Code::codedirectory_malformed);  // × 32 is 2³²
    CHECK(defect(poked(plain, 28, be32(0xffffffff))) == Code::codedirectory_malformed);
    CHECK_FALSE(defect(poked(plain, 28, be32(5))));  // whether that is the number of pages is not asked here
    CHECK(with(28, 5) == Code::scatter_malformed);
}
TEST_CASE("codeLimit and codeLimit64") {
    CHECK(parse(poked(good().bytes, 32, be32(0xffffffff)))->code_limit == 0xffffffff);
    CHECK(parse(poked(good().bytes, 56, be64(0x123456789a)))->code_limit == 0x123456789a);
    support::DirectorySpec old;
    old.version = 0x20200;
    CHECK(parse(poked(make(old).bytes, 56, be64(0x123456789a)))->code_limit != 0x123456789a);
}
TEST_CASE("hashSize") {
    for (unsigned value : {0U, 20U, 31U, 33U, 255U}) CHECK(with8(36, value) == Code::hash_unsupported);
}
TEST_CASE("hashType") {
    for (unsigned value : {0U, 5U, 6U, 99U, 255U}) CHECK(with8(37, value) == Code::hash_unsupported);
    for (unsigned value : {1U, 3U, 4U}) CHECK(with8(37, value) == Code::hash_unsupported);  // with a hash size of 32
}
TEST_CASE("pageSize is judged by those who hash") {
    for (unsigned value : {0U, 11U, 13U, 31U, 63U, 64U, 255U}) {
        const Parsed<CodeDirectory> parsed = parse(poked(good().bytes, 39, std::string(1, static_cast<char>(value))));
        REQUIRE(parsed);
        CHECK(parsed->page_size_log2 == value);
    }
}
TEST_CASE("scatterOffset") {
    CHECK_FALSE(with(44, 0));
    CHECK(with(44, 107) == Code::scatter_malformed);
    CHECK(with(44, size()) == Code::scatter_malformed);
    CHECK(with(44, size() - 23) == Code::scatter_malformed);
    CHECK(with(44, 0xffffffff) == Code::scatter_malformed);
    CHECK(with(44, good().at.scatter + 24) == Code::scatter_malformed);  // without its first entry: too few pages
}
TEST_CASE("scatter count") {
    const std::uint64_t at = good().at.scatter;
    CHECK(with(at, 0) == Code::scatter_malformed);       // ends at once
    CHECK(with(at, 3) == Code::scatter_malformed);       // one page twice
    CHECK(with(at, 1) == Code::scatter_malformed);       // a slot without a page
    CHECK(with(at + 24, 5) == Code::scatter_malformed);  // a page without a slot
    CHECK(with(at + 24, 0xffffffff) == Code::scatter_malformed);
    CHECK(with(at + 48, 1) == Code::scatter_malformed);  // unterminated: goes on into the strings
}
TEST_CASE("scatter base") {
    const std::uint64_t at = good().at.scatter;
    CHECK(with(at + 24 + 4, 1) == Code::scatter_malformed);  // overlaps the first entry
    CHECK(with(at + 4, 100) == Code::scatter_malformed);     // out of order
    CHECK_FALSE(with(at + 24 + 4, 3));                       // a page left out
}
TEST_CASE("scatter: which slot is which page's") {
    const CodeDirectory directory = *parse(poked(good().bytes, good().at.scatter + 24 + 4, be32(10)));
    CHECK(directory.slot_of(0) == 0);
    CHECK(directory.slot_of(1) == 1);
    CHECK_FALSE(directory.slot_of(2));
    CHECK_FALSE(directory.slot_of(9));
    CHECK(directory.slot_of(10) == 2);
    CHECK(directory.slot_of(13) == 5);
    CHECK_FALSE(directory.slot_of(14));
}
TEST_CASE("without scatter every page has the slot of its number") {
    const CodeDirectory directory = *parse(make({}).bytes);
    CHECK(directory.slot_of(0) == 0);
    CHECK(directory.slot_of(5) == 5);
    CHECK_FALSE(directory.slot_of(6));
}
TEST_CASE("teamOffset") {
    CHECK_FALSE(with(48, 0));
    CHECK(with(48, 107) == Code::codedirectory_malformed);
    CHECK(with(48, size()) == Code::codedirectory_malformed);
    CHECK(with(48, size() - 7) == Code::codedirectory_malformed);
    CHECK(with(48, 0xffffffff) == Code::codedirectory_malformed);
    CHECK(with(48, good().at.identifier) == Code::codedirectory_malformed);  // overlaps the identifier
}
TEST_CASE("preEncryptOffset") {
    CHECK_FALSE(with(92, 0));
    CHECK(with(92, 50) == Code::codedirectory_malformed);
    CHECK(with(92, size() - 6 * 32 + 1) == Code::codedirectory_malformed);
    CHECK(with(92, good().at.code_slots) == Code::codedirectory_malformed);  // the code slots themselves
    CHECK(with(92, 0xffffffff) == Code::codedirectory_malformed);
}
TEST_CASE("linkageOffset") {
    CHECK(with(100, 0) == Code::codedirectory_malformed);
    CHECK(with(100, size() - 6) == Code::codedirectory_malformed);
    CHECK(with(100, good().at.code_slots) == Code::codedirectory_malformed);
    CHECK(with(100, 0xffffffff) == Code::codedirectory_malformed);
}
TEST_CASE("linkageSize") {
    CHECK_FALSE(with(104, 0));
    CHECK(with(104, 8) == Code::codedirectory_malformed);
    CHECK(with(104, 0xffffffff) == Code::codedirectory_malformed);
}

}  // namespace reseal::codedirectory_test
