// SPDX-License-Identifier: BSL-1.0
// Odd load commands, and files that are no images to us.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_load_commands_test {
using namespace support;

namespace {

ImageSpec unsigned_spec() {
    ImageSpec spec = with_path_in_code(path_a);
    spec.has_signature = false;
    return spec;
}

// An unsigned image, or bytes that are no image: only the path is replaced.
corner::Outcome substitutes(const std::string& input, const std::vector<Code>& notes = {}) {
    const corner::Outcome out = corner::gives(input, corner::naive(input), notes);
    CHECK(out.report.entries.at(0).status == EntryStatus::substituted);
    return out;
}

}  // namespace

TEST_CASE("an unsigned arm64 program is substituted, with a note that the system will not run it") {
    for (std::uint32_t filetype : {2U, 6U, 8U}) {
        ImageSpec spec = unsigned_spec();
        spec.filetype = filetype;
        CHECK(substitutes(build(spec).bytes, {Code::unsigned_arm64}).image().status == ImageStatus::unsigned_);
    }
}

TEST_CASE("unsigned x86_64, objects, dSYMs and big-endian images are substituted without a note") {
    ImageSpec intel = unsigned_spec();
    intel.cputype = cpu_x86_64;
    CHECK(substitutes(build(intel).bytes).image().status == ImageStatus::unsigned_);
    for (std::uint32_t filetype : {1U, 10U}) {
        ImageSpec spec = unsigned_spec();
        spec.filetype = filetype;
        substitutes(build(spec).bytes);
    }
    ImageSpec ppc = unsigned_spec();
    ppc.cputype = cpu_ppc;
    ppc.wide = false;
    ppc.big_endian = true;
    substitutes(build(ppc).bytes);
}

TEST_CASE("LC_CODE_SIGNATURE of another size than 16 is refused") {
    for (std::uint32_t size : {8U, 24U}) {
        ImageSpec spec = with_path_in_code(path_a);
        spec.signature_cmdsize = size;
        CAPTURE(size);
        corner::refuses(build(spec).bytes, Code::signature_command);
    }
}

TEST_CASE("an empty signature is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_datasize = 0;
    corner::refuses(build(spec).bytes, Code::signature_range);
}

TEST_CASE("a signature too short for its own header is refused") {
    for (std::uint32_t size : {1U, 4U, 11U}) {
        ImageSpec spec = with_path_in_code(path_a);
        spec.signature_datasize = size;
        CAPTURE(size);
        corner::refuses(build(spec).bytes, Code::superblob_malformed);
    }
}

TEST_CASE("a signature past the end of the file, or of 32 bits, is refused when touched") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_datasize = 0x10000;
    corner::refuses(build(spec).bytes, Code::truncated);
    spec.signature_dataoff = 0xfffffff0;
    spec.signature_datasize = 0x100;
    corner::refuses(build(spec).bytes, Code::truncated);
}

TEST_CASE("a signature of more than 64 MiB is refused when touched, before it is read") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_datasize = (64 << 20) + 1;
    corner::refuses(build(spec).bytes, Code::signature_too_large);
    spec.signature_datasize = 64 << 20;
    corner::refuses(build(spec).bytes, Code::truncated);
}

TEST_CASE("a signature that overlaps the load commands is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_dataoff = 64;
    corner::refuses(build(spec).bytes, Code::signature_range);
}

TEST_CASE("a signature that stands before code is refused") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_dataoff = 4096 * 2;  // __LINKEDIT begins behind it
    spec.signature_datasize = 256;
    corner::refuses(build(spec).bytes, Code::signature_before_code);
}

TEST_CASE("two LC_CODE_SIGNATURE are refused") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature_commands = 2;
    corner::refuses(build(spec).bytes, Code::two_signatures);
}

TEST_CASE("an encrypted image is refused, one whose cryptid is 0 is resealed") {
    for (bool wide : {true, false}) {
        ImageSpec spec = with_path_in_code(path_a);
        spec.wide = wide;
        spec.cryptid = 1;
        corner::refuses(build(spec).bytes, Code::encrypted);
        spec.cryptid = 0;
        corner::reseals(spec);
    }
}

TEST_CASE("load commands that do not parse make plain bytes, signature and all") {
    const Image good = build(with_path_in_code(path_a));
    const auto poked_at = [&](std::uint64_t at, std::uint64_t value) {
        substitutes(poked(good.bytes, at, integer(value, 4, false)));
    };
    poked_at(16, 1000);  // more commands than their bytes hold
    poked_at(16, 0xffffffff);
    poked_at(good.signature_command + 4, 0);  // cmdsize 0 would go round for ever
    poked_at(good.signature_command + 4, 7);
    poked_at(good.signature_command + 4, 18);       // unaligned
    poked_at(good.signature_command + 4, 0x10000);  // past sizeofcmds
    poked_at(20, good.bytes.size());                // sizeofcmds past the file
}

