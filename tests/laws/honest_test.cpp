// SPDX-License-Identifier: BSL-1.0
// Law 6: a slot is overwritten only if it was the hash of the old page. What was broken before is reported, never laundered.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "laws/inputs.hpp"
#include "support/blobs.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"

namespace reseal::honest_test {
using support::Image;
using support::Rewritten;
using support::Shape;

namespace {

constexpr std::uint64_t page_size = 4096;

struct Broken {
    std::string name;
    Image image;
    std::vector<std::int64_t> touched;  ///< code slots of 4 KiB pages
    std::uint64_t pages;
};

/// The shapes whose primary CodeDirectory, the only one, hashes pages of 4 KiB in the order they stand in.
std::vector<Broken> simple_shapes() {
    std::vector<Broken> out;
    for (const Shape& shape : support::shapes()) {
        const support::DirectorySpec& directory = shape.spec.signature.directories[0];
        if (shape.spec.signature.directories.size() != 1 || directory.page_shift != 12 || !directory.scatter.empty()) continue;
        Image image = support::build(shape.spec);
        Rewritten run = support::rewrite(laws::a_to_b(), image.bytes);
        std::vector<std::int64_t> touched = run.report.entries.at(0).images.at(0).codedirectories.at(0).slots_changed;
        std::erase_if(touched, [](std::int64_t slot) { return slot < 0; });
        out.push_back({shape.name, image, touched, (image.signature + page_size - 1) / page_size});
    }
    return out;
}

/// An offset in `page` where a changed byte is neither the path's nor the header's.
std::uint64_t quiet_place(const Broken& shape, std::uint64_t page) {
    std::uint64_t end = std::min((page + 1) * page_size, shape.image.signature);
    std::uint64_t at = page == 0 ? shape.image.commands_end + 100 : page * page_size;
    // The plants lie at known places; this one is free in all shapes.
    at += 600;
    return at < end ? at : end - support::path_a.size() - 3;
}

std::string flipped(std::string bytes, std::uint64_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    return bytes;
}

bool has(const Rewritten& run, reseal::Code code, reseal::Severity severity) {
    return std::any_of(run.report.findings.begin(), run.report.findings.end(),
                       [&](const reseal::Finding& finding) { return finding.code == code && finding.severity == severity; });
}

/// Slots the oracle finds wrong in the first CodeDirectory.
std::vector<std::int64_t> bad(const std::string& file) {
    support::Checked checked = support::check(file);
    return checked.images.at(0).directories.at(0).bad;
}

reseal::Options heal() {
    reseal::Options options;
    options.stale = reseal::StalePolicy::reseal;
    return options;
}

}  // namespace

TEST_CASE("a touched page that was broken is laundered into a valid one") {
    for (const Broken& shape : simple_shapes()) {
        CAPTURE(shape.name);
        for (std::int64_t page : shape.touched) {
            CAPTURE(page);
            std::string input = flipped(shape.image.bytes, quiet_place(shape, static_cast<std::uint64_t>(page)));
            REQUIRE(bad(input) == std::vector{page});
            Rewritten run = support::rewrite(laws::a_to_b(), input);
            CHECK(run.refused());
            CHECK(has(run, reseal::Code::stale_page, reseal::Severity::error));
            CHECK(run.report.entries.at(0).images.at(0).status == reseal::ImageStatus::refused);

            Rewritten healed = support::rewrite(laws::a_to_b(), input, heal());
            CHECK_FALSE(healed.refused());
            CHECK(has(healed, reseal::Code::stale_page, reseal::Severity::note));
            CHECK(bad(healed.output).empty());
        }
    }
}

TEST_CASE("an untouched page that was broken is repaired, or refused") {
    for (const Broken& shape : simple_shapes()) {
        CAPTURE(shape.name);
        for (std::uint64_t page = 0; page < shape.pages; ++page) {
            if (std::count(shape.touched.begin(), shape.touched.end(), static_cast<std::int64_t>(page)) != 0) continue;
            CAPTURE(page);
            std::string input = flipped(shape.image.bytes, quiet_place(shape, page));
            REQUIRE(bad(input) == std::vector{static_cast<std::int64_t>(page)});
            for (const reseal::Options& options : {reseal::Options{}, heal()}) {
                Rewritten run = support::rewrite(laws::a_to_b(), input, options);
                CHECK(run.failure == "");
                CHECK(bad(run.output) == bad(input));
            }
        }
    }
}

TEST_CASE("a touched page whose slot was wrong is given a right one") {
    for (const Broken& shape : simple_shapes()) {
        CAPTURE(shape.name);
        for (std::int64_t page = 0; page < static_cast<std::int64_t>(shape.pages); ++page) {
            CAPTURE(page);
            std::string input = flipped(shape.image.bytes, shape.image.slot(page) + 7);
            bool touched = std::count(shape.touched.begin(), shape.touched.end(), page) != 0;
            Rewritten run = support::rewrite(laws::a_to_b(), input);
            CHECK(run.refused() == touched);
            if (!touched) CHECK(bad(run.output) == std::vector{page});
        }
    }
}

TEST_CASE("a last slot over a page that was padded with zeros is taken for right") {
    // What a signer gets wrong who hashes the last page as a whole one.
    support::ImageSpec spec = support::with_path_in_code(support::path_a);
    support::ImageSpec longer = spec;
    Image image = support::build(spec);
    std::uint64_t last = image.signature / page_size;
    longer.code_size = (last + 1) * page_size;
    longer.pokes = {{0, image.bytes.substr(0, image.signature)},
                    {image.signature, std::string(longer.code_size - image.signature, '\0')}};
    Image padded = support::build(longer);
    auto slot = static_cast<std::int64_t>(last);
    std::string input =
        support::poked(image.bytes, image.slot(slot), std::string_view(padded.bytes).substr(padded.slot(slot), 32));
    REQUIRE(bad(input) == std::vector{slot});
    CHECK(support::rewrite(laws::a_to_b(), input).refused());
}

TEST_CASE("slots of zeros, as left by those who blank a signature, are filled in") {
    Image image = support::build(support::with_path_in_code(support::path_a));
    std::string input = support::poked(image.bytes, image.slot(0), std::string(6 * 32, '\0'));
    CHECK(support::rewrite(laws::a_to_b(), input).refused());
    CHECK_FALSE(support::rewrite(laws::a_to_b(), input, heal()).refused());
}

TEST_CASE("a special slot that did not seal its blob is given the hash of the new one") {
    support::ImageSpec spec = support::with_path_in_code(support::path_a);
    spec.signature.blobs = {support::requirements(support::path_a), support::entitlements(support::path_a),
                            support::der_entitlements(support::path_a), support::empty_cms()};
    Image image = support::build(spec);
    for (std::int64_t slot : {-2, -5, -7}) {
        CAPTURE(slot);
        std::string input = flipped(image.bytes, image.slot(slot) + 3);
        REQUIRE(bad(input) == std::vector{slot});
        Rewritten run = support::rewrite(laws::a_to_b(), input);
        CHECK(run.refused());
        CHECK(has(run, reseal::Code::stale_special, reseal::Severity::error));
        Rewritten healed = support::rewrite(laws::a_to_b(), input, heal());
        CHECK_FALSE(healed.refused());
        CHECK(has(healed, reseal::Code::stale_special, reseal::Severity::note));
        CHECK(bad(healed.output).empty());
    }
}

TEST_CASE("one of two CodeDirectories was stale, and its slot is overwritten all the same") {
    support::ImageSpec spec = support::with_path_in_code(support::path_a);
    support::primary(spec).hash_type = 3;
    support::DirectorySpec alternate;
    alternate.slot = support::slot_alternate;
    spec.signature.directories.push_back(alternate);
    Image image = support::build(spec);
    std::string input = flipped(image.bytes, image.directories[1].code_slots + 1 * 32);  // page 1 holds the path
    REQUIRE(support::check(input).images.at(0).directories.at(1).bad == std::vector<std::int64_t>{1});
    CHECK(support::rewrite(laws::a_to_b(), input).refused());
}

}  // namespace reseal::honest_test
