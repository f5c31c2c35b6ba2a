// SPDX-License-Identifier: BSL-1.0
// The kernel's level, rule by rule: what xnu minds, what it does not although we would refuse to touch such an image, and what
// only it minds.
#include <doctest/doctest.h>

#include <string>

#include "digest/digest.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_kernel_test {
using support::be32;
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

/// Nobody else would load it either.
void check_refused(const std::string& file, Code code, Verdict expected = Verdict::malformed) {
    const ImageVerdict kernel = kernel_verdict(file);
    CHECK(kernel.verdict == expected);
    CHECK(kernel.bad);
    CHECK(codes(kernel) == Codes{code});
    CHECK(layers(kernel) == std::vector{Layer::kernel});
    const ImageVerdict all = verdict(file);
    REQUIRE(all.problems.size() == 1);
    CHECK(all.problems[0].layer == Layer::kernel);
}

/// We are stricter, the kernel takes it.
void check_taken(const std::string& file, Code code) {
    const ImageVerdict kernel = kernel_verdict(file);
    CHECK(kernel.verdict == Verdict::valid);
    CHECK_FALSE(kernel.bad);
    REQUIRE(kernel.codedirectories.size() == 1);
    CHECK(kernel.codedirectories[0].chosen);
    CHECK(codes(verdict(file)) == Codes{code});
    CHECK(layers(verdict(file)) == std::vector{Layer::codesign});
}

/// Only the kernel minds, so it is only asked at its level.
void check_kernel_only(const std::string& file, Code code) {
    CHECK_FALSE(verdict(file).bad);
    const ImageVerdict kernel = kernel_verdict(file);
    CHECK(kernel.bad);
    CHECK(codes(kernel) == Codes{code});
}

std::string poked(std::string bytes, std::uint64_t at, const std::string& with) {
    support::poke(bytes, at, with);
    return bytes;
}

ImageSpec with_pages(unsigned shift, std::uint32_t cpu = support::cpu_arm64) {
    ImageSpec spec;
    spec.cputype = cpu;
    primary(spec).page_shift = shift;
    return spec;
}

ImageSpec two_directories(std::uint8_t first, std::uint8_t second) {
    ImageSpec spec;
    primary(spec).hash_type = first;
    spec.signature.directories.push_back(primary(spec));
    spec.signature.directories[1].slot = support::slot_alternate;
    spec.signature.directories[1].hash_type = second;
    return spec;
}

}  // namespace

TEST_CASE("kernel: pages of 4096 and 16384 bytes, and no others") {
    CHECK_FALSE(kernel_verdict(build(with_pages(12)).bytes).bad);
    CHECK_FALSE(kernel_verdict(build(with_pages(14)).bytes).bad);
    for (unsigned shift : {0U, 11U, 13U, 15U, 31U, 63U, 255U}) {
        CAPTURE(shift);
        check_refused(build(with_pages(shift)).bytes, Code::page_size_unsupported, Verdict::unsupported);
    }
}

TEST_CASE("kernel: pages of 16384 bytes only where the processor has them") {
    check_refused(build(with_pages(14, support::cpu_x86_64)).bytes, Code::page_size_misplaced, Verdict::unsupported);
    ImageSpec narrow = with_pages(14, support::cpu_x86);
    narrow.wide = false;
    check_refused(build(narrow).bytes, Code::page_size_misplaced, Verdict::unsupported);
}

TEST_CASE("kernel: the page size of a CodeDirectory that it passes over counts too") {
    ImageSpec spec = two_directories(2, 3);
    spec.signature.directories[1].page_shift = 13;
    check_refused(build(spec).bytes, Code::page_size_unsupported, Verdict::unsupported);
}

