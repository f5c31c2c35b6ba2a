// SPDX-License-Identifier: BSL-1.0
// Signed programs that others made (README.md): valid as they came, valid after a rewrite with hits in several pages, and
// under each policy for CMS what that policy promises.
#include "digest/digest.hpp"
#include "real/files.hpp"
#include "support/effort.hpp"
#include "support/oracle.hpp"
#include "support/substitute.hpp"

#include <doctest/doctest.h>

#include <reseal/page_map.hpp>
#include <reseal/place.hpp>
#include <reseal/signature.hpp>
#include <reseal/verify.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace reseal::corpus_test {
using namespace real;

namespace {

/// What a file of the corpus holds: its verdicts as it came, a string of its code, and the least number of 4 KiB pages that
/// a hit of it begins in.
struct Known {
    std::string verdicts;
    std::string from;
    std::size_t pages;
    bool cms;
};

const std::map<std::string, Known> known = {
    {"esbuild", {"valid", "github.com/evanw/esbuild", 53, false}},
    {"rollup.darwin-arm64.node", {"valid", "/rustc/b56aaec52bc0fa355", 2, false}},
    {"biome", {"valid", "/Users/runner/.cargo/", 53, false}},
    {"swc.darwin-arm64.node", {"valid", "/rustc/f5eca4fcfa908d1e0", 3, false}},
    {"fsevents.node", {"unsigned valid", "/System/Library/Frameworks", 2, false}},
    {"libvips-cpp.8.18.7.dylib", {"valid", "/Users/runner/work/sharp", 5, false}},
    {"sentry-cli", {"valid valid", "/Users/runner/.cargo/registry", 92, true}},
    {"node", {"valid", "/Users/iojs/build/ws/out", 562, true}},
};

constexpr std::uint64_t page = 4096;

struct File {
    std::string name;
    Known what;
    std::string bytes;
    reseal::Rule rule;
    std::vector<std::uint64_t> hits;
};

/// One file of the corpus, with a rule of equal length that hits it in several pages.
File open(const std::filesystem::path& path) {
    const auto found = known.find(path.filename());
    REQUIRE_MESSAGE(found != known.end(), path.string() << " has no line in the table of this test");
    File file{found->first, found->second, read_file(path), {}, {}};
    file.rule.from = file.what.from;
    file.rule.to = std::string(file.rule.from.size(), 'x');
    file.rule.to.front() = '/';
    for (std::size_t at = 0; (at = file.bytes.find(file.rule.from, at)) != std::string::npos; at += file.rule.from.size())
        file.hits.push_back(at);
    std::set<std::uint64_t> pages;
    for (std::uint64_t at : file.hits) pages.insert(at / page);
    REQUIRE(pages.size() >= file.what.pages);
    return file;
}

/// The files that are there; what is not is said, once.
std::vector<std::filesystem::path> corpus() {
    const char* variable = std::getenv("RESEAL_CORPUS");
    REQUIRE_MESSAGE(variable != nullptr, "RESEAL_CORPUS is not set; tests/real/with-corpus sets it");
    const std::filesystem::path where = variable;
    std::vector<std::filesystem::path> paths;
    std::set<std::string> there;
    std::istringstream list(read_file(where / "list.tsv"));
    for (std::string package, path; std::getline(list, package, '\t') && std::getline(list, path);) {
        const std::filesystem::path file = where / path;
        there.insert(file.filename());
        if (file.filename() == "node" && !reseal::digest::available(reseal::HashType::sha1)) {
            MESSAGE("not checked, its SHA-1 cannot be had without libcrypto: node");
            continue;
        }
        paths.push_back(file);
    }
    for (const auto& [name, what] : known)
        if (!there.contains(name)) MESSAGE("not checked, not in the corpus: " << name);
    REQUIRE_FALSE(paths.empty());
    if (support::sanitized)  // 100 MB more would go the same way
        std::erase_if(paths, [](const std::filesystem::path& each) { return std::filesystem::file_size(each) > (32U << 20); });
    return paths;
}

/// What others' programs have been running by: nothing in them that only the kernel would mind.
void check_kernel_level(const std::string& bytes) {
    reseal::VerifyOptions options;
    options.level = reseal::Level::kernel;
    options.jobs = 2;
    for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(bytes), options)) {
        CHECK_FALSE(image.bad);
        CHECK(image.notes.empty());
    }
}

