// SPDX-License-Identifier: BSL-1.0
// New hashes for what is stale, and nothing else.
#include <doctest/doctest.h>

#include <reseal/fix.hpp>
#include <string>

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"
#include "verdicts.hpp"

namespace reseal::fix_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

Fix fixed(const std::string& file, CmsPolicy cms = CmsPolicy::refuse) { return fix(MemorySource(file), cms); }

std::string applied(std::string file, const Fix& fix) {
    for (const Replacement& each : fix.replacements) support::poke(file, each.offset, each.bytes);
    return file;
}

void flip(std::string& bytes, std::uint64_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }

Codes codes(const Fix& fix) {
    Codes out;
    for (const Finding& finding : fix.findings) out.push_back(finding.code);
    return out;
}

ImageSpec with_cms(const support::BlobSpec& cms) {
    ImageSpec spec;
    spec.signature.blobs = {support::requirements("designated => x"), cms};
    primary(spec).flags = 0;
    primary(spec).team = "TEAM123456";
    return spec;
}

/// One file for so many reads, then another one: what somebody writes to meanwhile.
class ChangingSource final : public Source {
public:
    ChangingSource(std::string first, std::string second, std::size_t reads)
        : first_(std::move(first)), second_(std::move(second)), left_(reads) {}

    std::uint64_t size() const override { return first_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        const std::string& now = left_ == 0 ? second_ : first_;
        if (left_ > 0) --left_;
        if (offset >= now.size()) return 0;
        return now.copy(to, count, static_cast<std::size_t>(offset));
    }
    bool changed() const { return left_ == 0; }

private:
    std::string first_, second_;
    mutable std::size_t left_;
};

}  // namespace

TEST_CASE("what was replaced without its hashes does not become the twin") {
    for (const support::NamedFile& file : support::twin_files()) {
        CAPTURE(file.name);
        const std::string naive = support::replaced(file.a, support::path_a, support::path_b);
        const Fix found = fixed(naive);
        if (file.name.find("pre-encryption") != std::string::npos) {  // which of two tables is right, nobody knows afterwards
            CHECK(found.refused());
            continue;
        }
        CHECK_FALSE(found.refused());
        // Whether slot −1 was the section's before, or a file's outside, cannot be told afterwards either.
        if (file.name.find("slot -1") != std::string::npos) CHECK(verdict(applied(naive, found)).verdict == Verdict::valid);
        else CHECK(applied(naive, found) == file.b);
    }
}

TEST_CASE("a right signature is touched") {
    for (const support::NamedFile& file : support::twin_files()) {
        CAPTURE(file.name);
        const Fix found = fixed(file.a);
        CHECK(found.replacements.empty());
        for (const ImageReport& image : found.images) CHECK(image.status == ImageStatus::untouched);
    }
}

TEST_CASE("a slot that was right is reported, or one that was not is not") {
    support::Image image = build(ImageSpec{});
    flip(image.bytes, 2 * 4096 + 7);
    flip(image.bytes, image.slot(4));
    const Fix found = fixed(image.bytes);
    REQUIRE(found.images.size() == 1);
    const ImageReport& report = found.images[0];
    CHECK(report.status == ImageStatus::resealed);
    REQUIRE(report.codedirectories.size() == 1);
    CHECK(report.codedirectories[0].slots_changed == Slots{2, 4});
    CHECK(report.codedirectories[0].cdhash_before == verdict(image.bytes).codedirectories[0].cdhash);
    CHECK(report.codedirectories[0].cdhash_after == verdict(applied(image.bytes, found)).codedirectories[0].cdhash);
    CHECK(report.codedirectories[0].cdhash_before != report.codedirectories[0].cdhash_after);
}

TEST_CASE("a certificate's signature is broken without being asked") {
    support::Image image = build(with_cms(support::bound_cms("cms")));
    CHECK(fixed(image.bytes).replacements.empty());
    CHECK_FALSE(fixed(image.bytes).refused());
    flip(image.bytes, 2 * 4096);
    const Fix found = fixed(image.bytes);
    CHECK(found.refused());
    CHECK(found.replacements.empty());
    CHECK(codes(found) == Codes{Code::cms_signed});
}

TEST_CASE("a downgraded signature is not whole, or not ad-hoc") {
    for (const support::BlobSpec& cms : {support::bound_cms("cms"), support::unbound_cms(std::string(60, 'x'))}) {
        support::Image image = build(with_cms(cms));
        flip(image.bytes, 2 * 4096);
        const Fix found = fixed(image.bytes, CmsPolicy::adhoc);
        REQUIRE(found.images.size() == 1);
        CHECK(found.images[0].status == ImageStatus::downgraded);
        CHECK(found.images[0].codedirectories[0].slots_changed == Slots{-2, 2});
        const std::string out = applied(image.bytes, found);
        CHECK(verdict(out).verdict == Verdict::valid);
        CHECK(support::big32(out, image.directories[0].at + 12) == support::flag_adhoc);
        CHECK(support::big32(out, image.blobs.at(support::slot_cms) + 4) == 8);
        CHECK(out.find("TEAM123456") == std::string::npos);
        CHECK(out.substr(0, image.signature) == image.bytes.substr(0, image.signature));
        CHECK(fixed(out, CmsPolicy::adhoc).replacements.empty());
    }
}

