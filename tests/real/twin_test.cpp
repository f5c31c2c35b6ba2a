// SPDX-License-Identifier: BSL-1.0
// Law 5 over testdata: each file was built for path A and for path B; rewriting the one has to give the other.
#include "real/files.hpp"
#include "support/chunks.hpp"
#include "support/oracle.hpp"
#include "support/substitute.hpp"
#include "support/testdata.hpp"

#include <doctest/doctest.h>

#include <reseal/verify.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace reseal::twin_test {
using namespace real;

namespace {

/// The verdicts of each file of testdata/a and of its twin.
const std::map<std::string, std::string> expected = {
    {"bundle.arm64", "valid"},         {"dylib.arm64", "valid"},      {"exe.arm64", "valid"},
    {"exe.x86_64", "valid"},           {"fat", "valid valid"},        {"fat64", "valid valid"},
    {"half-signed", "unsigned valid"}, {"info-plist.arm64", "valid"}, {"unsigned.arm64", "unsigned"},
    {"unsigned.x86_64", "unsigned"},
};

struct Twins {
    reseal::Rule rule = reseal::parse_rules(support::testdata("a-to-b.rules"), "a-to-b.rules").at(0);
    reseal::Rules there = one_rule(rule.from, rule.to);
    reseal::Rules back = one_rule(rule.to, rule.from);
    std::string a(const std::string& name) const { return support::testdata("a/" + name); }
    std::string b(const std::string& name) const { return support::testdata("b/" + name); }
};

/// Pages of the image at `offset` in which two files of one length differ, up to its last page.
std::set<std::int64_t> different_pages(std::string_view a, std::string_view b, const reseal::ImageReport& image,
                                       const reseal::CodeDirectoryVerdict& directory) {
    std::set<std::int64_t> pages;
    const std::uint64_t end = std::min<std::uint64_t>(a.size(), image.offset + directory.pages * directory.page_size);
    for (std::uint64_t i = image.offset; i < end; ++i)
        if (a[i] != b[i]) pages.insert(static_cast<std::int64_t>((i - image.offset) / directory.page_size));
    return pages;
}

}  // namespace

TEST_CASE("every file of testdata is in the table, and its twin beside it") {
    for (const std::string side : {"a", "b"}) {
        std::vector<std::string> named;
        for (const auto& [name, verdict] : expected) named.push_back(std::string(side).append("/").append(name));
        CHECK(support::testdata_files(side) == named);
    }
}

TEST_CASE("a program built for one path becomes, byte for byte, the one built for the other") {
    Twins twins;
    for (const auto& [name, verdict] : expected) {
        CAPTURE(name);
        const std::string a = twins.a(name), b = twins.b(name);
        REQUIRE(a.size() == b.size());
        REQUIRE(a != b);
        for (const std::size_t chunk_size : support::chunkings) {
            CAPTURE(chunk_size);
            Outcome there = rewrite(a, twins.there, chunk_size);
            CHECK_FALSE(there.refused);
            CHECK(there.bytes.size() == b.size());
            CHECK(first_difference(there.bytes, b) == b.size());
            CHECK(there.report.bytes_out == b.size());
            Outcome back = rewrite(b, twins.back, chunk_size);
            CHECK_FALSE(back.refused);
            CHECK(first_difference(back.bytes, a) == a.size());
        }
    }
}

TEST_CASE("both twins are as valid as their makers left them, and verify agrees with the tests' own oracle") {
    Twins twins;
    for (const auto& [name, verdict] : expected)
        for (const std::string& file : {twins.a(name), twins.b(name)}) {
            CAPTURE(name);
            CHECK(verdicts(file) == verdict);
            support::Checked checked = support::check(file);
            INFO(checked.text());
            CHECK(checked.good());
            CHECK(checked.good_and_signed() == (verdict.find("valid") != std::string::npos));
        }
}

TEST_CASE("plain substitution leaves every touched page stale, or the tests above would prove nothing") {
    Twins twins;
    for (const auto& [name, verdict] : expected) {
        CAPTURE(name);
        if (verdict.find("valid") == std::string::npos) continue;
        const std::string naive = support::substitute({twins.rule}, twins.a(name)).bytes;
        CHECK(naive != twins.b(name));
        CHECK_FALSE(support::check(naive).good());
        for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(naive)))
            if (image.verdict != reseal::Verdict::unsigned_) {
                CHECK(image.verdict == reseal::Verdict::stale);
                CHECK(image.bad);
            }
    }
}

TEST_CASE("the report names the pages in which the twins differ, no others") {
    Twins twins;
    for (const auto& [name, verdict] : expected) {
        CAPTURE(name);
        const std::string a = twins.a(name), b = twins.b(name);
        const Outcome there = rewrite(a, twins.there, 4096);
        const std::vector<reseal::ImageVerdict> images = reseal::verify(reseal::MemorySource(a));
        REQUIRE(there.report.entries.size() == 1);
        const reseal::EntryReport& entry = there.report.entries[0];
        REQUIRE(entry.images.size() == images.size());
        CHECK(entry.substitutions == entry.positions.size());
        CHECK(there.report.hits == std::vector<std::uint64_t>{entry.substitutions});
        for (std::uint64_t at : entry.positions)
            CHECK(std::string_view(a).substr(at, twins.rule.from.size()) == twins.rule.from);
        for (std::size_t i = 0; i < images.size(); ++i) {
            CAPTURE(i);
            CHECK(entry.images[i].offset == images[i].offset);
            CHECK(entry.images[i].arch == images[i].arch);
            REQUIRE(entry.images[i].codedirectories.size() == images[i].codedirectories.size());
            if (images[i].codedirectories.empty()) {
                CHECK(entry.images[i].status == reseal::ImageStatus::unsigned_);
                continue;
            }
            CHECK(entry.images[i].status == reseal::ImageStatus::resealed);
            const reseal::CodeDirectoryReport& changed = entry.images[i].codedirectories[0];
            const std::set<std::int64_t> pages = different_pages(a, b, entry.images[i], images[i].codedirectories[0]);
            CHECK(std::set<std::int64_t>(changed.slots_changed.begin(), changed.slots_changed.end()) == pages);
            CHECK(changed.slots_changed.size() == pages.size());
            CHECK(pages.size() >= 4);
            CHECK(pages.size() < images[i].codedirectories[0].pages);  // some are untouched, and stay so
            CHECK(changed.cdhash_before == images[i].codedirectories[0].cdhash);
        }
    }
}

}  // namespace reseal::twin_test
