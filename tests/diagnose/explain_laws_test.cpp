// SPDX-License-Identifier: BSL-1.0
// What holds for every file, sound or with some bytes broken: explain() and verify() say the same, nothing is said in vain.
#include <doctest/doctest.h>

#include <reseal/verify.hpp>
#include <string>

#include "diagnose/explained.hpp"
#include "support/fat_builder.hpp"
#include "support/random_image.hpp"

namespace reseal::explain_laws_test {
namespace {

bool any_bad(const std::string& file) {
    const std::vector<ImageVerdict> images = verify(MemorySource(file));
    return images.empty() || std::any_of(images.begin(), images.end(), [](const ImageVerdict& image) { return image.bad; });
}

bool within(const Explanation& told, std::size_t size) {
    for (const Cause& cause : told.causes)
        for (const Evidence& evidence : cause.evidence)
            if (evidence.offset > size) return false;
    return true;
}

void check_laws(const std::string& file) {
    const Explanation told = support::explained(file);
    CHECK(support::is_whole(told));
    CHECK(within(told, file.size()));
    if (any_bad(file)) CHECK_FALSE(told.valid);
}

}  // namespace

TEST_CASE("a sound program of any shape is said to be bad") {
    support::Random random(61);
    for (int i = 0; i < 100; ++i) {
        support::ImageSpec spec = support::random_spec(random);
        // They hold bytes by chance, which are no entitlements.
        std::erase_if(spec.signature.blobs, [](const support::BlobSpec& blob) {
            return blob.slot == support::slot_entitlements || blob.slot == support::slot_der_entitlements;
        });
        const std::string file = support::build(spec).bytes;
        CAPTURE(i);
        const Explanation told = support::explained(file);
        CHECK(support::is_whole(told));
        for (const Cause& cause : told.causes) {
            if (cause.code == CauseCode::wrong_architecture) continue;
            INFO(std::string(name(cause.code)), ": ", cause.verdict);
            CHECK((cause.note || cause.code > CauseCode::stale_resources));
        }
    }
}

TEST_CASE("what verify() rejects is said to be right") {
    support::Random random(62);
    for (int i = 0; i < 100; ++i) {
        const support::ImageSpec spec = support::random_spec(random);
        std::string file = support::build(spec).bytes;
        if (i % 3 == 0) file = support::fat({support::build(spec)}).bytes;
        for (int k = 0; k < 1 + i % 4; ++k) support::flip(file, random.below(file.size()));
        if (i % 5 == 0) file.resize(random.below(file.size()));
        CAPTURE(i);
        check_laws(file);
    }
}

TEST_CASE("every prefix of a program") {
    support::ImageSpec spec;
    spec.code_size = 1000;
    const std::string file = support::build(spec).bytes;
    for (std::size_t count = 0; count < file.size(); count += 7) {
        CAPTURE(count);
        check_laws(file.substr(0, count));
        CHECK_FALSE(support::explained(file.substr(0, count)).valid);
    }
}

}  // namespace reseal::explain_laws_test