TEST_CASE("a right certificate's signature is downgraded where nothing asks for it") {
    const support::Image image = build(with_cms(support::bound_cms("cms")));
    CHECK(fixed(image.bytes, CmsPolicy::adhoc).images[0].status == ImageStatus::untouched);
}

TEST_CASE("a kept CMS blob is called bound") {
    support::Image image = build(with_cms(support::bound_cms("cms")));
    flip(image.bytes, 2 * 4096);
    const Fix found = fixed(image.bytes, CmsPolicy::keep);
    CHECK(found.images[0].status == ImageStatus::unbound);
    CHECK(verdict(applied(image.bytes, found)).verdict == Verdict::unbound);
}

TEST_CASE("a signature that contradicts itself stays so when it is asked to be ad-hoc, or changes unasked") {
    ImageSpec neither, team, both = with_cms(support::bound_cms("cms"));
    primary(neither).flags = 0;
    primary(team).team = "TEAM123456";
    primary(both).flags = support::flag_adhoc;
    for (const ImageSpec& spec : {neither, team, both}) {
        const std::string file = build(spec).bytes;
        const Fix unasked = fixed(file);
        CHECK(unasked.replacements.empty());
        CHECK_FALSE(unasked.refused());
        CHECK(unasked.findings.size() == 1);  // which tells what would mend it
        const Fix found = fixed(file, CmsPolicy::adhoc);
        CHECK(found.images[0].status == ImageStatus::downgraded);
        const std::string out = applied(file, found);
        CHECK(out != file);
        CHECK(verdict(out).verdict == Verdict::valid);
        CHECK(fixed(out, CmsPolicy::adhoc).images[0].status == ImageStatus::untouched);
        CHECK(fixed(out).findings.empty());
    }
}

TEST_CASE("a file that changes between two looks is asked for slots that are not there any more") {
    support::Image large = build(ImageSpec{}), small;
    ImageSpec spec;
    spec.code_size = 2 * 4096;
    small = build(spec);
    flip(large.bytes, 5 * 4096);  // its last slot is one that the other has not
    bool over = false;
    for (std::size_t reads = 1; !over; ++reads) {
        CAPTURE(reads);
        const ChangingSource source(large.bytes, small.bytes, reads);
        Fix found;
        CHECK_NOTHROW(found = fix(source));
        over = !source.changed();
        if (over) CHECK(verdict(applied(large.bytes, found)).verdict == Verdict::valid);
    }
}

TEST_CASE("what no hash puts right is half mended") {
    ImageSpec unsigned_spec;
    unsigned_spec.has_signature = false;
    ImageSpec odd;
    primary(odd).page_shift = 13;
    support::Image stale = build(ImageSpec{});
    flip(stale.bytes, 4096);
    const std::string short_file = stale.bytes.substr(0, stale.signature + 40);

    CHECK(codes(fixed(build(unsigned_spec).bytes)) == Codes{Code::unsigned_image});
    CHECK(codes(fixed(build(odd).bytes)) == Codes{Code::page_size_unsupported});
    CHECK(codes(fixed(short_file)) == Codes{Code::truncated});
    CHECK(fixed("#!/bin/sh\n").images.empty());

    // Code goes on behind the limit: nobody knows where its last page ended when it was signed.
    ImageSpec cut;
    primary(cut).code_limit = 3 * 4096 + 100;
    support::Image cut_stale = build(cut);
    flip(cut_stale.bytes, 3 * 4096 + 1);
    CHECK(codes(fixed(cut_stale.bytes)) == Codes{Code::code_limit_page});
    flip(cut_stale.bytes, 3 * 4096 + 1);
    flip(cut_stale.bytes, 2 * 4096);
    CHECK(fixed(cut_stale.bytes).images[0].status == ImageStatus::resealed);

    // One slice that could be mended, one that cannot.
    ImageSpec intel = odd;
    intel.cputype = support::cpu_x86_64;
    intel.cpusubtype = 3;
    const Fix both = fixed(support::fat({build(intel), stale}).bytes);
    CHECK(both.refused());
    CHECK(both.replacements.empty());
}

TEST_CASE("slices of different teams: they are fixed as they are, or not even made ad-hoc") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    const std::string file = support::fat({build(intel), build(with_cms(support::bound_cms("somebody")))}).bytes;
    CHECK(codes(fixed(file)) == Codes{Code::teams_differ});
    CHECK(codes(fixed(file, CmsPolicy::keep)) == Codes{Code::teams_differ});
    const Fix found = fixed(file, CmsPolicy::adhoc);
    CHECK_FALSE(found.refused());
    REQUIRE(found.images.size() == 2);
    CHECK(found.images[0].status == ImageStatus::untouched);
    CHECK(found.images[1].status == ImageStatus::downgraded);
    for (const ImageVerdict& each : verdicts(applied(file, found))) CHECK_FALSE(each.bad);
}

}  // namespace reseal::fix_test