TEST_CASE("kernel: pages of 16384 bytes in a slice that does not begin at one make it panic") {
    support::FatSpec spec;
    spec.align = 12;
    spec.slices = {build(with_pages(14))};
    const std::string file = build(spec).bytes;
    const ImageVerdict kernel = kernel_verdict(file);
    CHECK(codes(kernel) == Codes{Code::fat_unloadable, Code::page_size_misplaced});
    CHECK(kernel.problems[1].what.find("panics") != std::string::npos);
    REQUIRE(verdict(file).problems.size() == 1);
    CHECK(verdict(file).problems[0].layer == Layer::kernel);
}

TEST_CASE("kernel: the page size of a CodeDirectory that it passes over makes nobody panic") {
    ImageSpec image = two_directories(2, 3);
    image.filetype = 1;  // one that nobody maps
    image.signature.directories[1].page_shift = 14;
    support::FatSpec spec;
    spec.align = 12;
    spec.slices = {build(image)};
    check_taken(build(spec).bytes, Code::page_size_misplaced);
}

TEST_CASE("kernel: a slice that begins within a page of the system cannot be mapped") {
    support::FatSpec spec;
    spec.align = 12;
    spec.slices = {build(ImageSpec{})};
    check_kernel_only(build(spec).bytes, Code::fat_unloadable);
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    spec.slices = {build(intel)};
    CHECK_FALSE(kernel_verdict(build(spec).bytes).bad);
}

TEST_CASE("kernel: a CodeDirectory of less than 108 bytes") {
    ImageSpec spec;
    spec.code_size = 1000;
    primary(spec).version = 0x20100;
    primary(spec).identifier = "a";
    primary(spec).hash_type = 3;
    const support::Image image = build(spec);
    REQUIRE(image.directories[0].length < 108);
    check_refused(image.bytes, Code::codedirectory_short);
}

TEST_CASE("kernel: a version that only Security minds") {
    const support::Image image = build(ImageSpec{});
    check_taken(poked(image.bytes, image.directories[0].at + 8, be32(0x20000)), Code::version_unsupported);
}

TEST_CASE("kernel: the hash's type and size") {
    const support::Image image = build(ImageSpec{});
    for (char type : {'\0', '\5', '\x63'})
        check_refused(poked(image.bytes, image.directories[0].at + 37, std::string(1, type)), Code::hash_unsupported,
                      Verdict::unsupported);
    check_refused(poked(image.bytes, image.directories[0].at + 36, std::string(1, 20)), Code::hash_unsupported,
                  Verdict::unsupported);
}

TEST_CASE("kernel: slots that do not fit into the CodeDirectory") {
    const support::Image image = build(ImageSpec{});
    const std::uint64_t at = image.directories[0].at;
    for (std::uint64_t field : {16U, 24U, 28U})
        check_refused(poked(image.bytes, at + field, be32(0x7fffffff)), Code::codedirectory_malformed);
}

TEST_CASE("kernel: strings that do not end within the CodeDirectory") {
    ImageSpec spec;
    primary(spec).team = "TEAM";
    const support::Image image = build(spec);
    const std::uint64_t at = image.directories[0].at;
    for (std::uint64_t field : {20U, 48U})
        check_refused(poked(image.bytes, at + field, be32(image.directories[0].length + 1)), Code::codedirectory_malformed);
    // Without an identifier it goes on.
    check_taken(poked(image.bytes, at + 20, be32(0)), Code::codedirectory_malformed);
}

TEST_CASE("kernel: a scatter list that has no end; one whose pages are not as many as the slots is followed") {
    ImageSpec spec;
    primary(spec).scatter = {{2, 0}, {3, 3}};
    const support::Image image = build(spec);
    CHECK_FALSE(kernel_verdict(image.bytes).bad);
    std::string endless = image.bytes;
    for (std::uint64_t at = image.directories[0].scatter; at + 24 <= image.directories[0].at + image.directories[0].length;
         at += 4)
        support::poke(endless, at, be32(1));
    CHECK(kernel_verdict(endless).problems[0].code == Code::scatter_malformed);
    check_taken(poked(image.bytes, image.directories[0].scatter + 24, be32(2)), Code::scatter_malformed);
}

