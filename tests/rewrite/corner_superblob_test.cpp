// SPDX-License-Identifier: BSL-1.0
// The SuperBlob: index, blobs, what stands between and behind them.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "support/blobs.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_superblob_test {
using namespace support;

namespace {

ImageSpec with_blobs() {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature.blobs = {no_requirements(), entitlements("<plist/>"), empty_cms()};
    return spec;
}

// One field of the SuperBlob or its index set to another value.
void refuses_field(std::uint64_t at, std::uint64_t value, Code code) {
    CAPTURE(at);
    CAPTURE(value);
    ImageSpec spec = with_blobs();
    spec.signature.pokes = {{at, be32(value)}};
    corner::refuses(build(spec).bytes, code);
}

std::uint64_t in_superblob(const Image& image, std::uint32_t slot) { return image.blobs.at(slot) - image.signature; }

}  // namespace

TEST_CASE("a SuperBlob of another magic is refused") {
    refuses_field(0, 0xfade0cc1, Code::superblob_malformed);
    refuses_field(0, 0, Code::superblob_malformed);
}

TEST_CASE("a SuperBlob longer than what LC_CODE_SIGNATURE spans is refused") {
    const Image image = build(with_blobs());
    refuses_field(4, image.bytes.size() - image.signature + 1, Code::superblob_malformed);
    refuses_field(4, 0xffffffff, Code::superblob_malformed);
}

TEST_CASE("a SuperBlob shorter than its index, or than its blobs, is refused") {
    refuses_field(4, 12, Code::superblob_malformed);
    const Image image = build(with_blobs());
    refuses_field(4, image.bytes.size() - image.signature - 1, Code::blob_malformed);
    refuses_field(4, 12 + 4 * 8 - 1, Code::superblob_malformed);
}

TEST_CASE("a count of blobs beyond the index or beyond 64 is refused, no memory is taken for it") {
    refuses_field(8, 0xffffffff, Code::superblob_malformed);
    refuses_field(8, 65, Code::superblob_malformed);
}

TEST_CASE("64 blobs are resealed, 65 are refused") {
    ImageSpec spec = with_path_in_code(path_a);
    for (std::uint32_t i = 0; i < 63; ++i) spec.signature.blobs.push_back({0x20000 + i, blob(0xfade0b02, "x")});
    corner::reseals(spec);
    spec.signature.blobs.push_back({0x30000, blob(0xfade0b02, "x")});
    corner::refuses(build(spec).bytes, Code::superblob_malformed);
}

TEST_CASE("a blob in a slot that no one knows is left as it is") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature.blobs = {{0x77, blob(0x12345678, "contents")}, {0x10002, blob(0xfade0b02, "ticket")}};
    corner::reseals(spec);
}

TEST_CASE("an index entry outside the SuperBlob or inside the index is refused") {
    for (std::uint64_t offset : {0UL, 8UL, 43UL, 0x10000UL, 0xffffffffUL})
        refuses_field(12 + 8 + 4, offset, Code::blob_malformed);
}

TEST_CASE("a blob whose length leaves the SuperBlob is refused") {
    const Image image = build(with_blobs());
    for (std::uint64_t length : {0UL, 7UL, 0x10000UL, 0xffffffffUL})
        refuses_field(in_superblob(image, slot_cms) + 4, length, Code::blob_malformed);
}

TEST_CASE("a blob of another magic than its slot's is refused") {
    const Image image = build(with_blobs());
    for (std::uint32_t slot : {std::uint32_t{0}, slot_requirements, slot_entitlements, slot_cms})
        refuses_field(in_superblob(image, slot), 0xfade0c00, Code::blob_malformed);
}

TEST_CASE("blobs that overlap are refused") {
    const Image image = build(with_blobs());
    refuses_field(in_superblob(image, slot_requirements) + 4, 13, Code::blob_malformed);
}

TEST_CASE("two blobs of one slot are refused") { refuses_field(12 + 8 * 2, slot_requirements, Code::blob_malformed); }

