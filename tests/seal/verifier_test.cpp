// SPDX-License-Identifier: BSL-1.0
// The verifier on whole files: what is an image, what must be signed, what was cut short, how much is read.
#include <reseal/verify.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <string>
#include <vector>

#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/testdata.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_test {
using support::testdata;

TEST_CASE("every signed program of testdata is valid, strictly too") {
    for (const char* side : {"a/", "b/"})
        for (const char* file : {"exe.arm64", "exe.x86_64", "dylib.arm64", "bundle.arm64", "info-plist.arm64", "fat", "fat64"})
            for (bool strict : {false, true}) {
                CAPTURE(file);
                const std::vector<ImageVerdict> images = verdicts(testdata(std::string(side) + file), strict);
                CHECK(images.size() == (std::string(file).starts_with("fat") ? 2 : 1));
                for (const ImageVerdict& image : images) {
                    CHECK(image.verdict == Verdict::valid);
                    CHECK_FALSE(image.bad);
                    CHECK(image.problems.empty());
                    REQUIRE(image.codedirectories.size() == 1);
                    CHECK(image.codedirectories[0].hash == HashType::sha256);
                    CHECK(image.codedirectories[0].page_size == 4096);
                    CHECK(image.codedirectories[0].pages > 0);
                    CHECK(image.codedirectories[0].stale.empty());
                }
            }
}

TEST_CASE("a flipped byte makes its own page stale and no other") {
    const std::string good = testdata("a/exe.arm64");
    const auto pages = static_cast<std::int64_t>(verdict(good).codedirectories[0].pages);
    for (std::int64_t page = 1; page < pages; ++page)  // the first one holds the load commands
        for (std::size_t within : {std::size_t{0}, std::size_t{1}, std::size_t{2047}, std::size_t{4095}}) {
            const std::size_t offset = static_cast<std::size_t>(page) * 4096 + within;
            if (page == pages - 1 && within > 0) continue;  // the last page is a short one
            CAPTURE(offset);
            std::string bad = good;
            bad[offset] = static_cast<char>(bad[offset] ^ 1);
            const ImageVerdict image = verdict(bad);
            CHECK(image.verdict == Verdict::stale);
            CHECK(image.bad);
            CHECK(image.codedirectories[0].stale == Slots{page});
            CHECK(codes(image) == Codes{Code::page_stale});
            CHECK(image.problems[0].offset == static_cast<std::uint64_t>(page) * 4096);
        }
}

TEST_CASE("the last page is hashed to the code limit, not to its own end") {
    support::ImageSpec spec;
    const support::Image image = support::build(spec);
    for (std::uint64_t offset : {image.signature - 1, image.signature - 1234}) {
        std::string bad = image.bytes;
        bad[offset] = static_cast<char>(bad[offset] ^ 1);
        CHECK(verdict(bad).codedirectories[0].stale == Slots{5});
    }
    std::string flags = image.bytes;  // the byte behind the code limit, in the same page, is not in it
    flags[image.directories[0].at + 15] = 0;
    CHECK(verdict(flags).verdict == Verdict::valid);
}

TEST_CASE("a problem says which pages, of how many, hashed how") {
    std::string bad = testdata("a/exe.arm64");
    for (std::size_t page : {std::size_t{2}, std::size_t{5}}) bad[page * 4096] = static_cast<char>(bad[page * 4096] ^ 1);
    CHECK(verdict(bad).problems[0].what == "2 of 9 pages: 2, 5; sha256/4096");
    support::ImageSpec spec;
    spec.code_size = 40 * 4096;
    support::Image image = support::build(spec);
    for (std::size_t page = 1; page < 40; ++page) image.bytes[page * 4096] = static_cast<char>(image.bytes[page * 4096] ^ 1);
    CHECK(verdict(image.bytes).problems[0].what ==
          "39 of 40 pages: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …; sha256/4096");
    CHECK(verdict(image.bytes).codedirectories[0].stale.size() == 39);
}

TEST_CASE("what is no Mach-O has no images") {
    CHECK(verdicts("").empty());
    CHECK(verdicts("text").empty());
    CHECK(verdicts("!<arch>\n" + std::string(100, 'x')).empty());
    CHECK(verdicts("\xca\xfe\xba\xbe" + support::be32(52) + support::noise(5000, 1)).empty());  // a Java class, long
    CHECK(verdicts("\xca\xfe\xba\xbe" + support::be32(52) + support::noise(50, 1)).empty());    // … and short
    CHECK(verdicts("\xca\xfe\xba\xbe" + support::be32(0)).empty());
    CHECK(verdicts("\xca\xfe\xba\xbe").empty());
    CHECK(verdicts("\xcf\xfa\xed").empty());
}