TEST_CASE("an image that says it has more than 1 MiB of load commands is refused when touched") {
    const Image good = build(with_path_in_code(path_a));
    corner::refuses(poked(good.bytes, 20, integer((1 << 20) + 8, 4, false)), Code::commands_too_large);
}

TEST_CASE("a signature command outside the counted commands is none") {
    const Image good = build(with_path_in_code(path_a));
    const std::uint64_t count = get(good.bytes, 16, 4, false);
    substitutes(poked(good.bytes, 16, integer(count - 1, 4, false)), {Code::unsigned_arm64});
}

TEST_CASE("an edit that changes what the header says of the signature is refused") {
    const Image good = build(with_path_in_code(path_a));
    // 16 bytes: the whole of LC_CODE_SIGNATURE.
    const std::vector<Rule> rules = {
        {good.bytes.substr(good.signature_command, 16),
         integer(0x1d, 4, false) + integer(16, 4, false) + integer(good.signature, 4, false) + integer(4, 4, false)}};
    corner::refuses(good.bytes, Code::header_edited, {}, rules);
    // The magic itself: the new bytes are no image.
    const std::vector<Rule> magic = {{good.bytes.substr(0, 16), "not a Mach-O now"}};
    corner::refuses(good.bytes, Code::header_edited, {}, magic);
    // A segment's name.
    const std::vector<Rule> name = {{"__LINKEDIT", "__LINKEDAT"}};
    corner::refuses(good.bytes, Code::header_edited, {}, name);
}

TEST_CASE("a number of sections that its segment command cannot hold passes for the one before") {
    const Image good = build(with_path_in_code(path_a));
    constexpr std::size_t sections = 32 + 64, start = 32 + 8 + 16;  // of __TEXT, the first command
    for (std::uint32_t count : {2U, 0x7fffffffU, 0xffffffffU}) {
        CAPTURE(count);
        Rule rule{good.bytes.substr(start, sections + 24 - start), good.bytes.substr(start, sections + 24 - start)};
        poke(rule.to, sections - start, integer(count, 4, false));
        corner::refuses(good.bytes, Code::header_edited, {}, {rule});
    }
}

TEST_CASE("a section __info_plist that does not end before the signature goes out without its hash") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.info_plist = "<plist>" + path_a + "</plist>";
    spec.trailer = spec.info_plist;
    const Image image = build(spec);
    constexpr std::uint64_t section = 32 + 72 + 80, size_at = section + 40, offset_at = section + 48;
    REQUIRE(image.bytes.substr(section, 12) == "__info_plist");
    const auto at = [&](std::uint64_t offset) { spec.pokes = {{offset_at, integer(offset, 4, false)}}; };
    at(image.trailer);
    corner::refuses(build(spec).bytes, Code::signature_before_code);
    at(image.signature - 1);
    corner::refuses(build(spec).bytes, Code::signature_before_code);
    at(image.signature + 100);
    corner::refuses(build(spec).bytes, Code::signature_before_code);
    spec.pokes = {{size_at, integer(~std::uint64_t{0}, 8, false)}};
    corner::refuses(build(spec).bytes, Code::signature_before_code);
    // Up to the signature's first byte it is code like any other.
    spec.trailer.clear();
    spec.info_plist = path_a;
    const std::uint64_t last = image.signature - path_a.size();
    spec.plants.push_back({last, path_a});
    at(last);
    primary(spec).seals = {{1, path_a}};
    corner::reseals(spec);
    // An empty one is nowhere.
    spec.pokes = {{size_at, integer(0, 8, false)}, {offset_at, integer(image.trailer, 4, false)}};
    primary(spec).seals = {{1, ""}};
    corner::reseals(spec);
}

TEST_CASE("archives, Java classes, scripts and Mach-O magic alone are plain bytes") {
    substitutes("!<arch>\n" + path_a + "\n");
    substitutes(std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8) + path_a);
    substitutes("#!" + path_a + "/bin/sh\n");
    substitutes(path_a);
    corner::gives("\xcf\xfa\xed\xfe cut", "\xcf\xfa\xed\xfe CUT", {}, {}, {{"cut", "CUT"}});
}

TEST_CASE("a dyld shared cache is substituted, with a note that its own signature is not repaired") {
    substitutes("dyld_v1  arm64e" + std::string(200, '\0') + path_a, {Code::dyld_cache});
}

TEST_CASE("a detached signature is plain bytes") { substitutes(be32(0xfade0cc1) + be32(200) + be32(1) + path_a); }

}  // namespace reseal::corner_load_commands_test
