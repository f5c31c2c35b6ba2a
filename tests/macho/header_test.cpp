// SPDX-License-Identifier: BSL-1.0
// What the load commands say of the signature, in both widths and byte orders, and every way in which they can be wrong.
#include "macho/header.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "macho/constants.hpp"
#include "support/octets.hpp"
#include "support/testdata.hpp"

namespace reseal::header_test {
using namespace macho;

namespace {

/// A header and its load commands, field by field.
struct Maker {
    bool big = false, wide = true;
    std::uint32_t cputype = cpu_arm64, filetype = mh_execute;
    std::vector<std::string> commands = {};
    std::optional<std::uint32_t> count = {}, size = {};

    std::string u32(std::uint64_t value) const { return support::integer(value, 4, big); }
    std::string word(std::uint64_t value) const { return support::integer(value, wide ? 8 : 4, big); }
    static std::string name(const std::string& text) { return text + std::string(16 - text.size(), '\0'); }

    Maker& command(std::uint32_t cmd, const std::string& body, std::optional<std::uint32_t> cmdsize = {}) {
        commands.push_back(u32(cmd) + u32(cmdsize.value_or(static_cast<std::uint32_t>(8 + body.size()))) + body);
        return *this;
    }
    Maker& signature(std::uint32_t offset, std::uint32_t bytes) { return command(0x1d, u32(offset) + u32(bytes)); }
    Maker& encryption(std::uint32_t cryptid) {
        return command(wide ? 0x2c : 0x21, u32(4096) + u32(4096) + u32(cryptid) + (wide ? u32(0) : ""));
    }
    std::string section(const std::string& section_name, const std::string& segment_name, std::uint32_t offset,
                        std::uint64_t bytes) const {
        return name(section_name) + name(segment_name) + word(0x4000) + word(bytes) + u32(offset) +
               std::string(wide ? 28 : 24, '\0');
    }
    Maker& segment(const std::string& text, std::uint64_t offset, std::uint64_t bytes,
                   const std::vector<std::string>& sections = {}) {
        std::string body = name(text) + word(0x4000) + word(0x4000) + word(offset) + word(bytes) + u32(5) + u32(5) +
                           u32(sections.size()) + u32(0);
        for (const std::string& each : sections) body += each;
        return command(wide ? 0x19 : 0x1, body);
    }
    std::string bytes() const {
        std::string all;
        for (const std::string& each : commands) all += each;
        return u32(wide ? 0xfeedfacf : 0xfeedface) + u32(cputype) + u32(0) + u32(filetype) +
               u32(count.value_or(commands.size())) + u32(size.value_or(all.size())) + u32(0) + (wide ? u32(0) : "") + all;
    }
};

Maker program() {
    Maker maker;
    maker.segment("__TEXT", 0, 0x8000).segment("__LINKEDIT", 0x8000, 0x1200).signature(0x9000, 0x200);
    return maker;
}

std::optional<Code> defect(const Maker& maker, std::optional<std::uint64_t> image_size = 0x9200) {
    const std::optional<Header> header = parse_header(maker.bytes(), image_size);
    REQUIRE(header);
    if (!header->defect) return {};
    return header->defect->code;
}

bool plain(const std::string& bytes) { return !parse_header(bytes, {}); }

}  // namespace

TEST_CASE("both widths, both byte orders") {
    for (bool big : {false, true})
        for (bool wide : {false, true}) {
            CAPTURE(big);
            CAPTURE(wide);
            Maker maker{big, wide};
            maker
                .segment("__TEXT", 0, 0x8000,
                         {maker.section("__text", "__TEXT", 0x700, 64), maker.section("__info_plist", "__TEXT", 0x800, 99)})
                .segment("__LINKEDIT", 0x8000, 0x1200)
                .signature(0x9000, 0x200);
            const std::string bytes = maker.bytes();
            CHECK(is_thin(bytes));
            const std::optional<Header> header = parse_header(bytes, 0x9200);
            REQUIRE(header);
            CHECK(header->order == (big ? bytes::Order::big : bytes::Order::little));
            CHECK(header->wide == wide);
            CHECK(header->cputype == cpu_arm64);
            CHECK(header->filetype == mh_execute);
            CHECK(header->commands_end == bytes.size());
            CHECK(header->signature == Range{0x9000, 0x200});
            CHECK(header->info_plist == Range{0x800, 99});
            CHECK(header->linkedit == Range{0x8000, 0x1200});
            CHECK_FALSE(header->defect);
        }
}

TEST_CASE("a UUID is looked for elsewhere than where it stands") {
    for (bool big : {false, true})
        for (bool wide : {false, true}) {
            Maker maker{big, wide};
            maker.segment("__TEXT", 0, 0x8000).command(lc_uuid, "sixteen letters!").signature(0x9000, 0x200);
            const std::string bytes = maker.bytes();
            CHECK(parse_header(bytes, {})->uuid == Range{bytes.find("sixteen"), 16});
            maker.command(lc_uuid, "sixteen letters?");
            CHECK_FALSE(parse_header(maker.bytes(), {})->uuid);  // which one counts?
        }
    CHECK_FALSE(parse_header(program().bytes(), {})->uuid);
    CHECK_FALSE(parse_header(Maker().command(lc_uuid, "twelve bytes").bytes(), {})->uuid);
}

TEST_CASE("offsets of segments beyond 4 GiB") {
    Maker maker;
    maker.segment("__LINKEDIT", 0x1'0000'8000, 0x2'0000'0000);
    CHECK(parse_header(maker.bytes(), {})->linkedit == Range{0x1'0000'8000, 0x2'0000'0000});
}

TEST_CASE("a section __info_plist of another segment seals nothing") {
    Maker maker;
    maker.segment("__DATA", 0, 0x8000, {maker.section("__info_plist", "__DATA", 0x800, 99)});
    CHECK_FALSE(parse_header(maker.bytes(), {})->info_plist);
}

TEST_CASE("the parser is told how many bytes it wants, and takes what it asked for") {
    for (bool wide : {false, true}) {
        Maker maker{false, wide};
        maker.segment("__TEXT", 0, 0x8000).signature(0x9000, 0x200);
        const std::string file = maker.bytes() + std::string(4096, '\x5a');
        std::size_t wanted = 0;
        for (std::string head; (wanted = header_bytes_wanted(head)) > head.size();) head = file.substr(0, wanted);
        CHECK(wanted == maker.bytes().size());
        CHECK(parse_header(file.substr(0, wanted), {}).has_value());
    }
    CHECK(header_bytes_wanted("plain text") <= 10);
}

TEST_CASE("what is no Mach-O is plain bytes") {
    CHECK(plain(""));
    CHECK(plain("#!/bin/sh\nexit 0\n"));
    CHECK(plain("!<arch>\n"));
    CHECK(plain(support::integer(0xfeedfacd, 4, true) + std::string(64, '\0')));
    CHECK_FALSE(is_thin("\xfe\xed\xfa"));
}

TEST_CASE("load commands cut short at any byte are plain bytes") {
    const std::string whole = program().bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(plain(whole.substr(0, size)));
    }
}