constexpr std::size_t chunk_size = 65521;  // a prime near what a pipe gives

using Range = std::pair<std::uint64_t, std::uint64_t>;  ///< first byte, end

/// Two files of one length differ inside of `ranges` only.
bool differ_only_inside(std::string_view a, std::string_view b, const std::vector<Range>& ranges) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && std::none_of(ranges.begin(), ranges.end(), [&](Range r) { return r.first <= i && i < r.second; }))
            return false;
    return true;
}

/// Where LC_CODE_SIGNATURE of the little-endian 64-bit image at `image` says its signature is, from the file's first byte.
Range signature(std::string_view file, std::uint64_t image) {
    auto u32 = [&](std::uint64_t at) {
        std::uint32_t value = 0;
        for (int i = 3; i >= 0; --i)
            value = value << 8 | static_cast<unsigned char>(file.at(at + static_cast<std::uint64_t>(i)));
        return value;
    };
    std::uint64_t at = image + 32;
    for (std::uint32_t left = u32(image + 16); left > 0; --left, at += u32(at + 4))
        if (u32(at) == 0x1d) return {image + u32(at + 8), image + u32(at + 8) + u32(at + 12)};
    return {};
}

std::vector<Range> signatures(std::string_view file) {
    std::vector<Range> ranges;
    for (const support::CheckedImage& image : support::check(file).images) ranges.push_back(signature(file, image.offset));
    return ranges;
}

/// Each CodeDirectory's changed slots are the pages, of its own size, in which a hit lies.
void check_slots(const File& file, const reseal::Report& report) {
    REQUIRE(report.entries.size() == 1);
    CHECK(report.entries[0].positions == file.hits);
    for (const reseal::ImageReport& image : report.entries[0].images) {
        const auto [begin, end] = signature(file.bytes, image.offset);
        for (const reseal::CodeDirectoryReport& directory : image.codedirectories) {
            std::set<std::int64_t> expected;
            for (std::uint64_t at : file.hits)
                if (at >= image.offset && at < begin)
                    for (std::uint64_t i = at; i < at + file.rule.from.size(); ++i)
                        if (file.rule.from[i - at] != file.rule.to[i - at])
                            expected.insert(static_cast<std::int64_t>((i - image.offset) / directory.page_size));
            std::vector<std::int64_t> code;
            for (std::int64_t slot : directory.slots_changed)
                if (slot >= 0) code.push_back(slot);
            CHECK(code == std::vector<std::int64_t>(expected.begin(), expected.end()));
        }
    }
}

}  // namespace

TEST_CASE("every file of the corpus is valid as it came, those with CMS bound") {
    for (const auto& path : corpus()) {
        File file = open(path);
        CAPTURE(file.name);
        CHECK(verdicts(file.bytes) == file.what.verdicts);
        check_kernel_level(file.bytes);
        support::Checked checked = support::check(file.bytes);
        INFO(checked.text());
        CHECK(checked.good_and_signed());
        for (const support::CheckedImage& image : checked.images) {
            CHECK(image.cms == file.what.cms);
            CHECK(image.cms_bound == file.what.cms);
        }
    }
}