TEST_CASE("a slice that is no Mach-O is left out") {
    const support::Image image = support::build(support::ImageSpec{});
    const support::Fat fat = support::fat({{"!<arch>\n" + std::string(100, 'x'), support::cpu_x86_64}, {image}});
    const std::vector<ImageVerdict> images = verdicts(fat.bytes);
    REQUIRE(images.size() == 1);
    CHECK(images[0].offset == fat.offsets[1]);
    CHECK(images[0].verdict == Verdict::valid);
}

TEST_CASE("unsigned: bad for arm64 programs, libraries and plug-ins, fine for everything else") {
    struct Case {
        std::uint32_t cputype, filetype;
        bool bad;
    };
    for (const Case& each : {Case{support::cpu_arm64, 2, true},
                             {support::cpu_arm64, 6, true},
                             {support::cpu_arm64, 8, true},
                             {support::cpu_arm64, 1, false},
                             {support::cpu_arm64, 10, false},
                             {support::cpu_x86_64, 2, false},
                             {support::cpu_x86_64, 6, false},
                             {support::cpu_arm, 2, false}}) {
        CAPTURE(each.cputype);
        CAPTURE(each.filetype);
        support::ImageSpec spec;
        spec.has_signature = false;
        spec.cputype = each.cputype;
        spec.filetype = each.filetype;
        spec.wide = each.cputype != support::cpu_arm;
        const ImageVerdict image = verdict(support::build(spec).bytes);
        CHECK(image.verdict == Verdict::unsigned_);
        CHECK(image.bad == each.bad);
        CHECK(codes(image) == (each.bad ? Codes{Code::unsigned_image} : Codes{}));
        CHECK(image.codedirectories.empty());
    }
    CHECK(verdict(testdata("a/unsigned.arm64")).bad);
    CHECK_FALSE(verdict(testdata("a/unsigned.x86_64")).bad);
}

TEST_CASE("a half-signed universal file is fine") {
    const std::vector<ImageVerdict> images = verdicts(testdata("a/half-signed"));
    REQUIRE(images.size() == 2);
    CHECK(images[0].arch == "x86_64");
    CHECK(images[0].verdict == Verdict::unsigned_);
    CHECK_FALSE(images[0].bad);
    CHECK(images[1].arch == "arm64");
    CHECK(images[1].verdict == Verdict::valid);
}

TEST_CASE("one broken slice does not taint its neighbour; offsets count from the file's first byte") {
    std::string file = testdata("a/fat");
    const std::vector<ImageVerdict> good = verdicts(file);
    file[good[1].offset + 4096 + 7] = static_cast<char>(file[good[1].offset + 4096 + 7] ^ 1);
    const std::vector<ImageVerdict> images = verdicts(file);
    REQUIRE(images.size() == 2);
    CHECK(images[0] == good[0]);
    CHECK(images[1].verdict == Verdict::stale);
    CHECK(images[1].codedirectories[0].stale == Slots{1});
    CHECK(images[1].problems[0].offset == good[1].offset + 4096);
}

TEST_CASE("a table of slices that does not hold together is one bad image") {
    support::FatSpec spec;
    spec.slices = {support::build(support::ImageSpec{}), support::build(support::ImageSpec{})};  // one architecture twice
    const ImageVerdict image = verdict(support::build(spec).bytes);
    CHECK(image.arch == "fat");
    CHECK(image.offset == 0);
    CHECK(image.verdict == Verdict::malformed);
    CHECK(image.bad);
    CHECK(codes(image) == Codes{Code::fat_malformed});
}

