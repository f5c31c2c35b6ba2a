// SPDX-License-Identifier: BSL-1.0
// Universal files and what only looks like one.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "rewrite/file.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_fat_test {
using namespace support;

namespace {

ImageSpec arm() { return with_path_in_code(path_a); }
ImageSpec intel() {
    ImageSpec spec = with_path_in_code(path_a);
    spec.cputype = cpu_x86_64;
    spec.seed = 2;
    return spec;
}

FatSpec both() {
    FatSpec spec;
    spec.slices = {build(intel()), build(arm())};
    return spec;
}

FatSpec both_twins() {
    FatSpec spec;
    spec.slices = {build(with_path(intel(), path_a, path_b)), build(with_path(arm(), path_a, path_b))};
    return spec;
}

// The same change to the file and to its twin.
template <class Change>
corner::Outcome gives_twin(Change&& change, const std::vector<Code>& notes = {}) {
    FatSpec a = both(), b = both_twins();
    change(a);
    change(b);
    REQUIRE(check(build(b).bytes).good_and_signed());
    return corner::gives(build(a).bytes, build(b).bytes, notes);
}

template <class Change>
void refuses_table(Change&& change) {
    FatSpec spec = both();
    change(spec);
    corner::refuses(build(spec).bytes, Code::fat_malformed);
}

}  // namespace

TEST_CASE("universal files of 32 and 64 bits, in any order of the table, are resealed in every slice") {
    for (bool wide : {false, true})
        for (bool reversed : {false, true}) {
            const corner::Outcome out = gives_twin([&](FatSpec& spec) { spec.wide = wide, spec.table_reversed = reversed; });
            CHECK(out.image(0).arch == "x86_64");
            CHECK(out.image(1).arch == "arm64");
            CHECK(out.image(1).offset == 49152);
        }
}

TEST_CASE("slices back to back, without alignment, and bytes that are not zero between them") {
    gives_twin([](FatSpec& spec) { spec.align = 0; });
    gives_twin([](FatSpec& spec) { spec.align = 12, spec.fill = 'x'; });
}

TEST_CASE("a half-signed file: the unsigned slice stays unsigned") {
    ImageSpec unsigned_intel = intel();
    unsigned_intel.has_signature = false;
    const Fat a = fat({build(unsigned_intel), build(arm())});
    const Fat b = fat({build(with_path(unsigned_intel, path_a, path_b)), build(with_path(arm(), path_a, path_b))});
    const corner::Outcome out = corner::gives(a.bytes, b.bytes);
    CHECK(out.image(0).status == ImageStatus::unsigned_);
    CHECK(out.image(1).status == ImageStatus::resealed);
}

TEST_CASE("an edit across the end of one slice and the start of the next touches both") {
    FatSpec spec = both();
    spec.align = 0;
    const Fat file = build(spec);
    const std::uint64_t end = file.offsets[1];
    // The last bytes of a CodeDirectory's last hash, and the magic of the next image.
    const corner::Outcome out = corner::rewrite(file.bytes, {}, corner::hit(file.bytes, end - 8, 16));
    CHECK(out.refused);
    CHECK(out.errors == std::vector<Code>{Code::structure_edited, Code::header_edited});
}

TEST_CASE("edits behind the slices are carried out with one note") {
    FatSpec a = both(), b = both_twins();
    a.trailer = path_a + " and " + path_a;
    b.trailer = path_b + " and " + path_b;
    corner::gives(build(a).bytes, build(b).bytes, {Code::outside_slices});
}

TEST_CASE("edits between the slices are carried out with one note") {
    const Fat a = build(both()), b = build(both_twins());
    const std::uint64_t gap = a.offsets[1] - 100;  // alignment's zeros
    corner::gives(poked(a.bytes, gap, path_a), poked(b.bytes, gap, path_b), {Code::outside_slices});
}