TEST_CASE("what is shown of a file of the corpus is what the oracle sees, and none of its pages are stale") {
    for (const auto& path : corpus()) {
        const File file = open(path);
        CAPTURE(file.name);
        const reseal::MemorySource source(file.bytes);
        const reseal::SignatureView shown = reseal::view(source);
        const support::Checked checked = support::check(file.bytes);
        REQUIRE(shown.images.size() == checked.images.size());
        for (std::size_t i = 0; i < checked.images.size(); ++i) {
            const reseal::ImageView& image = shown.images[i];
            CHECK(image.faults.empty());
            CHECK(image.requirements_fault == "");
            CHECK(image.cms.present == checked.images[i].cms);
            CHECK(image.cms.bound == checked.images[i].cms_bound);
            CHECK(image.cms.chain.size() == (image.cms.present ? 3 : 0));
            REQUIRE(image.codedirectories.size() == checked.images[i].directories.size());
            for (std::size_t j = 0; j < image.codedirectories.size(); ++j) {
                CHECK(image.codedirectories[j].cdhash == checked.images[i].directories[j].cdhash);
                CHECK(image.codedirectories[j].code_slots == checked.images[i].directories[j].code_slots);
                CHECK(image.codedirectories[j].fault == "");
            }
        }
        const reseal::PageMap map = reseal::page_map(source);
        REQUIRE(map.size() == shown.images.size());
        for (std::size_t i = 0; i < map.size(); ++i) {
            CHECK(map[i].count(reseal::PageState::stale) == 0);
            CHECK(map[i].count(reseal::PageState::unknown) == 0);
            if (const reseal::CodeDirectoryView* chosen = shown.images[i].chosen())
                CHECK(map[i].count(reseal::PageState::valid) == chosen->code_slots);
        }
    }
}

TEST_CASE("without a match a file of the corpus comes out as it went in") {
    const reseal::Rules rules = one_rule("no program holds this string", "so there is nothing to edit!");
    for (const auto& path : corpus()) {
        File file = open(path);
        CAPTURE(file.name);
        Outcome outcome = rewrite(file.bytes, rules, chunk_size);
        CHECK_FALSE(outcome.refused);
        CHECK(first_difference(outcome.bytes, file.bytes) == file.bytes.size());
        CHECK(outcome.bytes.size() == file.bytes.size());
        CHECK(outcome.report.entries.empty());
        CHECK(outcome.report.findings.empty());
    }
}

TEST_CASE("a file of the corpus without CMS is valid after a rewrite, and differs in hits and slots only") {
    for (const auto& path : corpus()) {
        File file = open(path);
        if (file.what.cms) continue;
        CAPTURE(file.name);
        Outcome outcome = rewrite(file.bytes, one_rule(file.rule.from, file.rule.to), chunk_size);
        REQUIRE_FALSE(outcome.refused);
        CHECK(verdicts(outcome.bytes) == file.what.verdicts);
        support::Checked checked = support::check(outcome.bytes);
        INFO(checked.text());
        CHECK(checked.good_and_signed());
        const std::string naive = support::substitute({file.rule}, file.bytes).bytes;
        CHECK_FALSE(support::check(naive).good());
        CHECK(differ_only_inside(outcome.bytes, naive, signatures(file.bytes)));
        check_slots(file, outcome.report);
        Outcome back = rewrite(outcome.bytes, one_rule(file.rule.to, file.rule.from), chunk_size);
        CHECK(first_difference(back.bytes, file.bytes) == file.bytes.size());
    }
}

TEST_CASE("a place in a file of the corpus: the string that stands there, and whether its page is still what was signed") {
    for (const auto& path : corpus()) {
        File file = open(path);
        CAPTURE(file.name);
        const std::string naive = support::substitute({file.rule}, file.bytes).bytes;
        std::size_t signed_pages = 0;
        for (std::size_t i = 0; i < file.hits.size(); i += 1 + file.hits.size() / 16) {
            const std::optional<reseal::Place> before = reseal::place_at(reseal::MemorySource(file.bytes), file.hits[i]);
            const std::optional<reseal::Place> after = reseal::place_at(reseal::MemorySource(naive), file.hits[i]);
            REQUIRE(before);
            REQUIRE(after);
            CHECK(before->text.find(file.rule.from) != std::string::npos);
            CHECK_FALSE(before->segment.empty());
            CHECK(before->slot == after->slot);
            if (!before->slot) continue;  // one of two slices is not signed
            ++signed_pages;
            CHECK(before->valid == true);
            CHECK(after->valid == false);
        }
        CHECK(signed_pages > 0);
    }
}