TEST_CASE("kernel: two CodeDirectories of the strongest hash") {
    check_refused(build(two_directories(2, 2)).bytes, Code::codedirectory_duplicate);
}

TEST_CASE("kernel: two CodeDirectories of a hash that it passes over") {
    ImageSpec spec = two_directories(2, 3);
    spec.signature.directories.push_back(spec.signature.directories[1]);
    spec.signature.directories[2].slot = support::slot_alternate + 1;
    check_taken(build(spec).bytes, Code::codedirectory_duplicate);
    // Seen before the stronger one, the second of them is one too many.
    std::swap(spec.signature.directories[0].hash_type, spec.signature.directories[2].hash_type);
    check_refused(build(spec).bytes, Code::codedirectory_duplicate);
}

TEST_CASE("kernel: no CodeDirectory in slot 0, but one elsewhere") {
    ImageSpec spec;
    primary(spec).slot = support::slot_alternate;
    check_taken(build(spec).bytes, Code::codedirectory_missing);
    primary(spec).slot = 77;
    check_refused(build(spec).bytes, Code::codedirectory_missing);
}

TEST_CASE("kernel: blobs that overlap, and one there twice that it does not read") {
    ImageSpec spec;
    spec.signature.blobs = {support::no_requirements(), support::empty_cms()};
    const support::Image image = build(spec);
    const std::uint64_t index = image.signature + 12;
    // Slot 2 a second time, where the CMS blob was.
    check_taken(poked(image.bytes, index + 2 * 8, be32(2)), Code::blob_malformed);
    const std::uint64_t requirements = image.blobs.at(2) - image.signature;
    check_taken(poked(image.bytes, index + 2 * 8 + 4, be32(requirements + 4)), Code::blob_malformed);
}

TEST_CASE("kernel: entitlements or a constraint twice, or of another magic") {
    for (std::uint32_t slot : {5U, 7U, 8U, 9U, 10U, 11U}) {
        CAPTURE(slot);
        ImageSpec spec;
        spec.signature.blobs = {slot == 5   ? support::entitlements("e")
                                : slot == 7 ? support::der_entitlements("d")
                                            : support::constraint(slot, "c"),
                                support::empty_cms()};
        const support::Image image = build(spec);
        CHECK_FALSE(kernel_verdict(image.bytes).bad);
        const std::uint64_t index = image.signature + 12;
        const std::string twice = poked(image.bytes, index + 2 * 8, be32(slot) + be32(image.blobs.at(slot) - image.signature));
        check_refused(twice, Code::blob_malformed);
        check_refused(poked(image.bytes, image.blobs.at(slot), be32(0xfade7777)), Code::blob_malformed);
    }
}

TEST_CASE("kernel: a blob without a slot for it, and a slot without a blob") {
    for (std::uint32_t slot : {5U, 7U, 8U, 9U, 10U, 11U}) {
        CAPTURE(slot);
        ImageSpec spec;
        primary(spec).seals = {{static_cast<int>(slot), "what is not there"}};
        check_refused(build(spec).bytes, Code::special_missing, Verdict::stale);
        spec = {};
        spec.signature.blobs = {slot == 5   ? support::entitlements("e")
                                : slot == 7 ? support::der_entitlements("d")
                                            : support::constraint(slot, "c")};
        primary(spec).special_slots = 2;
        check_refused(build(spec).bytes, Code::special_missing, Verdict::stale);
    }
}

TEST_CASE("kernel: a SuperBlob that is longer than its room") {
    const support::Image image = build(ImageSpec{});
    check_refused(poked(image.bytes, image.signature + 4, be32(0x7fffffff)), Code::superblob_malformed);
    check_refused(poked(image.bytes, image.signature + 8, be32(0x7fffffff)), Code::superblob_malformed);
    check_refused(poked(image.bytes, image.signature, be32(0xfade0cc1)), Code::superblob_malformed);
}

