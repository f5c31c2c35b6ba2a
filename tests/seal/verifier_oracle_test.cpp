// SPDX-License-Identifier: BSL-1.0
// The verifier against an oracle that shares no code with it: on every shape there is, whole and with a byte changed anywhere.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <reseal/verify.hpp>
#include <string>
#include <vector>

#include "digest/digest.hpp"
#include "support/image_builder.hpp"
#include "support/oracle.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace reseal::verifier_oracle_test {
namespace {

/// What we ask of the structure and the oracle does not: a change that only we object to is about one of these.
bool only_ours(Code code) {
    constexpr std::array stricter{
        Code::commands_malformed,  // command sizes that are no multiple of 4
        Code::commands_too_large,
        Code::signature_before_code,    // segments
        Code::signature_range,          // an empty signature; where the commands end
        Code::codedirectory_malformed,  // parts that overlap, strings in the fixed header, linkage data
        Code::scatter_malformed,       Code::blob_malformed,
        Code::superblob_malformed,  // the bytes of an index that a blob lies in
        Code::fat_malformed,
        Code::hash_unavailable,  // the oracle brings its own hashes
    };
    return std::find(stricter.begin(), stricter.end(), code) != stricter.end();
}

/// The oracle takes the section for slot −1's preimage whatever it seals; to us it may be a file outside.
bool good_but_for_info_plist(const support::CheckedImage& image) {
    return image.problems.empty() && std::all_of(image.directories.begin(), image.directories.end(), [](const auto& directory) {
               return std::all_of(directory.bad.begin(), directory.bad.end(), [](std::int64_t slot) { return slot == -1; });
           });
}

bool good(const support::Checked& checked) {
    return checked.problems.empty() && std::all_of(checked.images.begin(), checked.images.end(), good_but_for_info_plist);
}

bool good(const ImageVerdict& image) {
    return image.verdict == Verdict::valid || image.verdict == Verdict::unbound || image.verdict == Verdict::unsigned_;
}

std::vector<std::int64_t> without_info_plist(std::vector<std::int64_t> slots) {
    std::erase(slots, -1);
    return slots;
}

void compare_directories(const ImageVerdict& image, const support::CheckedImage& checked) {
    REQUIRE(image.codedirectories.size() == checked.directories.size());
    std::vector<CodeDirectoryVerdict> ours = image.codedirectories;
    std::sort(ours.begin(), ours.end(), [](const auto& a, const auto& b) { return a.slot < b.slot; });
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const support::CheckedDirectory& theirs = checked.directories[i];
        CHECK(ours[i].slot == theirs.slot);
        CHECK(static_cast<unsigned>(ours[i].hash) == theirs.hash_type);
        CHECK(ours[i].page_size == 1U << theirs.page_shift);
        CHECK(ours[i].pages == theirs.code_slots);
        CHECK(ours[i].cdhash == theirs.cdhash);
        CHECK(ours[i].stale == without_info_plist(theirs.bad));
        CHECK(without_info_plist(ours[i].unchecked) == without_info_plist(theirs.unchecked));
    }
}

void compare(const std::string& file) {
    const std::vector<ImageVerdict> ours = verify(MemorySource(file));
    const support::Checked theirs = support::check(file);
    CAPTURE(theirs.text());
    bool all_good = true;
    for (const ImageVerdict& image : ours) {
        CAPTURE(name(image.verdict));
        if (!good(image)) all_good = false;
        for (const Problem& problem : image.problems) {
            CAPTURE(problem.what);
            // LC_CODE_SIGNATURE may name any 32-bit offset, a table of slices any of 64 bits.
            if (problem.code != Code::fat_malformed) CHECK(problem.offset <= file.size() + 0xffffffff);
            if (good(theirs))
                CHECK((only_ours(problem.code) || problem.code == Code::cms_unbound || problem.code == Code::unsigned_image));
        }
    }
    // Without a signature there is nothing to be right: load commands that only the oracle dislikes are then not our business.
    const bool has_signed =
        std::any_of(ours.begin(), ours.end(), [](const auto& image) { return image.verdict != Verdict::unsigned_; });
    if (all_good && has_signed) CHECK(good(theirs));
    if (!all_good || ours.size() != theirs.images.size()) return;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        CHECK(ours[i].offset == theirs.images[i].offset);
        CHECK((ours[i].verdict == Verdict::unsigned_) == !theirs.images[i].has_signature);
        CHECK((ours[i].verdict == Verdict::unbound) == (theirs.images[i].cms && !theirs.images[i].cms_bound));
        if (theirs.images[i].has_signature) compare_directories(ours[i], theirs.images[i]);
    }
}

