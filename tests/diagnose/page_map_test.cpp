// SPDX-License-Identifier: BSL-1.0
// Page maps: which pages are which, against the verifier and by hand; cells; parts.
#include <reseal/page_map.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <reseal/rewriter.hpp>
#include <reseal/verify.hpp>

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace reseal::page_map_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

constexpr PageState valid = PageState::valid, stale = PageState::stale, touched = PageState::touched,
                    not_covered = PageState::not_covered, unknown = PageState::unknown;

using Runs = std::vector<PageRun>;

ImagePageMap only_map(const std::string& file, const std::vector<ByteRange>& ranges = {}) {
    PageMap maps = page_map(MemorySource(file), ranges);
    REQUIRE(maps.size() == 1);
    return maps.front();
}

std::vector<std::int64_t> stale_pages(const ImagePageMap& map) {
    std::vector<std::int64_t> pages;
    for (const PageRun& run : map.runs)
        for (std::uint64_t i = 0; run.state == stale && i < run.count; ++i)
            pages.push_back(static_cast<std::int64_t>(run.first + i));
    return pages;
}

/// Every page once, in order, and no two runs that could be one.
void check_runs(const ImagePageMap& map) {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < map.runs.size(); ++i) {
        CHECK(map.runs[i].first == at);
        CHECK(map.runs[i].count > 0);
        if (i > 0) CHECK(map.runs[i].state != map.runs[i - 1].state);
        at += map.runs[i].count;
    }
    CHECK(at == (map.size + map.page_size - 1) / map.page_size);
}

ImagePageMap map_of(std::uint64_t pages, Runs runs, std::vector<PageMapPart> parts = {}) {
    ImagePageMap map;
    map.page_size = 4096;
    map.size = pages * 4096;
    map.runs = std::move(runs);
    map.parts = std::move(parts);
    return map;
}

std::string states(const std::vector<PageCell>& cells) {
    std::string out;
    for (const PageCell& cell : cells) out += "=Xo.?"[static_cast<int>(cell.state)];
    return out;
}

}  // namespace

TEST_CASE("a valid page is not shown as one, or what follows the code as covered") {
    ImageSpec spec;
    spec.signature.padding = std::string(9000, 'p');
    const support::Image built = build(spec);
    const ImagePageMap map = only_map(built.bytes);
    CHECK(map.arch == "arm64");
    CHECK(map.page_size == 4096);
    CHECK(map.code_limit == built.signature);
    CHECK(map.size == built.bytes.size());
    check_runs(map);
    CHECK(map.runs == Runs{{0, 6, valid}, {6, map.pages() - 6, not_covered}});
    CHECK(map.count(valid) == 6);
}

TEST_CASE("stale pages are others than the verifier says, whatever the shape") {
    for (const support::Shape& shape : support::shapes()) {
        CAPTURE(shape.name);
        support::Image built = build(shape.spec);
        for (std::uint64_t at : {std::uint64_t{1800}, built.signature / 2, built.signature - 1})
            support::poke(built.bytes, at, "?");
        const ImagePageMap map = only_map(built.bytes);
        check_runs(map);
        const ImageVerdict verdict = verify(MemorySource(built.bytes)).at(0);
        const auto chosen = std::find_if(verdict.codedirectories.begin(), verdict.codedirectories.end(),
                                         [](const CodeDirectoryVerdict& each) { return each.chosen; });
        REQUIRE(chosen != verdict.codedirectories.end());
        CHECK(map.page_size == chosen->page_size);
        std::vector<std::int64_t> wanted = chosen->stale;
        std::erase_if(wanted, [](std::int64_t slot) { return slot < 0; });
        CHECK(stale_pages(map) == wanted);
        CHECK_FALSE(wanted.empty());
    }
}