TEST_CASE("cmdsize 0 is plain bytes, not an endless loop") { CHECK(plain(program().command(0x26, "", 0).bytes())); }
TEST_CASE("cmdsize below 8") { CHECK(plain(program().command(0x26, "", 4).bytes())); }
TEST_CASE("cmdsize that is no multiple of 4") { CHECK(plain(program().command(0x26, std::string(6, '\0'), 14).bytes())); }
TEST_CASE("cmdsize past the load commands") {
    CHECK(plain(program().command(0x26, "", 16).bytes()));
    CHECK(plain(program().command(0x26, "", 0xfffffff8).bytes()));
}
TEST_CASE("ncmds of more commands than there are") {
    for (std::uint32_t count : {4U, 0xffffffffU}) {
        Maker maker = program();
        maker.count = count;
        CHECK(plain(maker.bytes()));
    }
}
TEST_CASE("ncmds of fewer commands than there are: the rest is not looked at") {
    Maker maker = program();
    maker.count = 2;
    CHECK_FALSE(parse_header(maker.bytes(), {})->signature);
}
TEST_CASE("sizeofcmds that ends inside a command") {
    Maker maker = program();
    maker.size = static_cast<std::uint32_t>(maker.bytes().size() - 32 - 4);
    CHECK(plain(maker.bytes()));
}