TEST_CASE("overlapping slices, a slice in the table, one architecture twice: refused") {
    refuses_table([](FatSpec& spec) { spec.slices[1].offset = 16384 + 100; });
    refuses_table([](FatSpec& spec) { spec.slices[0].size = 100'000; });
    refuses_table([](FatSpec& spec) { spec.slices[0].offset = 20; });
    refuses_table([](FatSpec& spec) { spec.slices[1].cputype = cpu_x86_64; });
    refuses_table([](FatSpec& spec) {
        spec.wide = true;
        spec.slices[1].offset = 0xffffffffffffff00;
    });
}

TEST_CASE("more than 64 slices are refused when touched, 64 are taken") {
    refuses_table([](FatSpec& spec) { spec.count = 0xffff; });
    refuses_table([](FatSpec& spec) { spec.count = 0xffffffff; });
    FatSpec a, b;
    a.align = b.align = 3;
    for (std::uint32_t i = 0; i < 64; ++i) {
        ImageSpec spec;
        spec.code_size = 2000;
        spec.plants = {{1000, path_a}};
        spec.cpusubtype = i;
        a.slices.push_back(build(spec));
        b.slices.push_back(build(with_path(spec, path_a, path_b)));
    }
    CHECK(corner::gives(build(a).bytes, build(b).bytes).report.entries.at(0).images.size() == 64);
    ImageSpec more;
    more.cpusubtype = 64;
    a.slices.push_back(build(more));
    refuses_table([&](FatSpec& spec) { spec = a, spec.count = 65 << 16; });  // not a Java class either
}

TEST_CASE("a table of no slices and a Java class are plain bytes") {
    const std::string none = be32(0xcafebabe) + be32(0) + path_a;
    corner::gives(none, corner::naive(none));
    for (std::uint32_t version : {45U, 52U, 61U, 65U}) {
        const std::string java = be32(0xcafebabe) + be32(version) + noise(3000, 1) + path_a + noise(3000, 2);
        CHECK(corner::gives(java, corner::naive(java)).report.entries.at(0).images.empty());
    }
}

TEST_CASE("a table that the file ends in is plain bytes") {
    const std::string cut = build(both()).bytes.substr(0, 40);
    const std::vector<Rule> rules = {{cut.substr(12, 16), "replaced bytes.."}};
    corner::gives(cut, corner::naive(cut, rules), {}, {}, rules);
}

TEST_CASE("an edit in the table is refused, an edit that leaves what it says is not") {
    const Fat file = build(both());
    corner::refuses(file.bytes, Code::fat_edited, {}, corner::hit(file.bytes, 8, 16));
    corner::refuses(file.bytes, Code::fat_edited, {}, corner::hit(file.bytes, 0, 16));
    // The magic alone: what it says of the slices would still be read the same.
    for (const std::uint32_t magic : {0xcafebabdU, 0xcafebabfU, 0xfeedfacfU}) {
        const std::vector<Rule> other = {{file.bytes.substr(0, 12), be32(magic) + file.bytes.substr(4, 8)}};
        corner::refuses(file.bytes, Code::fat_edited, {}, other);
    }
    const std::vector<Rule> alignment = {{file.bytes.substr(16, 12), file.bytes.substr(16, 8) + be32(12)}};
    corner::refuses(file.bytes, Code::fat_edited, {}, alignment);
    // The last field of a 64-bit entry is reserved: nobody reads it.
    FatSpec wide = both();
    wide.wide = true;
    const Fat file64 = build(wide);
    const std::vector<Rule> reserved = {{file64.bytes.substr(16, 24), file64.bytes.substr(16, 20) + be32(12)}};
    corner::gives(file64.bytes, corner::naive(file64.bytes, reserved), {}, {}, reserved);
}

TEST_CASE("a slice past the end of the file: refused if its signature is cut off, resealed if only bytes behind it are") {
    const std::string file = build(both()).bytes;
    corner::refuses(file.substr(0, file.size() - 1), Code::truncated);
    FatSpec a = both(), b = both_twins();
    for (FatSpec* spec : {&a, &b}) spec->slices[1].size = spec->slices[1].bytes.size() + 5000;
    corner::gives(build(a).bytes, build(b).bytes);
}

TEST_CASE("a signature that leaves its slice is refused") {
    ImageSpec spec = intel();
    spec.signature_datasize = 20'000;
    corner::refuses(fat({build(spec), build(arm())}).bytes, Code::signature_range);
    FatSpec file = both();
    file.slices[0].size = file.slices[0].bytes.size() - 1;
    corner::refuses(build(file).bytes, Code::signature_range);
}

TEST_CASE("a static library or text in a slice is substituted, the image beside it resealed") {
    const std::string archive = "!<arch>\n" + path_a + std::string(1000, 'a');
    const Fat a = fat({{archive, cpu_x86_64}, build(arm())});
    const Fat b = fat({{corner::naive(archive), cpu_x86_64}, build(with_path(arm(), path_a, path_b))});
    const corner::Outcome out = corner::gives(a.bytes, b.bytes);
    CHECK(out.report.entries.at(0).images.size() == 1);
    CHECK(out.image().arch == "arm64");
}

TEST_CASE("a slice that is cut within its header is plain bytes") {
    const Image image = build(arm());
    const std::string cut = image.bytes.substr(0, image.commands_end - 1);
    const Fat a = fat({{cut, cpu_x86_64}, build(arm())});
    const Fat b = fat({{corner::naive(cut), cpu_x86_64}, build(with_path(arm(), path_a, path_b))});
    corner::gives(a.bytes, b.bytes);
}

TEST_CASE("the arm64 slice hidden one past the count is resealed too") {
    FatSpec a = both(), b = both_twins();
    a.hidden_last = b.hidden_last = true;
    const corner::Outcome out = corner::gives(build(a).bytes, build(b).bytes);
    CHECK(out.report.entries.at(0).images.size() == 2);
    CHECK(out.image(1).arch == "arm64");
}

TEST_CASE("an empty slice is passed by") {
    FatSpec a = both(), b = both_twins();
    for (FatSpec* spec : {&a, &b}) spec->slices.insert(spec->slices.begin() + 1, SliceSpec("", cpu_ppc));
    corner::gives(build(a).bytes, build(b).bytes);
}

TEST_CASE("an empty slice is handed a byte that it cannot take") {
    FatSpec spec = both();
    spec.slices.insert(spec.slices.begin() + 1, SliceSpec("", cpu_ppc));
    const Fat fat_file = build(spec);
    const Options options;
    rewrite::File file("file", options);
    for (std::string_view rest = fat_file.bytes; !rest.empty();) {
        const std::size_t taken = file.take({rest, rest}).taken;
        if (taken == 0) FAIL("at " << fat_file.bytes.size() - rest.size());
        rest.remove_prefix(taken);
    }
    file.end();
    CHECK(file.entry().images.size() == 2);
}

}  // namespace reseal::corner_fat_test
