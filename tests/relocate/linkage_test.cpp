// SPDX-License-Identifier: BSL-1.0
// The paths by which programs find their libraries: found by structure in Mach-O and ELF, and nowhere else.
#include "relocate/linkage.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "macho/command_strings.hpp"
#include "relocate/elf_paths.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/random.hpp"

namespace reseal::linkage_test {
using relocate::ElfPath;
using relocate::Linkage;
using relocate::PlacedEdit;

namespace {

const std::string placeholder = "@@HOMEBREW_PREFIX@@";

/// An ELF file with an interpreter and a string table, which lies in memory where `loaded` says.
struct Elf {
    bool wide = true, big = false;
    std::string interpreter;
    std::string strings = std::string(1, '\0');  // of .dynstr
    std::vector<std::pair<std::uint64_t, std::uint64_t>> dynamic = {};
    std::uint64_t loaded = 0x400000;

    std::uint64_t string(const std::string& text) {
        strings += text + '\0';
        return strings.size() - text.size() - 1;
    }
    std::string u16(std::uint64_t value) const { return support::integer(value, 2, big); }
    std::string u32(std::uint64_t value) const { return support::integer(value, 4, big); }
    std::string word(std::uint64_t value) const { return support::integer(value, wide ? 8 : 4, big); }
    std::string segment(std::uint32_t type, std::uint64_t offset, std::uint64_t size) const {
        const std::string place = word(offset) + word(loaded + offset) + word(0) + word(size) + word(size);
        return u32(type) + (wide ? u32(5) : "") + place + (wide ? "" : u32(5)) + word(1);
    }
    std::uint64_t strings_at() const { return 512 + interpreter.size() + 1; }
    std::string bytes() const {
        std::string table;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> all = dynamic;
        all.emplace_back(5, loaded + strings_at());
        all.emplace_back(10, strings.size());
        all.emplace_back(0, 0);
        for (const auto& [tag, value] : all) table += word(tag) + word(value);
        const std::uint64_t dynamic_at = strings_at() + strings.size(), end = dynamic_at + table.size();
        std::string out =
            std::string("\x7f") + "ELF" + (wide ? '\2' : '\1') + (big ? '\2' : '\1') + '\1' + std::string(9, '\0');
        out += u16(3) + u16(62) + u32(1) + word(0) + word(wide ? 64 : 52) + word(0) + u32(0);
        out += u16(wide ? 64 : 52) + u16(wide ? 56 : 32) + u16(3) + u16(0) + u16(0) + u16(0);
        out += segment(1, 0, end) + segment(3, 512, interpreter.size() + 1) + segment(2, dynamic_at, table.size());
        out.resize(512, '\0');
        return out + interpreter + '\0' + strings + table;
    }
};

Linkage plan(const std::string& file, const std::vector<PrefixPair>& pairs) {
    return relocate::plan_linkage(MemorySource(file), pairs, "f");
}

std::string applied(std::string file, const Linkage& linkage) {
    for (const PlacedEdit& each : linkage.edits.list()) {
        CHECK(each.before.size() == each.after.size());
        CHECK(file.substr(each.offset, each.before.size()) == each.before);
        support::poke(file, each.offset, std::string(each.after));
    }
    return file;
}

std::vector<std::string> command_texts(const std::string& image) {
    std::vector<std::string> out;
    for (const macho::CommandString& each : macho::command_strings(image))
        out.push_back(image.substr(each.text.offset, each.text.size));
    return out;
}

}  // namespace

TEST_CASE("interpreter and library paths of every kind of ELF file become shorter with slashes behind the prefix") {
    const std::string library_paths = placeholder + "/lib:$ORIGIN/../lib:" + placeholder + ":/x" + placeholder;
    const std::string shorter = std::string("/opt/brew") + std::string(10, '/');
    for (bool wide : {false, true})
        for (bool big : {false, true}) {
            Elf elf{wide, big, placeholder + "/lib/ld.so"};
            elf.dynamic = {
                {1, elf.string("libc.so.6")}, {29, elf.string(library_paths)}, {15, elf.string(placeholder + "/opt/x/lib")}};
            elf.string("data " + placeholder + "/lib");
            const Linkage linkage = plan(elf.bytes(), {{placeholder, "/opt/brew"}});
            CHECK(linkage.findings.empty());
            std::string expected = support::replaced(elf.bytes(), placeholder, shorter);
            for (const std::string before : {"/x", "data "})
                expected =
                    support::replaced(expected, std::string(before).append(shorter), std::string(before).append(placeholder));
            CHECK(applied(elf.bytes(), linkage) == expected);
            CHECK(linkage.edits.size() == 4);
        }
}

TEST_CASE("an ELF path that would have to grow is refused, and nothing of the file changes") {
    Elf elf{true, false, "/lib/ld.so"};
    elf.dynamic = {{29, elf.string("/ok:" + placeholder + "/lib")}, {15, elf.string("@@P@@")}};
    const Linkage linkage = plan(elf.bytes(), {{placeholder, "/home/linuxbrew/.linuxbrew"}, {"@@P@@", "/p"}});
    CHECK(linkage.edits.empty());
    REQUIRE(linkage.findings.size() == 1);
    CHECK(linkage.findings[0].code == Code::elf_path_too_long);
    CHECK(linkage.findings[0].offset == elf.bytes().find(placeholder));
    CHECK(linkage.findings[0].entry == "f");
    CHECK(linkage.findings[0].what.find("19 bytes for a prefix of 26") != std::string::npos);
}

TEST_CASE("rpath and runpath in one string are changed once") {
    Elf elf{true, false, ""};
    const std::uint64_t at = elf.string(placeholder + "/lib:" + placeholder + "/lib64");
    elf.dynamic = {{15, at}, {29, at + placeholder.size() + 5}};
    const Linkage linkage = plan(elf.bytes(), {{placeholder, "/n"}});
    CHECK(linkage.edits.size() == 2);
    CHECK(applied(elf.bytes(), linkage) == support::replaced(elf.bytes(), placeholder, "/n" + std::string(17, '/')));
}

TEST_CASE("a prefix counts where a component ends with it, the longest first") {
    Elf elf{true, false, ""};
    elf.dynamic = {{29, elf.string("/opt/x:/opt/xy:/opt/x/y:/opt/x/yz:/OPT/x")}};
    const Linkage linkage = plan(elf.bytes(), {{"/opt/x", "/a"}, {"/opt/x/y", "/b"}});
    CHECK(applied(elf.bytes(), linkage) == support::replaced(elf.bytes(), "/opt/x:/opt/xy:/opt/x/y:/opt/x/yz:/OPT/x",
                                                             "/a////:/opt/xy:/b//////:/a/////yz:/OPT/x"));
}

TEST_CASE("tables of an ELF file that lead outside it are left alone") {
    Elf elf{true, false, placeholder};
    elf.dynamic = {{29, elf.string(placeholder)}};
    const std::string good = elf.bytes();
    CHECK(relocate::elf_paths(MemorySource(good)).size() == 2);
    for (std::uint64_t odd : {std::uint64_t{good.size()}, ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
        CHECK(relocate::elf_paths(MemorySource(support::poked(good, 32, support::integer(odd, 8, false)))).empty());
        // PT_INTERP's offset, then PT_DYNAMIC's
        CHECK(relocate::elf_paths(MemorySource(support::poked(good, 64 + 56 + 8, support::integer(odd, 8, false)))).size() ==
              1);
        CHECK(relocate::elf_paths(MemorySource(support::poked(good, 64 + 112 + 8, support::integer(odd, 8, false)))).size() ==
              1);
    }
    Elf outside = elf;
    outside.dynamic = {{29, elf.strings.size()}};
    CHECK(relocate::elf_paths(MemorySource(outside.bytes())).size() == 1);
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK(relocate::elf_paths(MemorySource(std::string_view(good).substr(0, size))).size() < 3);
}

TEST_CASE("an ELF file makes us keep more than one interpreter") {
    const Elf elf{true, false, placeholder + "/lib/ld.so"};
    std::string bytes = elf.bytes();
    const std::size_t segments = 64, segment = 56;
    bytes.replace(segments + 2 * segment, segment, bytes.substr(segments + segment, segment));
    CHECK(relocate::elf_paths(MemorySource(bytes)) == std::vector{ElfPath{ElfPath::Kind::interpreter, 512, elf.interpreter}});
}

TEST_CASE("many short commands and a long prefix are put together before they are found to be too large") {
    const std::uint32_t count = 60'000;
    const auto u32 = [](std::uint64_t value) { return support::integer(value, 4, false); };
    std::string image = u32(0xfeedfacf) + u32(0x0100000c) + u32(0) + u32(6) + u32(count) + u32(count * 16) + u32(0) + u32(0);
    for (std::uint32_t i = 0; i < count; ++i) image += u32(0x8000001c) + u32(16) + u32(12) + "/a" + std::string(2, '\0');
    const Linkage linkage = plan(image, {{"/a", "/" + std::string(4000, 'b')}});
    REQUIRE(linkage.findings.size() == 1);
    CHECK(linkage.findings[0].code == Code::commands_too_large);
    CHECK(linkage.findings[0].offset == 20);
}

TEST_CASE("no change of a few bytes in an ELF or Mach-O file makes the plan leave the file") {
    Elf elf{true, false, placeholder + "/lib/ld.so"};
    elf.dynamic = {{29, elf.string(placeholder + "/lib:" + placeholder)}, {15, elf.string(placeholder)}};
    support::ImageSpec spec;
    spec.rpath = placeholder + "/lib";
    spec.header_gap = 100;
    spec.code_size = 5000;
    const support::Image image = build(spec);
    support::Random random(7);
    for (const std::string& good : {elf.bytes(), image.bytes, support::fat({image}).bytes}) {
        for (int i = 0; i < 3000; ++i) {
            std::string odd = good;
            for (int k = 0; k < 3; ++k)
                odd[random.below(std::min<std::size_t>(good.size(), 1024))] = static_cast<char>(random.below(256));
            const Linkage linkage =
                plan(odd, {{placeholder, "/n"}, {placeholder + "/lib", "/a/longer/place/for/libraries/lib"}});
            const std::string out = applied(odd, linkage);
            CHECK(out.size() == odd.size());
            CHECK((linkage.findings.empty() || linkage.edits.empty()));
        }
    }
}

TEST_CASE("install names and rpaths of every slice grow; what begins with @rpath stays; so does data") {
    support::ImageSpec spec;
    spec.rpath = placeholder + "/lib";
    spec.commands = {support::integer(0x8000001c, 4, false) + support::integer(32, 4, false) + support::integer(12, 4, false) +
                     "@rpath/" + std::string(13, '\0')};
    spec.header_gap = 100;
    spec.plants = {{9000, placeholder + "/data"}};
    const support::Image one = build(spec);
    spec.cputype = support::cpu_x86_64;
    const support::Image two = build(spec);
    const support::Fat fat = support::fat({one, two});
    const Linkage linkage = plan(fat.bytes, {{placeholder, "/home/linuxbrew/.linuxbrew"}});
    REQUIRE(linkage.findings.empty());
    REQUIRE(linkage.edits.size() == 2);
    const std::string out = applied(fat.bytes, linkage);
    for (std::uint64_t at : fat.offsets)
        CHECK(command_texts(out.substr(at)) == std::vector<std::string>{"/home/linuxbrew/.linuxbrew/lib", "@rpath/"});
    CHECK(out.find(placeholder + "/data") != std::string::npos);
}

TEST_CASE("an image without room refuses its file by name, other slices' changes included") {
    support::ImageSpec spec;
    spec.rpath = placeholder + "/lib";
    spec.header_gap = 100;
    const support::Image one = build(spec);
    spec.header_gap = 0;
    spec.cputype = support::cpu_x86_64;
    const support::Image two = build(spec);
    const support::Fat fat = support::fat({one, two});
    const Linkage linkage = plan(fat.bytes, {{placeholder, "/home/linuxbrew/.linuxbrew/and/more"}});
    CHECK(linkage.edits.empty());
    REQUIRE(linkage.findings.size() == 1);
    CHECK(linkage.findings[0].code == Code::load_commands_full);
    CHECK(linkage.findings[0].offset > fat.offsets[1]);
}

TEST_CASE("neither text nor a short file has linkage") {
    for (const std::string& file : {std::string(), std::string("\x7f"), std::string("\x7f") + "ELF",
                                    std::string("\xcf\xfa\xed\xfe"), std::string("\xca\xfe\xba\xbe"), placeholder + "/lib"})
        CHECK(plan(file, {{placeholder, "/n"}}) == Linkage{});
}

}  // namespace reseal::linkage_test