TEST_CASE("a scatter list moves the pages of its slots") {
    ImageSpec spec;
    spec.code_size = 10 * 4096;
    primary(spec).scatter = {{2, 1}, {3, 6}};
    std::string file = build(spec).bytes;
    CHECK(only_map(file).runs.front() == PageRun{0, 1, not_covered});
    support::poke(file, 7 * 4096 + 5, "?");
    const ImagePageMap map = only_map(file);
    check_runs(map);
    CHECK(stale_pages(map) == std::vector<std::int64_t>{7});
    CHECK(map.count(valid) == 4);
}

TEST_CASE("touched pages hide stale ones, or bytes that touch none count") {
    ImageSpec spec;
    std::string file = build(spec).bytes;
    support::poke(file, 2 * 4096, "?");
    const ImagePageMap map =
        only_map(file, {{3 * 4096 - 1, 2}, {100, 0}, {5000, 10}, {4096, 4096}, {1'000'000, 5}, {UINT64_MAX, UINT64_MAX}});
    check_runs(map);
    CHECK(map.runs == Runs{{0, 1, valid}, {1, 1, touched}, {2, 1, stale}, {3, 1, touched}, {4, 2, valid}});
}

TEST_CASE("a range of the file is taken for one of the slice") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64, intel.cpusubtype = 3;
    const support::Fat fat = support::fat({build(intel), build(ImageSpec{})});
    const std::vector<ByteRange> ranges = {{fat.offsets.at(1) + 4096, 1}};
    const PageMap maps = page_map(MemorySource(fat.bytes), ranges);
    REQUIRE(maps.size() == 2);
    CHECK(maps[0].count(touched) == 0);
    CHECK(maps[1].offset == fat.offsets.at(1));
    CHECK(maps[1].runs.at(1) == PageRun{1, 1, touched});
}

TEST_CASE("without a signature pages are covered, and with a damaged one known") {
    ImageSpec spec;
    spec.has_signature = false;
    CHECK(only_map(build(spec).bytes).runs == Runs{{0, 6, not_covered}});
    const support::Image built = build(ImageSpec{});
    const ImagePageMap damaged = only_map(support::poked(built.bytes, built.signature, "????"));
    CHECK(damaged.count(unknown) == damaged.pages());
    CHECK(page_map(MemorySource("no program")).empty());
}

TEST_CASE("a part has another place than its section, or none") {
    const ImagePageMap map = only_map(support::testdata("a/exe.arm64"));
    std::vector<std::string> labels;
    for (const PageMapPart& part : map.parts) labels.push_back(part.label());
    CHECK(labels == std::vector<std::string>{"header", "__TEXT,__text", "__TEXT,__stubs", "__TEXT,__cstring", "__TEXT,__const",
                                             "__DATA_CONST,__got", "__LINKEDIT", "signature"});
    for (const PageMapPart& part : map.parts) CHECK(part.offset + part.size <= map.size);
    const PageMapPart& linkedit = map.parts[6];
    const PageMapPart& signature = map.parts[7];
    CHECK(linkedit.offset + linkedit.size == signature.offset);
    CHECK(signature.offset + signature.size == map.size);
}

TEST_CASE("cells hide a stale page among others") {
    const ImagePageMap map =
        map_of(20, {{0, 3, valid}, {3, 1, stale}, {4, 5, valid}, {9, 1, touched}, {10, 7, unknown}, {17, 3, not_covered}});
    CHECK(pages_per_cell(map, 20) == 1);
    CHECK(pages_per_cell(map, 19) == 2);
    CHECK(pages_per_cell(map, 5) == 4);
    CHECK(pages_per_cell(map, 1) == 32);
    CHECK(states(page_cells(map, 1)) == "===X=====o???????...");
    CHECK(states(page_cells(map, 4)) == "X=o??");
    CHECK(states(page_cells(map, 32)) == "X");
    CHECK(page_cells(map_of(0, {}), 1).empty());
}

