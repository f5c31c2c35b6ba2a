// SPDX-License-Identifier: BSL-1.0
// Which segment and section a byte of an image belongs to.
#include "macho/layout.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/octets.hpp"
#include "support/testdata.hpp"

namespace reseal::layout_test {
using namespace macho;

namespace {

std::string padded(const std::string& text) { return text + std::string(16 - text.size(), '\0'); }

struct Numbers {
    bool big = false, wide = true;
    std::string u32(std::uint64_t value) const { return support::integer(value, 4, big); }
    std::string word(std::uint64_t value) const { return support::integer(value, wide ? 8 : 4, big); }

    std::string section(const std::string& name, std::uint64_t address, std::uint64_t size, std::uint32_t offset,
                        std::uint32_t flags = 0) const {
        return padded(name) + padded("__TEXT") + word(address) + word(size) + u32(offset) + std::string(12, '\0') + u32(flags) +
               std::string(wide ? 12 : 8, '\0');
    }
    std::string segment(const std::string& name, std::uint64_t address, std::uint64_t size, std::uint64_t offset,
                        std::uint64_t file_size, const std::vector<std::string>& sections = {},
                        std::uint32_t more_sections = 0) const {
        std::string body = padded(name) + word(address) + word(size) + word(offset) + word(file_size) + u32(5) + u32(5) +
                           u32(sections.size() + more_sections) + u32(0);
        for (const std::string& each : sections) body += each;
        return u32(wide ? 0x19 : 0x1) + u32(8 + body.size()) + body;
    }
    std::string image(const std::vector<std::string>& commands) const {
        std::string all;
        for (const std::string& each : commands) all += each;
        return u32(wide ? 0xfeedfacf : 0xfeedface) + u32(0x0100000c) + u32(0) + u32(2) + u32(commands.size()) +
               u32(all.size()) + u32(0) + (wide ? u32(0) : "") + all;
    }
};

std::string name_at(const Layout& layout, std::uint64_t offset) {
    const Segment* segment = layout.segment_at(offset);
    const Section* section = layout.section_at(offset);
    return (segment ? segment->name : "-") + "," + (section ? section->name : "-");
}

Layout program(const Numbers& to) {
    return parse_layout(to.image({
        to.segment("__PAGEZERO", 0, 0x4000, 0, 0),
        to.segment("__TEXT", 0x4000, 0x4000, 0, 0x4000,
                   {to.section("__text", 0x4800, 0x100, 0x800), to.section("__cstring", 0x4900, 0x80, 0x900)}),
        to.segment("__DATA", 0x8000, 0x8000, 0x4000, 0x1000, {to.section("__bss", 0x9000, 0x900, 0x4000, 1)}),
        to.segment("__LINKEDIT", 0x10000, 0x4000, 0x5000, 0x700),
    }));
}

}  // namespace

TEST_CASE("a byte is in the section that holds it, in both widths and byte orders") {
    for (bool big : {false, true})
        for (bool wide : {false, true}) {
            const Layout layout = program({big, wide});
            CHECK(name_at(layout, 0) == "__TEXT,-");
            CHECK(name_at(layout, 0x7ff) == "__TEXT,-");
            CHECK(name_at(layout, 0x800) == "__TEXT,__text");
            CHECK(name_at(layout, 0x8ff) == "__TEXT,__text");
            CHECK(name_at(layout, 0x900) == "__TEXT,__cstring");
            CHECK(name_at(layout, 0x4000) == "__DATA,-");
            CHECK(name_at(layout, 0x56ff) == "__LINKEDIT,-");
            CHECK(name_at(layout, 0x5700) == "-,-");
        }
}

TEST_CASE("an address becomes an offset, but not where no file stands behind it") {
    const Layout layout = program({});
    CHECK(layout.base() == 0x4000);
    CHECK(layout.offset_of(0x4900) == 0x900);
    CHECK(layout.offset_of(0x8fff) == 0x4fff);
    CHECK_FALSE(layout.offset_of(0x9000));  // in memory only
    CHECK_FALSE(layout.offset_of(0));
    CHECK_FALSE(layout.offset_of(0x20000));
}

TEST_CASE("ranges that run past 2^64 neither wrap nor crash") {
    const Numbers to;
    const Layout layout = parse_layout(
        to.image({to.segment("__A", UINT64_MAX - 15, 16, UINT64_MAX - 3, 16, {to.section("__s", 0, UINT64_MAX, 16)})}));
    CHECK(name_at(layout, UINT64_MAX) == "__A,__s");
    CHECK(name_at(layout, 3) == "-,-");
    CHECK(layout.offset_of(UINT64_MAX - 14) == UINT64_MAX - 2);
    CHECK_FALSE(layout.offset_of(UINT64_MAX));
}

TEST_CASE("sections that a segment promises but does not hold are left out") {
    const Numbers to;
    const Layout layout =
        parse_layout(to.image({to.segment("__TEXT", 0, 1, 0, 1, {to.section("__text", 0, 1, 0)}, 0xffffff00)}));
    CHECK(layout.segments.size() == 1);
    CHECK(layout.sections.size() == 1);
}

TEST_CASE("a layout has at most so many segments and sections") {
    const Numbers to;
    const std::string section = to.section("__s", 0, 1, 0);
    const Layout layout = parse_layout(to.image(
        std::vector<std::string>(max_segments + 3, to.segment("__T", 0, 1, 0, 1, std::vector<std::string>(17, section)))));
    CHECK(layout.segments.size() == max_segments);
    CHECK(layout.sections.size() == max_sections);
}

TEST_CASE("every prefix of a program's head has a layout of no more than the whole") {
    const std::string head = support::testdata("a/exe.arm64").substr(0, 2048);
    const Layout whole = parse_layout(head);
    REQUIRE(whole.segments.size() >= 3);
    REQUIRE(whole.section_at(whole.sections.front().file.offset) == &whole.sections.front());
    for (std::size_t size = 0; size < head.size(); ++size)
        REQUIRE(parse_layout(head.substr(0, size)).sections.size() <= whole.sections.size());
}

}  // namespace reseal::layout_test