TEST_CASE("a file cut short") {
    const std::string thin = testdata("a/exe.arm64");
    SUBCASE("within the signature") {
        const ImageVerdict image = verdict(thin.substr(0, thin.size() - 1));
        CHECK(image.verdict == Verdict::malformed);
        CHECK(codes(image) == Codes{Code::truncated});
        CHECK(image.problems[0].offset == thin.size() - 1);
    }
    SUBCASE("within the code") { CHECK(codes(verdict(thin.substr(0, 10000))) == Codes{Code::truncated}); }
    SUBCASE("within the load commands") {
        CHECK(codes(verdict(thin.substr(0, 100))) == Codes{Code::commands_malformed});
        CHECK(codes(verdict(thin.substr(0, 4))) == Codes{Code::commands_malformed});
    }
    SUBCASE("within a slice") {
        const std::string fat = testdata("a/fat");
        const std::vector<ImageVerdict> images = verdicts(fat.substr(0, fat.size() - 1));
        REQUIRE(images.size() == 2);
        CHECK(images[0].verdict == Verdict::valid);
        CHECK(codes(images[1]) == Codes{Code::truncated});
        CHECK(images[1].arch == "arm64");
    }
    SUBCASE("before a slice") {
        const std::vector<ImageVerdict> images = verdicts(testdata("a/fat").substr(0, 100));
        REQUIRE(images.size() == 2);
        CHECK(codes(images[0]) == Codes{Code::truncated});
        CHECK(codes(images[1]) == Codes{Code::truncated});
    }
    SUBCASE("within the table of slices") {
        const ImageVerdict image = verdict(testdata("a/fat").substr(0, 47));
        CHECK(image.arch == "fat");
        CHECK(codes(image) == Codes{Code::truncated});
    }
}

TEST_CASE("a signature past its slice is malformed, not truncated: the file goes on") {
    const support::Image image = support::build(support::ImageSpec{});
    support::SliceSpec slice = image;
    slice.size = image.bytes.size() - 1;
    const ImageVerdict found = verdict(support::fat({slice}).bytes);
    CHECK(found.verdict == Verdict::malformed);
    CHECK(codes(found) == Codes{Code::signature_range});
}

TEST_CASE("load commands that do not parse are malformed, not absent") {
    std::string file = testdata("a/exe.arm64");
    file[36] = 1;  // cmdsize of the first command
    const ImageVerdict image = verdict(file);
    CHECK(image.verdict == Verdict::malformed);
    CHECK(image.bad);
    CHECK(codes(image) == Codes{Code::commands_malformed});
}

TEST_CASE("what the header rules out") {
    struct Case {
        const char* name;
        void (*change)(support::ImageSpec&);
        Verdict verdict;
        Code code;
    };
    const Case cases[] = {
        {"encrypted", [](support::ImageSpec& s) { s.cryptid = 1; }, Verdict::unsupported, Code::encrypted},
        {"two signatures", [](support::ImageSpec& s) { s.signature_commands = 2; }, Verdict::malformed, Code::two_signatures},
        {"cmdsize", [](support::ImageSpec& s) { s.signature_cmdsize = 24; }, Verdict::malformed, Code::signature_command},
        {"dataoff", [](support::ImageSpec& s) { s.signature_dataoff = 16; }, Verdict::malformed, Code::signature_range},
        {"datasize", [](support::ImageSpec& s) { s.signature_datasize = 0; }, Verdict::malformed, Code::signature_range},
        {"datasize of more than we keep", [](support::ImageSpec& s) { s.signature_datasize = (64 << 20) + 1; },
         Verdict::unsupported, Code::signature_too_large},
        {"dataoff behind the signature", [](support::ImageSpec& s) { s.signature_dataoff = 0x7fffffff; }, Verdict::malformed,
         Code::truncated},
        {"dataoff before the code", [](support::ImageSpec& s) { s.signature_dataoff = 8192; }, Verdict::malformed,
         Code::signature_before_code},
    };
    for (const Case& each : cases) {
        CAPTURE(each.name);
        support::ImageSpec spec;
        each.change(spec);
        const ImageVerdict image = verdict(support::build(spec).bytes);
        CHECK(image.verdict == each.verdict);
        CHECK(image.bad);
        REQUIRE_FALSE(image.problems.empty());
        CHECK(image.problems[0].code == each.code);
        // The kernel alone goes on behind a signature that stands too early.
        CHECK((image.problems.size() == 1) == (each.code != Code::signature_before_code));
    }
}

TEST_CASE("cryptid 0 is not encrypted") {
    support::ImageSpec spec;
    spec.cryptid = 0;
    CHECK(verdict(support::build(spec).bytes).verdict == Verdict::valid);
}

TEST_CASE("datasize below the SuperBlob's length") {
    support::ImageSpec spec;
    const std::uint64_t size = support::build(spec).bytes.size() - support::build(spec).signature;
    spec.signature_datasize = static_cast<std::uint32_t>(size - 16);
    const ImageVerdict image = verdict(support::build(spec).bytes);
    CHECK(image.verdict == Verdict::malformed);
    CHECK(codes(image) == Codes{Code::superblob_malformed});
    CHECK(image.problems[0].offset == support::build(spec).signature + 4);
}

