// SPDX-License-Identifier: BSL-1.0
// Prefixes in Mach-O files: the strings that the loader compares, all others, universal files, signatures.
#include <doctest/doctest.h>

#include <string>

#include "moved.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"

namespace reseal::images_test {
using namespace support;
using namespace std::string_literals;
using Fill = PrefixField::Fill;

namespace {

const std::string from = "/opt/placeholder", to = "/new";
const Prefixes slashes({{from, to}}, {});

ImageSpec sample() {
    ImageSpec spec;
    spec.rpath = from + "/lib";
    spec.plants = {{9000, from + "/share\0"s}};
    return spec;
}

std::string at(const std::string& bytes, std::uint64_t offset, std::size_t size) {
    return bytes.substr(static_cast<std::size_t>(offset), size);
}

Moved both_ways(const std::string& input, const Prefixes& prefixes, const FileOptions& options = {.mode = FileMode::binary}) {
    Moved result = planned(input, prefixes, options);
    for (std::size_t size : {std::size_t{1}, std::size_t{4096}, std::size_t{5000}, input.size()}) {
        std::vector<std::string_view> chunks;
        for (std::size_t i = 0; i < input.size(); i += size) chunks.push_back(std::string_view(input).substr(i, size));
        CHECK((moved(chunks, prefixes, options) == result));
    }
    return result;
}

}  // namespace

TEST_CASE("a load command's string is padded with NULs, a string of the program with slashes") {
    const Image image = build(sample());
    const Moved moved = both_ways(image.bytes, slashes);
    CHECK_EQ(at(moved.output, image.rpath, 20), to + "/lib" + std::string(12, '\0'));
    CHECK_EQ(at(moved.output, 9000, 23), to + std::string(12, '/') + "/share\0"s);
    CHECK(check(moved.output).good_and_signed());
    REQUIRE(moved.result.fields.size() == 2);
    CHECK(moved.result.fields[0].command);
    CHECK(moved.result.fields[0].fill == Fill::end);
    CHECK(moved.result.fields[0].end == image.rpath + 20);
    CHECK_FALSE(moved.result.fields[1].command);
    CHECK(moved.result.entry.status == EntryStatus::resealed);
    REQUIRE(moved.result.entry.images.size() == 1);
    CHECK(moved.result.entry.images[0].status == ImageStatus::resealed);
}

TEST_CASE("the same in every padding but the one that refuses") {
    const Image image = build(sample());
    for (Padding padding : {Padding::nul, Padding::spack}) {
        const Moved moved = both_ways(image.bytes, Prefixes({{from, to}}, {.padding = padding}));
        CHECK_EQ(at(moved.output, image.rpath, 20), to + "/lib" + std::string(12, '\0'));
    }
    CHECK(both_ways(image.bytes, Prefixes({{from, to}}, {.padding = Padding::refuse}))
              .has(Code::prefix_unpaddable, Severity::error));
}

TEST_CASE("a load command's string that is no path to begin with moves up too") {
    ImageSpec spec;
    spec.rpath = "@loader_path/.." + from + ":" + from;
    const Image image = build(spec);
    const Moved moved = both_ways(image.bytes, slashes);
    CHECK_EQ(at(moved.output, image.rpath, spec.rpath.size() + 1), "@loader_path/.." + to + ":" + to + std::string(25, '\0'));
}

TEST_CASE("the strings of a slice's load commands, of any slice") {
    ImageSpec intel = sample();
    intel.cputype = cpu_x86_64;
    const Image first = build(sample()), second = build(intel);
    for (bool wide : {false, true}) {
        const Fat file = fat({first, second}, wide);
        const Moved moved = both_ways(file.bytes, slashes);
        for (std::size_t i : {std::size_t{0}, std::size_t{1}}) {
            CHECK_EQ(at(moved.output, file.offsets[i] + first.rpath, 20), to + "/lib" + std::string(12, '\0'));
            CHECK_EQ(at(moved.output, file.offsets[i] + 9000, 23), to + std::string(12, '/') + "/share\0"s);
        }
        CHECK(check(moved.output).good_and_signed());
        CHECK(moved.result.entry.images.size() == 2);
    }
}

TEST_CASE("big-endian and 32-bit images") {
    ImageSpec spec = sample();
    spec.big_endian = true;
    spec.wide = false;
    spec.cputype = cpu_ppc;
    const Image image = build(spec);
    const Moved moved = both_ways(image.bytes, slashes);
    CHECK_EQ(at(moved.output, image.rpath, 20), to + "/lib" + std::string(12, '\0'));
    CHECK(check(moved.output).good_and_signed());
}

TEST_CASE("load commands that do not parse hold no strings for the loader") {
    ImageSpec spec = sample();
    spec.has_signature = false;
    Image image = build(spec);
    poke(image.bytes, 16, integer(1000, 4, false));  // more commands than there are
    const Moved moved = both_ways(image.bytes, slashes);
    CHECK_EQ(at(moved.output, image.rpath, 20), to + std::string(12, '/') + "/lib");
}

TEST_CASE("an image that ends inside its load commands passes like any file") {
    const std::string cut_short = build(sample()).bytes.substr(0, 300);
    const Moved moved = both_ways(cut_short + from + "/x\0"s, slashes);
    CHECK_FALSE(moved.result.refused);
}

TEST_CASE("an image that cannot be resealed refuses the file, before anything is written") {
    ImageSpec cms = sample();
    cms.signature.blobs.push_back({slot_cms, blob(0xfade0b01, "signed")});
    CHECK(both_ways(build(cms).bytes, slashes).has(Code::cms_signed, Severity::error));
    const Moved adhoc = both_ways(build(cms).bytes, slashes, {.mode = FileMode::binary, .cms = CmsPolicy::adhoc});
    CHECK_FALSE(adhoc.result.refused);
    CHECK(check(adhoc.output).good_and_signed());

    ImageSpec stale = sample();
    Image image = build(stale);
    image.bytes[9100] = static_cast<char>(image.bytes[9100] ^ 1);
    CHECK(both_ways(image.bytes, slashes).has(Code::stale_page, Severity::error));
}

TEST_CASE("a prefix too long and an image that cannot be resealed are both named") {
    ImageSpec cms = sample();
    cms.plants.push_back({5000, "/short\0"s});
    cms.signature.blobs.push_back({slot_cms, blob(0xfade0b01, "signed")});
    const Moved moved = both_ways(build(cms).bytes, Prefixes({{from, to}, {"/short", "/much/longer"}}, {}));
    CHECK(moved.has(Code::prefix_too_long, Severity::error));
    CHECK(moved.has(Code::cms_signed, Severity::error));
}

TEST_CASE("a file without a prefix is not looked into, however odd it is") {
    ImageSpec cms;
    cms.signature.blobs.push_back({slot_cms, blob(0xfade0b01, "signed")});
    const Moved moved = both_ways(build(cms).bytes, slashes);
    CHECK_FALSE(moved.result.changed);
    CHECK(moved.result.findings.empty());
    CHECK(moved.output == build(cms).bytes);
}

}  // namespace reseal::images_test
