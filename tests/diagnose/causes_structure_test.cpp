// SPDX-License-Identifier: BSL-1.0
// Causes that are asked of before any page is: is it a program, is it whole, has it a signature that can be read.
#include <doctest/doctest.h>

#include <string>

#include "diagnose/explained.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/testdata.hpp"

namespace reseal::causes_structure_test {
using support::Codes;
using support::codes;
using support::explained;
using support::first;
using support::ImageSpec;
using support::primary;

namespace {

ImageSpec intel() {
    ImageSpec spec;
    spec.cputype = support::cpu_x86_64;
    spec.cpusubtype = 3;
    return spec;
}

void check_only(const Explanation& told, const char* code) {
    CHECK(codes(told) == Codes{code});
    CHECK(support::is_whole(told));
    CHECK(told.valid == first(told).note);
}

}  // namespace

TEST_CASE("a program that is right has a cause") {
    const Explanation told = explained(ImageSpec{}, {.path = "./a tool"});
    check_only(told, "nothing-found");
    CHECK(told.valid);
    CHECK(first(told).remedy.find("\ncp -p './a tool' './a tool.new' && mv './a tool.new' './a tool'\n") != std::string::npos);
}

TEST_CASE("a file that is none of a Mac's is not said to be one of another system") {
    check_only(explained(std::string()), "not-macho");
    const std::string elf = std::string("\x7f") + "ELF" + std::string(60, '\0');
    CHECK(first(explained(elf)).verdict.find("Linux") != std::string::npos);
    const std::string java = support::be32(0xcafebabe) + support::be32(0x34) + std::string(60, 'x');
    CHECK(first(explained(java)).verdict.find("Java") != std::string::npos);
    check_only(explained("hello"), "not-macho");
}

TEST_CASE("a universal file of static libraries is said to be for Java") {
    const std::string archive = "!<arch>\n" + std::string(100, 'a');
    const std::string both = support::fat({{archive, support::cpu_arm64}, {archive, support::cpu_x86_64}}).bytes;
    check_only(explained(both), "not-macho");
    CHECK(first(explained(both)).verdict.find("static library") != std::string::npos);
}

TEST_CASE("another build is asked for where only what is packed, or linked with it, can be looked at") {
    const auto told = [](const std::string& head) { return first(explained(head + std::string(100, 'a'))); };
    for (const char* packed : {"\x1f\x8b\x08", "PK\3\4", "BZh9",
                               "\xfd"
                               "7zXZ"}) {
        const Cause cause = told(packed);
        CHECK(cause.code == CauseCode::not_macho);
        CHECK(cause.remedy == "# Unpack it, and ask about what is in it.");
        CHECK(cause.verdict.find("not made for") == std::string::npos);
    }
    CHECK(told("!<arch>\n").remedy.find("linked with it") != std::string::npos);
    CHECK(told("MZ").remedy == "# Take the build for macOS.");
}

TEST_CASE("a log or a crash report is taken for a program that was built for another system") {
    for (const char* name : {"modified-in-place.log", "quarantine.log", "stale-page.log", "stale-page.ips"}) {
        CAPTURE(name);
        const Cause cause = first(explained(support::testdata(std::string("broken/") + name)));
        CHECK(cause.code == CauseCode::not_macho);
        CHECK(cause.remedy == "reseal explain --log FILE");
    }
    CHECK(first(explained("Process: tool [7]\nException Type: EXC_CRASH (SIGKILL (Code Signature Invalid))\n")).remedy ==
          "reseal explain --log FILE");
    CHECK(first(explained("{\"a\": 1}\n")).remedy == "# Take the build for macOS.");
}

TEST_CASE("a script's interpreter is not told, or takes a word of the shell's with it") {
    const Cause plain = first(explained("#! /opt/a/bin/python3 -u\nprint()\n"));
    CHECK(plain.code == CauseCode::not_macho);
    CHECK(plain.remedy == "reseal explain /opt/a/bin/python3");
    CHECK(first(explained("#!/opt/$(x)/sh\n")).remedy == "reseal explain '/opt/$(x)/sh'");
    CHECK(first(explained("#!/usr/bin/env -S A=b python3 -u\n")).remedy == "reseal explain \"$(command -v python3)\"");
    CHECK(first(explained("#!/usr/bin/env $(x)\r\n")).remedy == "reseal explain \"$(command -v '$(x)')\"");
    CHECK(first(explained("#!/usr/bin/env\n")).remedy == "reseal explain /usr/bin/env");
    CHECK(first(explained("#!")).remedy.empty());
    CHECK(first(explained("#!\n/bin/sh")).remedy.empty());
}

TEST_CASE("an image without its end") {
    const std::string whole = support::build(ImageSpec{}).bytes;
    const Explanation told = explained(whole.substr(0, whole.size() - 9));
    check_only(told, "truncated");
    CHECK(first(told).verdict.find(std::to_string(whole.size() - 9) + " bytes are there") != std::string::npos);
    CHECK(first(told).verdict.ends_with(std::to_string(whole.size())));
    for (const std::size_t count : {std::size_t{4}, std::size_t{40}, std::size_t{5000}, whole.size() / 2}) {
        CAPTURE(count);
        const Explanation part = explained(whole.substr(0, count));
        CHECK_FALSE(part.valid);
        CHECK(support::is_whole(part));
    }
}

TEST_CASE("a slice without its end, and a table without it") {
    const std::string fat = support::fat({support::build(intel()), support::build(ImageSpec{})}).bytes;
    const Explanation told = explained(fat.substr(0, fat.size() - 1));
    CHECK(codes(told) == Codes{"truncated"});
    CHECK(first(told).arch == "arm64");
    CHECK(first(told).verdict.starts_with("arm64 slice: "));
    CHECK(codes(explained(fat.substr(0, 20))) == Codes{"truncated"});
}

TEST_CASE("slices that overlap") {
    support::FatSpec spec;
    spec.slices = {support::build(intel()), support::build(ImageSpec{})};
    spec.slices[1].offset = 16384 + 4096;
    check_only(explained(support::build(spec).bytes), "bad-structure");
}

TEST_CASE("beside a program for Intel, a slice for arm64 that is none is taken for nothing at all") {
    const std::string zeros(5000, '\0');
    check_only(explained(support::fat({support::build(intel()), {zeros, support::cpu_arm64}}).bytes), "bad-structure");
    const support::Image image = support::build(ImageSpec{});
    check_only(explained(support::fat({support::build(intel()), {image.bytes, support::cpu_arm64, 2}}).bytes), "bad-structure");
}

TEST_CASE("another processor") {
    const Explanation rosetta = explained(intel());
    CHECK(codes(rosetta) == Codes{"wrong-architecture", "nothing-found"});
    CHECK(rosetta.valid);
    CHECK(first(rosetta).note);
    CHECK(codes(explained(intel(), {.processor = "x86_64"})) == Codes{"nothing-found"});
    const Explanation never = explained(ImageSpec{}, {.processor = "x86_64"});
    check_only(never, "wrong-architecture");
    CHECK_FALSE(first(never).note);
    ImageSpec power = intel();
    power.cputype = support::cpu_ppc;
    power.wide = false;
    power.big_endian = true;
    check_only(explained(power), "wrong-architecture");
    const std::string both = support::fat({support::build(intel()), support::build(ImageSpec{})}).bytes;
    CHECK(codes(explained(both)) == Codes{"nothing-found"});
    CHECK(codes(explained(both, {.processor = "x86_64"})) == Codes{"nothing-found"});
}

TEST_CASE("no signature, for one processor and for the other") {
    ImageSpec spec;
    spec.has_signature = false;
    check_only(explained(spec), "unsigned");
    CHECK(first(explained(spec, {.path = "x"})).remedy.find("\ncodesign --sign - x\n") != std::string::npos);
    ImageSpec other = intel();
    other.has_signature = false;
    const Explanation fine = explained(other, {.processor = "x86_64"});
    check_only(fine, "nothing-found");
    CHECK(first(fine).verdict.find("not signed") != std::string::npos);
}

TEST_CASE("a load command that says something impossible of the signature") {
    ImageSpec spec;
    spec.signature_datasize = 0x10000;
    const Explanation told = explained(spec);
    check_only(told, "bad-range");
    CHECK(first(told).certainty == Certainty::likely);
    spec = {};
    spec.signature_commands = 2;
    check_only(explained(spec), "bad-range");
    spec = {};
    spec.signature_cmdsize = 24;
    check_only(explained(spec), "bad-range");
    spec = {};
    spec.signature_dataoff = 16;
    CHECK(codes(explained(spec)).front() == "bad-range");
}

TEST_CASE("a signature whose parts do not hold together") {
    ImageSpec two;
    two.signature.directories.push_back(two.signature.directories.front());
    two.signature.directories.back().slot = 0x1000;
    check_only(explained(two), "bad-structure");
    ImageSpec count;
    count.signature.pokes = {{8, support::be32(0xffffffff)}};
    check_only(explained(count), "bad-structure");
    ImageSpec hash;
    primary(hash).hash_type = 9;
    check_only(explained(hash), "bad-structure");
    ImageSpec encrypted;
    encrypted.cryptid = 1;
    check_only(explained(encrypted), "bad-structure");
}

TEST_CASE("load commands that do not hold together") {
    std::string file = support::build(ImageSpec{}).bytes;
    support::poke(file, 36, std::string(4, '\0'));  // the first command's size
    check_only(explained(file), "bad-structure");
}

TEST_CASE("a page size that no Mac takes, or not there") {
    ImageSpec spec;
    primary(spec).page_shift = 13;
    check_only(explained(spec), "page-size");
    CHECK(first(explained(spec)).remedy.find("--pagesize 4096 ") != std::string::npos);
    ImageSpec large = intel();
    primary(large).page_shift = 14;
    CHECK(codes(explained(large, {.processor = "x86_64"})) == Codes{"page-size"});
    ImageSpec apple;
    primary(apple).page_shift = 14;
    CHECK(codes(explained(apple)) == Codes{"nothing-found"});
    support::FatSpec fat;
    fat.align = 12;
    fat.slices = {support::build(apple)};
    CHECK(codes(explained(support::build(fat).bytes)) == Codes{"page-size", "not-launchable"});
}

TEST_CASE("fewer hashes than pages, and code behind the signed end") {
    ImageSpec spec;
    primary(spec).pokes = {{28, support::be32(3)}};
    CHECK(codes(explained(spec)).front() == "page-count");
    ImageSpec behind;
    primary(behind).code_limit = 4096;
    CHECK(codes(explained(behind)) == Codes{"beyond-signature"});
    CHECK(support::is_whole(explained(behind)));
    CHECK_FALSE(explained(behind).valid);
    ImageSpec data;
    primary(data).code_limit = data.code_size - 16;  // what is not covered then is no code
    CHECK(codes(explained(data)) == Codes{"beyond-signature", "nothing-found"});
    CHECK(explained(data).valid);
}

TEST_CASE("a universal file that the kernel does not know") {
    const auto in = [](const ImageSpec& spec) { return support::fat({support::build(spec)}, true).bytes; };
    check_only(explained(in({})), "not-launchable");
    CHECK(first(explained(in({}))).evidence.at(0).offset == 0);
    ImageSpec library;
    library.filetype = 6;
    check_only(explained(in(library)), "nothing-found");
}

}  // namespace reseal::causes_structure_test
