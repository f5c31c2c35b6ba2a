// SPDX-License-Identifier: BSL-1.0
// Files planned and written with linkage: it goes with prefixes in the same file, the seal law holds, what is refused is not
// begun.
#include <doctest/doctest.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <string>

#include "macho/command_strings.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"

namespace reseal::linkage_file_test {
namespace {

const std::string placeholder = "@@HOMEBREW_PREFIX@@", longer = "/home/linuxbrew/.linuxbrew";

support::ImageSpec spec_with_rpath(std::uint64_t gap) {
    support::ImageSpec spec;
    spec.rpath = placeholder + "/lib";
    spec.header_gap = gap;
    spec.plants = {{9000, placeholder + "/data"}, {13000, std::string("/opt/built/share\0", 17)}};
    return spec;
}

FileOptions with_linkage(const std::string& to) {
    FileOptions options;
    options.mode = FileMode::binary;
    options.linkage = Prefixes({{placeholder, to}}, {});
    options.name = "f";
    return options;
}

std::string rpath_of(const std::string& image) {
    const std::vector<macho::CommandString> strings = macho::command_strings(image);
    REQUIRE(strings.size() == 1);
    return image.substr(strings[0].text.offset, strings[0].text.size);
}

}  // namespace

TEST_CASE("linkage and prefixes are replaced in one go, and every slot is right") {
    const support::Image image = build(spec_with_rpath(200));
    const support::Fat fat = support::fat({image});
    const Prefixes strings({{"/opt/built", "/new"}}, {});
    for (const std::string& bytes : {image.bytes, fat.bytes}) {
        const MemorySource source(bytes);
        const FilePlan plan = plan_file(source, strings, with_linkage(longer));
        CHECK(plan.result.changed);
        CHECK_FALSE(plan.result.refused);
        CHECK(plan.result.fields.size() == 1);
        CHECK(plan.result.entry.substitutions == 2);
        StringSink out;
        const FileRelocation done = relocate_file(source, plan, out);
        CHECK(done.size_after == bytes.size());
        CHECK(out.bytes.size() == bytes.size());
        CHECK(support::check(out.bytes).good_and_signed());
        CHECK(rpath_of(out.bytes.substr(bytes.size() == image.bytes.size() ? 0 : fat.offsets[0])) == longer + "/lib");
        CHECK(out.bytes.find(placeholder + "/data") != std::string::npos);
        CHECK(out.bytes.find("/new//////") != std::string::npos);
        REQUIRE(done.entry.images.size() == 1);
        CHECK(done.entry.images[0].status == ImageStatus::resealed);
        CHECK(done.entry.images[0].codedirectories[0].slots_changed == std::vector<std::int64_t>{0, 3});
    }
}

TEST_CASE("where a prefix stands in linkage too, linkage says what becomes of it") {
    const support::Image image = build(spec_with_rpath(200));
    const MemorySource source(image.bytes);
    const FilePlan plan = plan_file(source, Prefixes({{placeholder, "/n"}}, {}), with_linkage(longer));
    StringSink out;
    relocate_file(source, plan, out);
    CHECK(rpath_of(out.bytes) == longer + "/lib");
    CHECK(out.bytes.find("/n/////////////////") != std::string::npos);  // in data
    CHECK(out.bytes.find(placeholder) == std::string::npos);
    CHECK(support::check(out.bytes).good_and_signed());
}

TEST_CASE("a file whose linkage has no room is refused before a byte of it is written") {
    const support::Image image = build(spec_with_rpath(0));
    const MemorySource source(image.bytes);
    const FilePlan plan =
        plan_file(source, Prefixes({{"/opt/built", "/new"}}, {}), with_linkage(std::string("/").append(500, 'x')));
    CHECK(plan.result.refused);
    REQUIRE(plan.result.findings.size() == 1);
    CHECK(plan.result.findings[0].code == Code::load_commands_full);
    CHECK(plan.result.entry.status == EntryStatus::refused);
    StringSink out;
    relocate_file(source, plan, out);
    CHECK(out.bytes.empty());
}

TEST_CASE("a touched page that was stale refuses the file for its linkage as well") {
    support::Image image = build(spec_with_rpath(200));
    image.bytes[image.bytes.find(placeholder) + 60] ^= 1;
    const MemorySource source(image.bytes);
    const FilePlan plan = plan_file(source, {}, with_linkage("/n"));
    CHECK(plan.result.refused);
    CHECK(std::any_of(plan.result.findings.begin(), plan.result.findings.end(),
                      [](const Finding& each) { return each.code == Code::stale_page; }));
}

TEST_CASE("a file without linkage, or with its new one already, is left as it is") {
    const support::Image image = build(spec_with_rpath(200));
    const MemorySource source(image.bytes);
    FileOptions options = with_linkage("/n");
    options.linkage = Prefixes({{"/other", "/n"}}, {});
    CHECK_FALSE(plan_file(source, {}, options).result.changed);
    const MemorySource text("@@HOMEBREW_PREFIX@@/lib\n");
    CHECK_FALSE(plan_file(text, {}, with_linkage("/n")).result.changed);
}

TEST_CASE("a file that changed between plan and writing is an error, not a mixture") {
    const support::Image image = build(spec_with_rpath(200));
    std::string other = image.bytes;
    const FilePlan plan = plan_file(MemorySource(image.bytes), {}, with_linkage(longer));
    other.resize(other.size() - 1);
    StringSink out;
    CHECK_THROWS_AS(relocate_file(MemorySource(other), plan, out), Error);
}

TEST_CASE("a stream, which cannot be read twice, takes no linkage") {
    StringSink out;
    CHECK_THROWS_AS(FileRelocator({}, out, with_linkage("/n")), Error);
}

}  // namespace reseal::linkage_file_test