TEST_CASE("kernel: a bare CodeDirectory will do") {
    ImageSpec spec;
    spec.signature.bare = true;
    const support::Image image = build(spec);
    CHECK_FALSE(kernel_verdict(image.bytes).bad);
    CHECK(kernel_verdict(poked(image.bytes, 5000, "x")).verdict == Verdict::stale);
}

TEST_CASE("kernel: fewer slots than pages are too few, more are not") {
    ImageSpec spec;
    primary(spec).pokes = {{28, be32(5)}};
    check_refused(build(spec).bytes, Code::slot_count);
    primary(spec).pokes = {{32, be32(5 * 4096)}};  // where __TEXT ends
    check_taken(build(spec).bytes, Code::slot_count);
}

TEST_CASE("kernel: code behind the code limit is unsigned code") {
    ImageSpec spec;
    primary(spec).code_limit = 2 * 4096;
    check_kernel_only(build(spec).bytes, Code::not_covered);
    primary(spec).code_limit = 5 * 4096;  // where __TEXT ends
    CHECK_FALSE(kernel_verdict(build(spec).bytes).bad);
}

TEST_CASE("kernel: it never reads the code limit of 64 bits") {
    ImageSpec spec;
    primary(spec).limit_field = support::LimitField::wide_zero;
    check_kernel_only(build(spec).bytes, Code::not_covered);
    for (const ImageVerdict& found : {verdict(build(spec).bytes), kernel_verdict(build(spec).bytes)}) {
        REQUIRE(found.notes.size() == 1);
        CHECK(found.notes[0].code == Code::code_limit);
    }
    primary(spec).limit_field = support::LimitField::wide_saturated;
    check_kernel_only(build(spec).bytes, Code::code_limit);
}

TEST_CASE("kernel: code in the last page is a note where the page is not whole") {
    ImageSpec spec;
    CHECK(kernel_verdict(build(spec).bytes).notes.empty());  // the last page is __LINKEDIT's
    primary(spec).code_limit = 4 * 4096 + 17;
    const support::Image image = build(spec);
    for (const ImageVerdict& found : {verdict(image.bytes), kernel_verdict(image.bytes)}) {
        REQUIRE(found.notes.size() == 1);
        CHECK(found.notes[0].code == Code::last_page_nx);
        CHECK(found.notes[0].offset == 4 * 4096);
        CHECK_FALSE(found.bad);
    }
    primary(spec).code_limit = 5 * 4096;
    CHECK(kernel_verdict(build(spec).bytes).notes.empty());
}

TEST_CASE("kernel: a library's signature of more than 40 MiB") {
    ImageSpec spec;
    spec.signature.padding = std::string(std::size_t{40} << 20, '\0');
    CHECK_FALSE(kernel_verdict(build(spec).bytes).bad);  // a program's may be
    spec.filetype = 6;
    check_kernel_only(build(spec).bytes, Code::signature_too_large);
}

TEST_CASE("kernel: the section that slot -1 seals does not interest it") {
    ImageSpec spec;
    spec.info_plist = "<plist>Info</plist>";
    const support::Image good = build(spec);
    std::string file = good.bytes;
    const std::uint64_t size_field = 32 + 72 + 80 + 40;  // of the second section
    REQUIRE(support::get(file, size_field, 8, false) == spec.info_plist.size());
    spec.pokes = {{size_field, support::integer(spec.code_size, 8, false)}};
    check_taken(build(spec).bytes, Code::signature_before_code);
}

TEST_CASE("kernel: a program in a universal file of 64-bit offsets does not run, a library there is dyld's business") {
    check_kernel_only(support::fat({build(ImageSpec{})}, true).bytes, Code::fat_unloadable);
    ImageSpec library;
    library.filetype = 6;
    CHECK_FALSE(kernel_verdict(support::fat({build(library)}, true).bytes).bad);
    CHECK_FALSE(kernel_verdict(support::fat({build(ImageSpec{})}).bytes).bad);
}

