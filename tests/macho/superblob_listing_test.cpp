// SPDX-License-Identifier: BSL-1.0
// The listing of damaged SuperBlobs: what parse_superblob() takes is listed without a fault, and every field that it objects to
// is told with the one blob that it spoils.
#include "macho/superblob_listing.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "macho/constants.hpp"
#include "support/blobs.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"

namespace reseal::superblob_listing_test {
using namespace macho;
using support::be32;

namespace {

std::string signature_of(const support::ImageSpec& spec) {
    const support::Image built = support::build(spec);
    return built.bytes.substr(built.signature, built.trailer - built.signature);
}

/// Slots 0, 2 and 5; the index's entries begin at 12, 20 and 28.
std::string three_blobs() {
    support::ImageSpec spec;
    spec.code_size = 560;
    spec.signature.blobs = {support::no_requirements(), support::entitlements("<plist/>")};
    return signature_of(spec);
}

std::vector<std::string> faults_of(const std::string& signature) {
    std::vector<std::string> faults;
    for (const ListedBlob& blob : list_superblob(signature).blobs) faults.push_back(blob.fault);
    return faults;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a sound signature has a fault, or other blobs than the parser sees") {
    for (const support::Shape& shape : support::shapes()) {
        CAPTURE(shape.name);
        const std::string signature = signature_of(shape.spec);
        const SuperBlobListing listing = list_superblob(signature);
        const Parsed<SuperBlob> parsed = parse_superblob(signature);
        REQUIRE(parsed);
        CHECK(listing.faults.empty());
        CHECK(listing.length == parsed->length);
        REQUIRE(listing.blobs.size() == parsed->blobs.size());
        for (std::size_t i = 0; i < listing.blobs.size(); ++i) {
            CHECK(listing.blobs[i].slot == parsed->blobs[i].slot);
            CHECK(listing.blobs[i].range == parsed->blobs[i].range);
            CHECK(listing.blobs[i].fault == "");
        }
    }
}

TEST_CASE("one bad entry of the index spoils the others") {
    const std::string good = three_blobs();
    CHECK(faults_of(good) == Faults{"", "", ""});
    CHECK(faults_of(support::poked(good, 24, be32(0xfffffff0))) == Faults{"", "lies outside the signature", ""});
    CHECK(faults_of(support::poked(good, 24, be32(12))) == Faults{"", "lies in the index", ""});
    CHECK(faults_of(support::poked(good, 20, be32(0))) == Faults{"", "has magic 0xfade0c01 instead of 0xfade0c02", ""});
    CHECK(faults_of(support::poked(good, 20, be32(5))) == Faults{"", "has magic 0xfade0c01 instead of 0xfade7171", ""});
    CHECK(faults_of(support::poked(good, 20, be32(0x20))) == Faults{"", "", ""});  // a slot of which nobody knows the magic
    const std::uint32_t third = support::big32(good, 32);
    CHECK(faults_of(support::poked(good, third + 4, be32(0x10000))) == Faults{"", "", "runs past the signature's end"});
    CHECK(faults_of(support::poked(good, third + 4, be32(7))) == Faults{"", "", "says that it has 7 bytes"});
    std::string twice = support::poked(good, 20, good.substr(12, 8));
    CHECK(faults_of(twice) == Faults{"", "is not the first of this slot", ""});
    support::poke(twice, 20, be32(0x1000));
    CHECK(faults_of(twice) == Faults{"", "overlaps the blob of slot 0x0", ""});
    CHECK(list_superblob(twice).sound().blobs.size() == 2);
}

TEST_CASE("a SuperBlob that is longer than its signature, or of more blobs than may be, is not listed at all") {
    const std::string good = three_blobs();
    const SuperBlobListing longer = list_superblob(support::poked(good, 4, be32(0x7fffffff)));
    CHECK(longer.faults.size() == 1);
    CHECK(longer.blobs.size() == 3);
    CHECK(longer.sound().blobs.size() == 3);
    const SuperBlobListing more = list_superblob(support::poked(good, 8, be32(0xffffffff)) + std::string(4096, '\0'));
    CHECK(more.faults.size() == 1);
    CHECK(more.blobs.size() == max_blobs);
    const SuperBlobListing cut = list_superblob(good.substr(0, 25));
    CHECK(cut.faults.size() == 2);
    CHECK(cut.blobs.size() == 1);
}

TEST_CASE("what is no SuperBlob has blobs") {
    CHECK(list_superblob("").faults.size() == 1);
    CHECK(list_superblob("").blobs.empty());
    CHECK(list_superblob(std::string(100, 'x')).faults == Faults{"no SuperBlob but magic 0x78787878"});
    CHECK(list_superblob(be32(0xfade0c02)).blobs.empty());
}

}  // namespace reseal::superblob_listing_test