TEST_CASE("more load commands than we keep") {
    Maker maker = program();
    maker.size = static_cast<std::uint32_t>(max_load_commands + 1);
    CHECK(header_bytes_wanted(maker.bytes()) == 32);  // judged by the header alone
    CHECK(defect(maker) == Code::commands_too_large);
    maker.size = 0xffffffff;
    CHECK(defect(maker) == Code::commands_too_large);
}
TEST_CASE("as many load commands as we keep") {
    Maker maker = program();
    const std::size_t so_far = maker.bytes().size() - 32;
    maker.command(0x26, std::string(max_load_commands - so_far - 8, '\0'));
    REQUIRE(maker.bytes().size() == 32 + max_load_commands);
    const std::optional<Header> header = parse_header(maker.bytes(), {});
    REQUIRE(header);
    CHECK(header->defect->code == Code::signature_range);  // 0x9000 is inside of so many commands
}

TEST_CASE("an image without a signature has nothing wrong with it") {
    Maker maker;
    maker.segment("__TEXT", 0, 0x8000);
    CHECK_FALSE(defect(maker));
    CHECK_FALSE(parse_header(maker.bytes(), {})->signature);
}

TEST_CASE("two LC_CODE_SIGNATURE, even of one range") {
    CHECK(defect(program().signature(0x9000, 0x200)) == Code::two_signatures);
}
TEST_CASE("LC_CODE_SIGNATURE of another size than 16") {
    for (std::uint32_t size : {8U, 12U, 20U, 24U}) {
        CAPTURE(size);
        Maker maker;
        maker.segment("__TEXT", 0, 0x8000);
        maker.command(0x1d, (maker.u32(0x9000) + maker.u32(0x200) + std::string(8, '\0')).substr(0, size - 8));
        CHECK(defect(maker) == Code::signature_command);
    }
}
TEST_CASE("datasize 0") { CHECK(defect(Maker{}.signature(0x9000, 0)) == Code::signature_range); }
TEST_CASE("dataoff in the load commands") {
    CHECK(defect(Maker{}.signature(0, 0x200)) == Code::signature_range);
    CHECK(defect(Maker{}.signature(32 + 15, 0x200)) == Code::signature_range);
    CHECK_FALSE(defect(Maker{}.signature(32 + 16, 0x200)));
}
TEST_CASE("a signature past its image") {
    CHECK(defect(program(), 0x91ff) == Code::signature_range);
    CHECK(defect(Maker{}.signature(0x9201, 0x1000)) == Code::signature_range);
    CHECK(defect(Maker{}.signature(0xffffffff, 0xffffffff)) == Code::signature_range);
    CHECK_FALSE(defect(program(), 0x9200));
    CHECK_FALSE(defect(program(), {}));  // the image's size is not known
}
TEST_CASE("a segment behind the signature") {
    CHECK(defect(program().segment("__DATA", 0x9001, 0x10)) == Code::signature_before_code);
    CHECK(defect(program().segment("__DATA", 0x9200, 0x1000), 0x10000) == Code::signature_before_code);
    // The defect lies where the signature does: the segment's own offset may be any number.
    CHECK(parse_header(program().segment("__DATA", ~std::uint64_t{0}, 1).bytes(), {})->defect->offset == 0x9000);
    CHECK_FALSE(defect(program().segment("__EMPTY", 0x9200, 0)));         // __PAGEZERO and the like take no bytes
    CHECK_FALSE(defect(program().segment("__LINKEDIT", 0x9000, 0x200)));  // nothing but the signature in it
}
TEST_CASE("a signature of more than 64 MiB") {
    CHECK(defect(Maker{}.signature(0x9000, max_signature + 1), {}) == Code::signature_too_large);
    CHECK_FALSE(defect(Maker{}.signature(0x9000, max_signature), {}));
}
TEST_CASE("cryptid") {
    for (bool wide : {false, true}) {
        Maker maker{false, wide};
        maker.signature(0x9000, 0x200);
        CHECK_FALSE(defect(Maker(maker).encryption(0)));
        CHECK(defect(Maker(maker).encryption(1)) == Code::encrypted);
    }
}
TEST_CASE("of several defects the first one stays") {
    CHECK(defect(program().encryption(1).signature(0x9000, 0x200)) == Code::encrypted);
    CHECK(defect(program().signature(0x9000, 0x200).encryption(1)) == Code::two_signatures);
}