TEST_CASE("a CMS-signed file of the corpus is refused unless asked otherwise") {
    for (const auto& path : corpus()) {
        File file = open(path);
        if (!file.what.cms) continue;
        CAPTURE(file.name);
        Outcome outcome = rewrite(file.bytes, one_rule(file.rule.from, file.rule.to), chunk_size);
        CHECK(outcome.refused);
        CHECK(outcome.bytes.size() < file.bytes.size());
        std::size_t errors = 0;
        for (const reseal::Finding& finding : outcome.report.findings)
            if (finding.severity == reseal::Severity::error) {
                CHECK(finding.code == reseal::Code::cms_signed);
                ++errors;
            }
        CHECK(errors == support::check(file.bytes).images.size());  // each image is named, not only the first
        REQUIRE(outcome.report.entries.size() == 1);
        CHECK(outcome.report.entries[0].status == reseal::EntryStatus::refused);
    }
}

TEST_CASE("--cms adhoc makes a consistent ad-hoc signature of a CMS-signed file of the corpus") {
    for (const auto& path : corpus()) {
        File file = open(path);
        if (!file.what.cms) continue;
        CAPTURE(file.name);
        Outcome outcome = rewrite(file.bytes, one_rule(file.rule.from, file.rule.to), chunk_size, CmsPolicy::adhoc);
        REQUIRE_FALSE(outcome.refused);
        CHECK(outcome.bytes.size() == file.bytes.size());
        CHECK(verdicts(outcome.bytes) == file.what.verdicts);
        support::Checked checked = support::check(outcome.bytes);
        INFO(checked.text());
        CHECK(checked.good_and_signed());
        for (const support::CheckedImage& image : checked.images) CHECK_FALSE(image.cms);
        const std::string naive = support::substitute({file.rule}, file.bytes).bytes;
        CHECK(differ_only_inside(outcome.bytes, naive, signatures(file.bytes)));
        check_slots(file, outcome.report);
        for (const reseal::ImageReport& image : outcome.report.entries.at(0).images)
            CHECK(image.status == reseal::ImageStatus::downgraded);
        // No longer CMS-signed: a second rewrite needs no policy.
        Outcome again = rewrite(outcome.bytes, one_rule(file.rule.to, file.rule.from), chunk_size);
        CHECK_FALSE(again.refused);
        CHECK(verdicts(again.bytes) == file.what.verdicts);
    }
}

TEST_CASE("--cms keep repairs every slot of a CMS-signed file of the corpus and leaves the CMS unbound") {
    for (const auto& path : corpus()) {
        File file = open(path);
        if (!file.what.cms) continue;
        CAPTURE(file.name);
        Outcome outcome = rewrite(file.bytes, one_rule(file.rule.from, file.rule.to), chunk_size, CmsPolicy::keep);
        REQUIRE_FALSE(outcome.refused);
        support::Checked checked = support::check(outcome.bytes);
        INFO(checked.text());
        CHECK(checked.good_and_signed());
        for (const support::CheckedImage& image : checked.images) {
            CHECK(image.cms);
            CHECK_FALSE(image.cms_bound);
        }
        for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(outcome.bytes))) {
            CHECK(image.verdict == reseal::Verdict::unbound);
            CHECK(image.bad);
            for (const reseal::CodeDirectoryVerdict& directory : image.codedirectories) CHECK(directory.stale.empty());
        }
        const std::string naive = support::substitute({file.rule}, file.bytes).bytes;
        CHECK(differ_only_inside(outcome.bytes, naive, signatures(file.bytes)));
        check_slots(file, outcome.report);
        // Put back what was there, and the CMS holds again: nothing but hits and slots had changed.
        Outcome back = rewrite(outcome.bytes, one_rule(file.rule.to, file.rule.from), chunk_size, CmsPolicy::keep);
        CHECK(first_difference(back.bytes, file.bytes) == file.bytes.size());
    }
}

}  // namespace reseal::corpus_test