TEST_CASE("two index entries for one CodeDirectory are refused") {
    ImageSpec spec = with_path_in_code(path_a);
    DirectorySpec alternate;
    alternate.slot = slot_alternate;
    alternate.hash_type = 3;
    spec.signature.directories.push_back(alternate);
    const Image image = build(spec);
    spec.signature.pokes = {{12 + 8 + 4, be32(in_superblob(image, 0))}};
    corner::refuses(build(spec).bytes, Code::blob_malformed);
}

TEST_CASE("a signature without a CodeDirectory in slot 0 is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).slot = slot_alternate;
    corner::refuses(build(spec).bytes, Code::codedirectory_missing);
    refuses_field(8, 0, Code::codedirectory_missing);
}

TEST_CASE("two CodeDirectories of one hash type are refused, as the kernel refuses them") {
    ImageSpec spec = with_path_in_code(path_a);
    DirectorySpec alternate;
    alternate.slot = slot_alternate;
    spec.signature.directories.push_back(alternate);
    corner::refuses(build(spec).bytes, Code::codedirectory_duplicate);
}

TEST_CASE("an alternate CodeDirectory that is broken refuses the image, the primary is not patched alone") {
    ImageSpec spec = with_path_in_code(path_a);
    DirectorySpec alternate;
    alternate.slot = slot_alternate;
    alternate.hash_type = 3;
    alternate.page_shift = 13;
    spec.signature.directories.push_back(alternate);
    corner::refuses(build(spec).bytes, Code::page_size_unsupported);
}

TEST_CASE("an index in any order and a CodeDirectory behind other blobs are resealed") {
    for (bool reversed : {false, true})
        for (bool index_reversed : {false, true}) {
            ImageSpec spec = with_blobs();
            spec.signature.reversed = reversed;
            spec.signature.index_reversed = index_reversed;
            corner::reseals(spec);
        }
}

TEST_CASE("stale padding behind the SuperBlob keeps its bytes, whatever they look like") {
    ImageSpec spec = with_blobs();
    const Image other = build(ImageSpec{});
    // An older signature, longer than the new one, as codesign leaves it.
    spec.signature.padding = other.bytes.substr(other.signature) + std::string(300, '\x5a');
    corner::reseals(spec);
}

TEST_CASE("an edit in stale padding, in a gap or behind the signature is carried out and seals nothing") {
    ImageSpec spec;  // no path in the code
    spec.signature.blobs = {no_requirements(), empty_cms()};
    const auto untouched = [&](const std::vector<Code>& notes) {
        const Image image = build(spec);
        const corner::Outcome out = corner::gives(image.bytes, corner::naive(image.bytes), notes);
        CHECK(check(out.bytes).good_and_signed());
        CHECK(out.image().status == ImageStatus::untouched);
        CHECK(out.image().codedirectories.empty());
    };
    spec.signature.padding = "stale " + path_a;
    untouched({});
    spec.signature.padding.clear();
    spec.signature.gap = "gap " + path_a;
    untouched({});
    spec.signature.gap.clear();
    spec.trailer = "payload " + path_a;
    untouched({Code::behind_signature});
}

TEST_CASE("an edit in the SuperBlob's header or index is refused") {
    ImageSpec spec;
    spec.signature.blobs = {no_requirements(), empty_cms()};
    const Image image = build(spec);
    corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, image.signature, 16));
    corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, image.signature + 12, 24));
    // The edit begins in the code's last bytes.
    corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, image.signature - 8, 16));
}

TEST_CASE("an edit in the header of a blob is refused") {
    ImageSpec spec;
    spec.signature.blobs = {entitlements("<plist>some text</plist>"), empty_cms()};
    const Image image = build(spec);
    corner::refuses(image.bytes, Code::structure_edited, {},
                    corner::hit(image.bytes, image.blobs.at(slot_entitlements) + 4, 16));
    corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, image.blobs.at(slot_cms) - 8, 16));
}

}  // namespace reseal::corner_superblob_test