/// Stale slots are compared where both take the structure.
void compare_stale(const std::string& file) {
    const std::vector<ImageVerdict> ours = verify(MemorySource(file));
    const support::Checked theirs = support::check(file);
    if (ours.size() != theirs.images.size()) return;
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (ours[i].verdict == Verdict::stale && theirs.images[i].problems.empty())
            compare_directories(ours[i], theirs.images[i]);
}

/// Files whose hashes this build can compute.
std::vector<support::NamedFile> shapes() {
    std::vector<support::NamedFile> files = support::twin_files();
    std::erase_if(files, [](const support::NamedFile& file) {
        const support::Checked checked = support::check(file.a);
        return std::any_of(checked.images.begin(), checked.images.end(), [](const support::CheckedImage& image) {
            return std::any_of(image.directories.begin(), image.directories.end(),
                               [](const support::CheckedDirectory& directory) {
                                   return !digest::available(static_cast<HashType>(directory.hash_type));
                               });
        });
    });
    return files;
}

std::vector<support::NamedFile> all_files() {
    std::vector<support::NamedFile> files = shapes();
    for (const std::string& path : support::testdata_files("a")) files.push_back({path, support::testdata(path), {}});
    return files;
}

}  // namespace

TEST_CASE("every shape is valid, and as the oracle sees it") {
    for (const support::NamedFile& file : shapes())
        for (const std::string& bytes : {file.a, file.b}) {
            CAPTURE(file.name);
            const std::vector<ImageVerdict> images = verify(MemorySource(bytes));
            CHECK_FALSE(images.empty());
            for (const ImageVerdict& image : images) {
                CHECK(image.verdict == Verdict::valid);
                CHECK_FALSE(image.bad);
            }
            compare(bytes);
        }
}

TEST_CASE("a changed byte anywhere: the oracle finds nothing that the verifier does not") {
    support::Random random(20);
    for (const support::NamedFile& file : all_files()) {
        CAPTURE(file.name);
        // Headers and signatures are small beside the code and hold all there is to misread.
        const std::size_t size = file.a.size(), edge = std::min<std::size_t>(size, 1500);
        for (int round = 0; round < 150; ++round) {
            const std::size_t at = round % 3 == 0   ? static_cast<std::size_t>(random.below(edge))
                                   : round % 3 == 1 ? size - 1 - static_cast<std::size_t>(random.below(edge))
                                                    : static_cast<std::size_t>(random.below(size));
            std::string bytes = file.a;
            bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random.below(255)));
            CAPTURE(at);
            CAPTURE(static_cast<int>(static_cast<unsigned char>(bytes[at])));
            compare(bytes);
            compare_stale(bytes);
        }
    }
}

TEST_CASE("a file cut anywhere: no crash, and never valid where the oracle says otherwise") {
    support::Random random(21);
    for (const support::NamedFile& file : all_files())
        for (int round = 0; round < 25; ++round) {
            const std::size_t size = static_cast<std::size_t>(random.below(file.a.size()));
            CAPTURE(file.name);
            CAPTURE(size);
            compare(file.a.substr(0, size));
        }
}

}  // namespace reseal::verifier_oracle_test