TEST_CASE("a segment command too short for its fields is read as far as it goes") {
    Maker maker;
    maker.command(0x19, std::string(8, '\0')).signature(0x9000, 0x200);
    CHECK_FALSE(defect(maker));
}
TEST_CASE("more sections than a segment command holds") {
    Maker maker;
    maker.segment("__TEXT", 0, 0x8000);
    support::poke(maker.commands[0], 64, maker.u32(0xffffffff));
    maker.signature(0x9000, 0x200);
    CHECK_FALSE(defect(maker));
    CHECK_FALSE(parse_header(maker.bytes(), {})->info_plist);
    CHECK_FALSE(parse_header(maker.bytes(), {})->sections_fit);
}
TEST_CASE("as many sections as a segment command holds, and one more") {
    for (bool wide : {false, true}) {
        CAPTURE(wide);
        Maker maker{false, wide};
        const std::string section = maker.section("__text", "__TEXT", 0x700, 64);
        maker.segment("__TEXT", 0, 0x8000, {section, section});
        CHECK(parse_header(maker.bytes(), {})->sections_fit);
        support::poke(maker.commands[0], wide ? 64 : 48, maker.u32(3));
        CHECK_FALSE(parse_header(maker.bytes(), {})->sections_fit);
    }
}
TEST_CASE("a section __info_plist that does not end before the signature") {
    const auto with = [](std::uint32_t offset, std::uint64_t bytes) {
        Maker maker;
        return defect(maker.segment("__TEXT", 0, 0x8000, {maker.section("__info_plist", "__TEXT", offset, bytes)})
                          .signature(0x9000, 0x200));
    };
    CHECK_FALSE(with(0x8f00, 0x100));
    CHECK(with(0x8f00, 0x101) == Code::signature_before_code);
    CHECK(with(0x9200, 1) == Code::signature_before_code);
    CHECK(with(0x800, ~std::uint64_t{0}) == Code::signature_before_code);
    CHECK_FALSE(with(0x9200, 0));
}

TEST_CASE("who must be signed") {
    const auto must = [](std::uint32_t cputype, std::uint32_t filetype) {
        return parse_header(Maker{false, true, cputype, filetype}.bytes(), {})->must_be_signed();
    };
    for (std::uint32_t filetype : {2U, 6U, 8U}) {  // executable, dylib, bundle
        CHECK(must(cpu_arm64, filetype));
        CHECK_FALSE(must(cpu_x86_64, filetype));
    }
    for (std::uint32_t filetype : {1U, 4U, 9U, 10U}) CHECK_FALSE(must(cpu_arm64, filetype));  // object, core, dylib stub, dSYM
}

TEST_CASE("what the linker writes") {
    const std::optional<Header> header =
        parse_header(support::testdata("a/info-plist.arm64"), support::testdata("a/info-plist.arm64").size());
    REQUIRE(header);
    CHECK_FALSE(header->defect);
    CHECK(header->must_be_signed());
    REQUIRE(header->signature);
    REQUIRE(header->linkedit);
    CHECK(header->signature->end() == header->linkedit->end());
    REQUIRE(header->info_plist);
    CHECK(support::testdata("a/info-plist.arm64").substr(header->info_plist->offset, 5) == "<?xml");
}

}  // namespace reseal::header_test