TEST_CASE("kernel: slices that overlap, that are there twice, that run past the file, that lie in the table") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    support::FatSpec spec;
    spec.slices = {build(ImageSpec{}), build(ImageSpec{})};
    check_refused(build(spec).bytes, Code::fat_malformed);
    spec.slices = {build(intel), build(ImageSpec{})};
    CHECK(kernel_verdicts(build(spec).bytes).size() == 2);
    spec.slices[1].offset = 16384 + 100;
    check_refused(build(spec).bytes, Code::fat_malformed);
    spec.slices = {build(ImageSpec{})};
    spec.slices[0].offset = 20;
    check_refused(build(spec).bytes, Code::fat_malformed);
    spec.slices = {build(ImageSpec{})};
    spec.slices[0].size = spec.slices[0].bytes.size() + 1;
    check_refused(build(spec).bytes, Code::truncated);
}

TEST_CASE("kernel: a slice hidden one past the count is not there") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    support::FatSpec spec;
    spec.hidden_last = true;
    spec.slices = {build(intel), build(ImageSpec{})};
    CHECK(verdicts(build(spec).bytes).size() == 2);
    const std::vector<ImageVerdict> images = kernel_verdicts(build(spec).bytes);
    REQUIRE(images.size() == 1);
    CHECK(images[0].arch == "x86_64");
}

TEST_CASE("kernel: a slice for another processor than the table says is never run") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    const support::Image image = build(ImageSpec{});
    const auto with = [&](const support::SliceSpec& slice) { return support::fat({build(intel), slice}).bytes; };
    const auto second = [](const std::vector<ImageVerdict>& images) { return images.size() == 2 ? images[1] : ImageVerdict{}; };
    for (const support::SliceSpec& wrong :
         {support::SliceSpec{image.bytes, support::cpu_arm}, support::SliceSpec{image.bytes, support::cpu_arm64, 2},
          support::SliceSpec{image.bytes, support::cpu_arm64, 0x80000000}}) {
        CHECK(codes(second(kernel_verdicts(with(wrong)))) == Codes{Code::fat_malformed});
        CHECK(second(kernel_verdicts(with(wrong))).verdict == Verdict::malformed);
        CHECK(second(verdicts(with(wrong))).layer() == Layer::kernel);
    }
    CHECK_FALSE(second(kernel_verdicts(with(image))).bad);
    ImageSpec library;
    library.filetype = 6;  // dyld does not compare capabilities
    const std::string bytes = build(library).bytes;
    CHECK_FALSE(second(kernel_verdicts(with({bytes, support::cpu_arm64, 0x80000000}))).bad);
    CHECK(second(kernel_verdicts(with({bytes, support::cpu_arm64, 2}))).bad);
}

TEST_CASE("kernel: a slice beside a program where no program stands") {
    ImageSpec intel;
    intel.cputype = support::cpu_x86_64;
    const auto with = [&](const std::string& bytes) {
        return verdicts(support::fat({build(intel), {bytes, support::cpu_arm64}}).bytes);
    };
    const std::vector<ImageVerdict> images = with(std::string(5000, '\0'));
    REQUIRE(images.size() == 2);
    CHECK_FALSE(images[0].bad);
    CHECK(images[1].arch == "arm64");
    CHECK(codes(images[1]) == Codes{Code::fat_malformed});
    CHECK(images[1].layer() == Layer::kernel);
    CHECK(with("!<arch>\nand so on").size() == 1);
    CHECK(with("BC\xc0\xde and so on").size() == 1);
    CHECK(verdicts(support::fat({{"text", support::cpu_arm64}, {"text", support::cpu_x86_64}}).bytes).empty());
}

TEST_CASE("kernel: unsigned") {
    ImageSpec spec;
    spec.has_signature = false;
    check_refused(build(spec).bytes, Code::unsigned_image, Verdict::unsigned_);
    spec.cputype = support::cpu_x86_64;
    CHECK_FALSE(kernel_verdict(build(spec).bytes).bad);
}

}  // namespace reseal::verifier_kernel_test