TEST_CASE("a cell lies in another part than most of its bytes") {
    const ImagePageMap map =
        map_of(4, {{0, 4, valid}}, {{"", "header", 0, 1000}, {"__TEXT", "__text", 1000, 7000}, {"__DATA", "", 8192, 8192}});
    const std::vector<PageCell> cells = page_cells(map, 1);
    REQUIRE(cells.size() == 4);
    CHECK(cells[0].part == 1);
    CHECK(cells[1].part == 1);
    CHECK(cells[2].part == 2);
    CHECK(page_cells(map, 4).at(0).part == 2);
    CHECK(page_cells(map_of(1, {{0, 1, valid}}), 1).at(0).part == PageCell::no_part);
}

TEST_CASE("an image that says it is huge takes memory") {
    class Sparse final : public Source {
    public:
        explicit Sparse(std::string head) : head_(std::move(head)) {}
        std::uint64_t size() const override { return std::uint64_t{1} << 62; }
        std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
            const std::size_t there = MemorySource(head_).read_at(offset, to, count);
            std::fill(to + there, to + count, '\0');
            return count;
        }

    private:
        std::string head_;
    };
    ImageSpec spec;
    spec.has_signature = false;
    const PageMap maps = page_map(Sparse(build(spec).bytes));
    REQUIRE(maps.size() == 1);
    CHECK(maps[0].runs == Runs{{0, std::uint64_t{1} << 50, not_covered}});
    CHECK(page_cells(maps[0], pages_per_cell(maps[0], 1000)).size() <= 1000);
}

TEST_CASE("a rewrite's report names other pages than those that were touched") {
    const std::string file = build(support::with_path_in_code(support::path_a)).bytes;
    const support::Rewritten run = support::rewrite(Rules({{support::path_a, support::path_b}}), file, Options{});
    REQUIRE_FALSE(run.refused());
    const PageMap from_report = page_map(run.report);
    REQUIRE(from_report.size() == 1);
    CHECK(from_report[0].count(touched) == 6);  // the load command, and as with_path_in_code() says
    CHECK(from_report[0].pages() == 6);
    CHECK(from_report[0].path == "");
    const PageMap from_file = page_map(MemorySource(run.output), touched_ranges(run.report.entries.at(0)));
    REQUIRE(from_file.size() == 1);
    CHECK(from_file[0].count(touched) == 6);
    CHECK(from_file[0].count(stale) == 0);
}

TEST_CASE("of a rewrite, the slot of a scattered page is taken for the page") {
    const std::string all = build(support::with_path_in_code(support::path_a)).bytes;
    ImageSpec spec = support::with_path_in_code(support::path_a);
    const std::uint64_t pages = (spec.code_size + 4095) / 4096;
    primary(spec).scatter = {{static_cast<std::uint32_t>(pages - 2), 2}};  // the path in the load command is not covered
    const std::string file = build(spec).bytes;
    const support::Rewritten run = support::rewrite(Rules({{support::path_a, support::path_b}}), file, Options{});
    REQUIRE_FALSE(run.refused());
    const PageMap from_file = page_map(MemorySource(run.output), touched_ranges(run.report.entries.at(0)));
    REQUIRE(from_file.size() == 1);
    const support::Rewritten whole = support::rewrite(Rules({{support::path_a, support::path_b}}), all, Options{});
    CHECK(whole.report.entries.at(0).images.at(0).codedirectories.at(0).scatter.empty());
    std::vector<std::uint64_t> expected;
    for (std::int64_t page : whole.report.entries.at(0).images.at(0).codedirectories.at(0).slots_changed)
        if (page >= 2) expected.push_back(static_cast<std::uint64_t>(page));
    for (const PageMap& map : {from_file, page_map(run.report)}) {
        std::vector<std::uint64_t> found;
        for (const PageRun& each : map.at(0).runs)
            for (std::uint64_t i = 0; each.state == touched && i < each.count; ++i) found.push_back(each.first + i);
        CHECK(found == expected);
    }
}

}  // namespace reseal::page_map_test