namespace {

/// Counts what is read, and may end early or fail.
class ProbedSource final : public Source {
public:
    explicit ProbedSource(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        if (offset + count > fails_from) throw Error(ErrorCode::io, "the disk has a scratch");
        most = std::max(most, count);
        total += count;
        const std::size_t got = MemorySource(std::string_view(bytes_).substr(0, ends_at)).read_at(offset, to, count);
        if (offset >= shrinks_to) ends_at = shrinks_to;
        return got;
    }

    mutable std::size_t ends_at = std::string::npos;  ///< cut short after size() was asked
    std::size_t shrinks_to = std::string::npos;       ///< cut short to that once bytes behind it were read
    std::uint64_t fails_from = ~std::uint64_t{0};
    mutable std::size_t most = 0;
    mutable std::uint64_t total = 0;

private:
    std::string bytes_;
};

support::Image large() {
    support::ImageSpec spec;
    spec.code_size = 3'000'000;
    support::primary(spec).hash_type = 3;
    support::DirectorySpec alternate;
    alternate.slot = 0x1000;
    spec.signature.directories.push_back(alternate);
    return support::build(spec);
}

}  // namespace

TEST_CASE("the code is read once for all CodeDirectories, a block at a time") {
    const support::Image image = large();
    const ProbedSource source(image.bytes);
    const std::vector<ImageVerdict> images = verify(source);
    REQUIRE(images.size() == 1);
    CHECK(images[0].verdict == Verdict::valid);
    CHECK(images[0].codedirectories.size() == 2);
    CHECK(source.most <= std::max<std::size_t>(1 << 20, image.bytes.size() - image.signature));
    CHECK(source.total <= image.bytes.size() + 8192);
}

TEST_CASE("a file that becomes shorter while it is read") {
    const support::Image image = large();
    ProbedSource source(image.bytes);
    SUBCASE("in its signature") { source.ends_at = image.bytes.size() - 1; }
    SUBCASE("in its code") { source.ends_at = 2'000'000; }
    SUBCASE("in its code, when the signature had been read") { source.shrinks_to = 2'000'000; }
    const std::vector<ImageVerdict> images = verify(source);
    REQUIRE(images.size() == 1);
    CHECK(images[0].verdict == Verdict::malformed);
    CHECK(codes(images[0]).front() == Code::truncated);
}

TEST_CASE("an error of the source passes through") {
    ProbedSource source(large().bytes);
    SUBCASE("in the load commands") { source.fails_from = 64; }
    SUBCASE("in the code") { source.fails_from = 1'500'000; }
    CHECK_THROWS_AS(verify(source), Error);
}

namespace {

/// One slice, far behind a table of slices: a file of more than 4 GiB that takes no room.
class FarSource final : public Source {
public:
    FarSource(std::string table, std::uint64_t offset, std::string slice)
        : table_(std::move(table)), offset_(offset), slice_(std::move(slice)) {}
    std::uint64_t size() const override { return offset_ + slice_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size() - std::min(size(), offset)));
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t at = offset + i;
            to[i] = at < table_.size() ? table_[at] : at >= offset_ ? slice_[at - offset_] : '\0';
        }
        return count;
    }

private:
    std::string table_;
    std::uint64_t offset_;
    std::string slice_;
};

}  // namespace

TEST_CASE("a slice beyond 4 GiB") {
    const std::uint64_t offset = 0x1'8000'0000;
    std::string slice = support::build(support::ImageSpec{}).bytes;
    const std::string table = support::be32(0xcafebabf) + support::be32(1) + support::be32(support::cpu_arm64) +
                              support::be32(0) + support::be64(offset) + support::be64(slice.size()) + support::be32(14) +
                              support::be32(0);
    CHECK(verify(FarSource(table, offset, slice)).at(0).verdict == Verdict::valid);
    slice[5000] = static_cast<char>(slice[5000] ^ 1);
    const ImageVerdict image = verify(FarSource(table, offset, slice)).at(0);
    CHECK(image.offset == offset);
    CHECK(image.codedirectories[0].stale == Slots{1});
    CHECK(image.problems[0].offset == offset + 4096);
}

}  // namespace reseal::verifier_test
