// SPDX-License-Identifier: BSL-1.0
// The SuperBlob of a good signature with one field changed at a time: each test is named after the field.
#include "macho/superblob.hpp"

#include <doctest/doctest.h>

#include <string>

#include "defect_of.hpp"
#include "macho/constants.hpp"
#include "macho/header.hpp"
#include "macho/signature.hpp"
#include "support/blobs.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/testdata.hpp"

namespace reseal::superblob_test {
using namespace macho;
using support::be32;
using support::big32;
using support::poked;

namespace {

std::string signature_of(const support::ImageSpec& spec) {
    const support::Image image = support::build(spec);
    return image.bytes.substr(image.signature);
}

/// SHA-1 and SHA-256, every blob, an empty CMS wrapper. The index is in the order of the slots: 0, 2, 5, 7, 8, 0x1000, 0x10000.
const std::string& good() {
    static const std::string bytes = [] {
        support::ImageSpec spec;
        spec.signature.directories[0].hash_type = 1;
        support::DirectorySpec alternate;
        alternate.slot = 0x1000;
        spec.signature.directories.push_back(alternate);
        spec.signature.blobs = {support::requirements("r"), support::entitlements("e"), support::der_entitlements("d"),
                                support::constraint(8, "c"), support::empty_cms()};
        return signature_of(spec);
    }();
    return bytes;
}

constexpr std::size_t entries = 7;
constexpr std::size_t slot_field(std::size_t i) { return 12 + 8 * i; }
constexpr std::size_t offset_field(std::size_t i) { return 16 + 8 * i; }
std::size_t blob_at(std::size_t i) { return big32(good(), offset_field(i)); }

std::optional<Code> defect(const std::string& bytes) { return defect_of(parse_signature(bytes)); }
std::optional<Code> with(std::size_t at, std::uint32_t value) { return defect(poked(good(), at, be32(value))); }

}  // namespace

TEST_CASE("a good signature") {
    const Parsed<Signature> parsed = parse_signature(good());
    REQUIRE(parsed);
    CHECK(parsed->super.length == good().size());
    CHECK(parsed->super.index_end == 12 + 8 * entries);
    REQUIRE(parsed->super.blobs.size() == entries);
    CHECK(parsed->directories.size() == 2);
    CHECK(parsed->primary().slot == 0);
    CHECK(parsed->primary().hash == HashType::sha1);
    CHECK_FALSE(parsed->super.cms_signed());
    CHECK(parsed->super.find(5)->range.offset == blob_at(2));
    CHECK(parsed->super.find(3) == nullptr);
}

TEST_CASE("what the linker writes") {
    const std::string file = support::testdata("a/exe.arm64");
    const Range range = *parse_header(file, file.size())->signature;
    const Parsed<Signature> parsed = parse_signature(std::string_view(file).substr(range.offset, range.size));
    REQUIRE(parsed);
    REQUIRE(parsed->directories.size() == 1);
    CHECK(parsed->primary().hash == HashType::sha256);
    CHECK(parsed->primary().page_size() == 4096);
    CHECK(parsed->primary().code_limit == range.offset);
    CHECK(parsed->primary().code_slots == (range.offset + 4095) / 4096);
}

TEST_CASE("every prefix of a good signature is refused") {
    for (std::size_t size = 0; size < good().size(); ++size) {
        CAPTURE(size);
        CHECK(defect(good().substr(0, size)) == Code::superblob_malformed);
    }
}

TEST_CASE("bytes behind the SuperBlob are nobody's") {
    const Parsed<Signature> parsed = parse_signature(good() + good());
    REQUIRE(parsed);
    CHECK(parsed->super.length == good().size());
    CHECK(parsed->super.blobs.size() == entries);
}

TEST_CASE("SuperBlob magic") {
    CHECK(with(0, 0) == Code::superblob_malformed);
    CHECK(with(0, 0xfade0cc1) == Code::superblob_malformed);  // a detached signature
    CHECK(with(0, 0xc00cdefa) == Code::superblob_malformed);  // in the wrong byte order
}
TEST_CASE("SuperBlob length") {
    const auto size = static_cast<std::uint32_t>(good().size());
    CHECK(with(4, size + 1) == Code::superblob_malformed);
    CHECK(with(4, 0xffffffff) == Code::superblob_malformed);
    CHECK(with(4, 0) == Code::superblob_malformed);
    CHECK(with(4, 11) == Code::superblob_malformed);
    CHECK(with(4, 12 + 8 * entries - 1) == Code::superblob_malformed);
    CHECK(with(4, 12 + 8 * entries) == Code::blob_malformed);
    CHECK(with(4, size - 1) == Code::blob_malformed);  // the last blob runs out
}
TEST_CASE("SuperBlob count") {
    CHECK(with(8, 0xffffffff) == Code::superblob_malformed);
    CHECK(with(8, 65) == Code::superblob_malformed);
    CHECK(with(8, 0) == Code::codedirectory_missing);
    CHECK(with(8, entries + 1) == Code::blob_malformed);  // the first blob's bytes read as an entry
    CHECK_FALSE(with(8, entries - 1));
}
TEST_CASE("count of an index that runs past the SuperBlob") {
    std::string bytes = good();
    support::poke(bytes, 4, be32(12 + 8 * 7));
    CHECK(defect(poked(bytes, 8, be32(8))) == Code::superblob_malformed);
}
TEST_CASE("slot of a blob") {
    CHECK(with(slot_field(0), 0x0fff) == Code::codedirectory_missing);
    CHECK(with(slot_field(1), 5) == Code::blob_malformed);  // requirements are no entitlements
    CHECK(with(slot_field(2), 2) == Code::blob_malformed);
    CHECK(with(slot_field(5), 0) == Code::blob_malformed);       // two CodeDirectories in slot 0
    CHECK(with(slot_field(1), 0x1001) == Code::blob_malformed);  // requirements are no CodeDirectory
    CHECK_FALSE(with(slot_field(1), 0x777));                     // a slot that nobody knows may hold anything
    CHECK_FALSE(with(slot_field(5), 0x1005));                    // … and a CodeDirectory in one is not looked at
}
TEST_CASE("two blobs of one slot, where any contents will do") {
    CHECK(defect(poked(poked(good(), slot_field(1), be32(0x777)), slot_field(2), be32(0x777))) == Code::blob_malformed);
}
TEST_CASE("offset of a blob") {
    for (std::size_t i = 0; i < entries; ++i) {
        CAPTURE(i);
        CHECK(with(offset_field(i), 0) == Code::blob_malformed);
        CHECK(with(offset_field(i), 12 + 8 * entries - 1) == Code::blob_malformed);
        CHECK(with(offset_field(i), static_cast<std::uint32_t>(good().size())) == Code::blob_malformed);
        CHECK(with(offset_field(i), static_cast<std::uint32_t>(good().size() - 7)) == Code::blob_malformed);
        CHECK(with(offset_field(i), 0xffffffff) == Code::blob_malformed);
        CHECK(with(offset_field(i), static_cast<std::uint32_t>(blob_at((i + 1) % entries))) == Code::blob_malformed);
    }
}
TEST_CASE("offset of a blob that would lie in the index") {
    REQUIRE(big32(good(), slot_field(4)) == 8);  // reads as the length of such a blob
    const std::string unknown = poked(good(), slot_field(1), be32(0x777));
    CHECK(defect(poked(unknown, offset_field(1), be32(offset_field(3)))) == Code::blob_malformed);
}
TEST_CASE("magic of a blob") {
    for (std::size_t i = 0; i < entries; ++i) {
        CAPTURE(i);
        CHECK(with(blob_at(i), 0xfade0c05) == Code::blob_malformed);
    }
}
TEST_CASE("length of a blob") {
    for (std::size_t i = 0; i < entries; ++i) {
        CAPTURE(i);
        CHECK(with(blob_at(i) + 4, 0) == Code::blob_malformed);
        CHECK(with(blob_at(i) + 4, 7) == Code::blob_malformed);
        CHECK(with(blob_at(i) + 4, static_cast<std::uint32_t>(good().size() - blob_at(i) + 1)) == Code::blob_malformed);
        CHECK(with(blob_at(i) + 4, 0xffffffff) == Code::blob_malformed);
    }
}
TEST_CASE("length of a blob that reaches into the next one") {
    const std::uint32_t length = big32(good(), blob_at(1) + 4);
    CHECK(with(blob_at(1) + 4, length + 1) == Code::blob_malformed);
}
TEST_CASE("the primary CodeDirectory once more as an alternate") {
    CHECK(with(offset_field(5), static_cast<std::uint32_t>(blob_at(0))) == Code::blob_malformed);
}
TEST_CASE("hash type of an alternate CodeDirectory that is the primary's") {
    support::ImageSpec spec;
    support::DirectorySpec alternate;
    alternate.slot = 0x1000;
    spec.signature.directories.push_back(alternate);
    CHECK(defect(signature_of(spec)) == Code::codedirectory_duplicate);
}
TEST_CASE("no CodeDirectory in slot 0 but an alternate one") {
    support::ImageSpec spec;
    spec.signature.directories[0].slot = 0x1000;
    CHECK(defect(signature_of(spec)) == Code::codedirectory_missing);
}

TEST_CASE("length of the CMS blob, not flags, makes it CMS-signed") {
    for (bool adhoc_flag : {false, true}) {
        support::ImageSpec spec;
        spec.signature.directories[0].flags = adhoc_flag ? support::flag_adhoc : 0;
        spec.signature.blobs = {support::empty_cms()};
        CHECK_FALSE(parse_superblob(signature_of(spec))->cms_signed());
        spec.signature.blobs = {support::unbound_cms("x")};
        CHECK(parse_superblob(signature_of(spec))->cms_signed());
    }
    CHECK_FALSE(parse_superblob(signature_of({}))->cms_signed());
}

TEST_CASE("a CodeDirectory that stands alone") {
    support::ImageSpec spec;
    spec.signature.bare = true;
    const std::string bytes = signature_of(spec);
    const Parsed<Signature> parsed = parse_signature(bytes);
    REQUIRE(parsed);
    CHECK(parsed->super.index_end == 0);
    CHECK(parsed->super.length == bytes.size());
    CHECK(parsed->directories.size() == 1);
    CHECK(defect(poked(bytes, 4, be32(bytes.size() + 1))) == Code::blob_malformed);
    CHECK(defect(poked(bytes, 4, be32(7))) == Code::blob_malformed);
    CHECK(defect(bytes.substr(0, bytes.size() - 1)) == Code::blob_malformed);
    CHECK(defect(bytes.substr(0, 8)) == Code::blob_malformed);
}

}  // namespace reseal::superblob_test
