// SPDX-License-Identifier: BSL-1.0
// Longer strings in load commands: in the commands' own padding, then in the gap behind them, and never further.
#include "relocate/command_change.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "macho/constants.hpp"
#include "macho/header.hpp"
#include "rewrite/file.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"

namespace reseal::command_change_test {
using relocate::CommandChange;
using support::ImageSpec;

namespace {

struct Shape {
    bool wide, big;
    std::uint32_t cputype;
};
const std::vector<Shape> shapes = {{true, false, support::cpu_arm64},
                                   {true, true, support::cpu_ppc64},
                                   {false, false, support::cpu_arm},
                                   {false, true, support::cpu_ppc}};

std::string dylib_command(const Shape& shape, std::uint32_t cmd, std::string name) {
    const auto u32 = [&](std::uint64_t value) { return support::integer(value, 4, shape.big); };
    name.resize((name.size() + 8) / 8 * 8, '\0');
    return u32(cmd) + u32(24 + name.size()) + u32(24) + u32(2) + u32(0x10000) + u32(0x10000) + name;
}

/// A signed image with an rpath and two install names, `gap` zeros behind its load commands.
ImageSpec spec_of(const Shape& shape, std::uint64_t gap) {
    ImageSpec spec;
    spec.wide = shape.wide;
    spec.big_endian = shape.big;
    spec.cputype = shape.cputype;
    spec.filetype = 6;
    spec.rpath = "@@P@@/lib";
    spec.commands = {dylib_command(shape, macho::lc_id_dylib, "@@P@@/lib/libself.dylib"),
                     dylib_command(shape, macho::lc_load_dylib, "@@P@@/lib/libother.dylib")};
    spec.header_gap = gap;
    return spec;
}

/// Every string that begins with @@P@@ begins with `to` instead.
std::vector<CommandChange> changes_to(const std::string& image, const std::string& to) {
    std::vector<CommandChange> changes;
    for (const macho::CommandString& each : macho::command_strings(image)) {
        const std::string text = image.substr(each.text.offset, each.text.size);
        if (text.starts_with("@@P@@")) changes.push_back({each, to + text.substr(5)});
    }
    return changes;
}

std::vector<std::string> strings_in(const std::string& image) {
    std::vector<std::string> out;
    for (const macho::CommandString& each : macho::command_strings(image))
        out.push_back(image.substr(each.text.offset, each.text.size));
    return out;
}

std::string with_changes(const std::string& image, const std::string& to) {
    const std::vector<CommandChange> changes = changes_to(image, to);
    REQUIRE(changes.size() == 3);
    const std::string head = image.substr(0, relocate::change_bytes_wanted(image, changes));
    const macho::Parsed<std::string> after = relocate::change_commands(head, changes);
    REQUIRE(bool(after));
    REQUIRE(after->size() == head.size());
    return *after;
}

macho::Defect refused(const std::string& image, const std::string& to) {
    const std::vector<CommandChange> changes = changes_to(image, to);
    const std::string head = image.substr(0, relocate::change_bytes_wanted(image, changes));
    const macho::Parsed<std::string> after = relocate::change_commands(head, changes);
    REQUIRE(!after);
    return after.defect();
}

struct Streamed {
    std::string bytes;
    bool refused;
    std::vector<Finding> findings;
    EntryReport entry;
};

/// The file with `head` at `offset` put in, `chunk` bytes at a time.
Streamed streamed(const std::string& file, const std::vector<std::pair<std::uint64_t, std::string>>& heads, std::size_t chunk,
                  rewrite::CommandPlaces places = rewrite::CommandPlaces::may_move) {
    std::string changed = file;
    for (const auto& [offset, head] : heads) support::poke(changed, offset, head);
    const Options options;
    rewrite::File out("f", options, places);
    Streamed result{};
    for (std::size_t at = 0; at < file.size();) {
        const std::size_t count = std::min(chunk, file.size() - at);
        match::Piece piece{std::string_view(changed).substr(at, count), std::string_view(file).substr(at, count)};
        const rewrite::Step step = out.take(piece);
        result.bytes += step.out;
        at += step.taken;
    }
    result.bytes += out.end();
    result.refused = out.refused();
    result.findings = out.findings();
    result.entry = out.entry();
    return result;
}

}  // namespace

TEST_CASE("a shorter string leaves its command's size, and NULs stand where it ended") {
    for (const Shape& shape : shapes) {
        const std::string image = build(spec_of(shape, 64)).bytes;
        const std::string after = with_changes(image, "/n");
        CHECK(strings_in(after) == std::vector<std::string>{"/n/lib", "/n/lib/libself.dylib", "/n/lib/libother.dylib"});
        CHECK(macho::header_bytes_wanted(after) == macho::header_bytes_wanted(image));
        std::string expected = image.substr(0, after.size());
        for (const CommandChange& each : changes_to(image, "/n"))
            support::poke(expected, each.string.text.offset, each.to + std::string(3, '\0'));
        CHECK(after == expected);
    }
}

TEST_CASE("a longer string that its command has room for moves no command") {
    const std::string image = build(spec_of(shapes[0], 0)).bytes;
    std::vector<CommandChange> changes = changes_to(image, "@@P@@");
    changes.resize(1);  // LC_RPATH: 12 + 9 bytes and 3 NULs
    REQUIRE(changes[0].string.place.size == 24);
    changes[0].to = "/longer/lib";
    const macho::Parsed<std::string> after = relocate::change_commands(image, changes);
    REQUIRE(bool(after));
    CHECK(*after == support::poked(image, changes[0].string.text.offset, changes[0].to));
    changes[0].to += "x";  // no room for its NUL
    REQUIRE(!relocate::change_commands(image, changes));
}

TEST_CASE("longer strings move the commands behind them, and nothing else in the image") {
    for (const Shape& shape : shapes) {
        const support::Image built = build(spec_of(shape, 1000));
        const std::string& image = built.bytes;
        const std::string to = "/home/somebody/with/a/long/name";
        const std::string after = with_changes(image, to);
        CHECK(strings_in(after) ==
              std::vector<std::string>{to + "/lib", to + "/lib/libself.dylib", to + "/lib/libother.dylib"});
        for (const macho::CommandString& each : macho::command_strings(after))
            CHECK(each.place.size % (shape.wide ? 8 : 4) == 0);
        const auto before_header = macho::parse_header(image, image.size());
        auto after_header = macho::parse_header(after, image.size());
        REQUIRE((before_header && after_header));
        CHECK(after_header->commands_end > before_header->commands_end);
        CHECK(after.size() == after_header->commands_end);
        after_header->commands_end = before_header->commands_end;
        CHECK(after_header == before_header);  // where signature, segments and __info_plist lie
        CHECK(support::get(after, 16, 4, shape.big) == support::get(image, 16, 4, shape.big));  // as many commands
    }
}

TEST_CASE("the gap is used to its last byte, and one missing unit is named") {
    for (const Shape& shape : shapes) {
        const support::Image built = build(spec_of(shape, 240));
        const std::uint64_t room = macho::contents_begin(built.bytes) - built.commands_end;
        CHECK(room >= 240);
        const std::uint64_t unit = shape.wide ? 8 : 4;
        std::string to = "@@P@@";
        std::uint64_t grown = 0;
        for (;;) {  // one byte more each time, until it does not fit
            const std::vector<CommandChange> changes = changes_to(built.bytes, to);
            const macho::Parsed<std::string> after = relocate::change_commands(built.bytes, changes);
            if (!after) break;
            CHECK(after->substr(macho::contents_begin(built.bytes)) == built.bytes.substr(macho::contents_begin(built.bytes)));
            grown = macho::parse_header(*after, {})->commands_end - built.commands_end;
            to += 'x';
            REQUIRE(to.size() < 400);
        }
        CHECK(room - grown < 3 * unit);
        const macho::Defect defect = refused(built.bytes, to);
        CHECK(defect.code == Code::load_commands_full);
        std::uint64_t wanted = 0;
        for (const CommandChange& each : changes_to(built.bytes, to)) {
            const std::uint64_t bytes = each.string.text.offset - each.string.place.offset + each.to.size() + 1;
            wanted += std::max(each.string.place.size, (bytes + unit - 1) / unit * unit) - each.string.place.size;
        }
        CHECK(defect.what.find(" " + std::to_string(wanted - room) + " are missing") != std::string::npos);
    }
}

TEST_CASE("what is not zero in the gap is not written over") {
    ImageSpec spec = spec_of(shapes[0], 1000);
    const support::Image plain = build(spec);
    spec.pokes.push_back({plain.commands_end + 40, "!"});
    const std::string image = build(spec).bytes;
    CHECK(strings_in(with_changes(image, "@@P@@1234567")).size() == 3);    // grows by 8 each
    const macho::Defect defect = refused(image, "@@P@@1234567890123456");  // by 16 each: 48
    CHECK(defect.code == Code::load_commands_full);
    CHECK(defect.offset == plain.commands_end + 40);
    CHECK(defect.what.find(" 8 are missing") != std::string::npos);
}

TEST_CASE("bytes behind the last command that sizeofcmds counts stay behind it") {
    const support::Image built = build(spec_of(shapes[0], 1000));
    std::string image = built.bytes;
    support::poke(image, built.commands_end, "left");
    support::poke(image, 20, support::integer(built.commands_end - 32 + 8, 4, false));
    const std::string after = with_changes(image, "/a/prefix/that/is/longer");
    CHECK(after.ends_with(std::string("left\0\0\0\0", 8)));
    CHECK(support::get(after, 20, 4, false) + 32 == after.size());
}

TEST_CASE("load commands that do not parse have no strings to change") {
    const support::Image built = build(spec_of(shapes[0], 100));
    std::string image = built.bytes;
    for (std::uint64_t odd : {0U, 4U, 7U, 30U, 0x7fffffffU}) {
        const std::string broken = support::poked(image, built.signature_command + 4, support::integer(odd, 4, false));
        CHECK(macho::command_strings(broken).empty());
    }
    CHECK(macho::command_strings(image.substr(0, built.commands_end - 1)).empty());
    CHECK(macho::command_strings("").empty());
    CHECK(macho::command_strings(image.substr(0, 31)).empty());
}

TEST_CASE("a string that lies outside its command, or that no NUL ends in it, is left alone") {
    const support::Image built = build(spec_of(shapes[0], 100));
    const std::vector<CommandChange> all = changes_to(built.bytes, "x");
    for (std::uint32_t at : {0U, 8U, 11U, 24U, 0xffffffffU}) {
        const std::string odd = support::poked(built.bytes, all[0].string.place.offset + 8, support::integer(at, 4, false));
        CHECK(macho::command_strings(odd).size() == 2);
    }
    const std::string endless = support::poked(built.bytes, all[0].string.text.offset, std::string(12, 'x'));
    CHECK(macho::command_strings(endless).size() == 2);
}

TEST_CASE("moved load commands are resealed, however the image is cut, and nothing but page 0 and its slots changes") {
    for (const Shape& shape : shapes) {
        const support::Image built = build(spec_of(shape, 1000));
        REQUIRE(support::check(built.bytes).good_and_signed());
        const std::string head = with_changes(built.bytes, "/home/somebody/with/a/long/name");
        const Streamed whole = streamed(built.bytes, {{0, head}}, built.bytes.size());
        CHECK_FALSE(whole.refused);
        CHECK(support::check(whole.bytes).good_and_signed());
        CHECK(whole.bytes.starts_with(head));
        CHECK(whole.bytes.substr(head.size(), built.signature - head.size()) ==
              built.bytes.substr(head.size(), built.signature - head.size()));
        REQUIRE(whole.entry.images.size() == 1);
        REQUIRE(whole.entry.images[0].codedirectories.size() == 1);
        CHECK(whole.entry.images[0].codedirectories[0].slots_changed == std::vector<std::int64_t>{0});
        for (std::size_t chunk : {1U, 7U, 32U, 100U, 4096U})
            CHECK(streamed(built.bytes, {{0, head}}, chunk).bytes == whole.bytes);
    }
}

TEST_CASE("each slice of a universal file has its own load commands moved") {
    const support::Image one = build(spec_of(shapes[0], 1000));
    ImageSpec second = spec_of(shapes[0], 2000);
    second.cputype = support::cpu_x86_64;
    const support::Image two = build(second);
    const support::Fat fat = support::fat({one, two});
    const std::string to = "/home/somebody/with/a/long/name";
    const Streamed out = streamed(
        fat.bytes, {{fat.offsets[0], with_changes(one.bytes, to)}, {fat.offsets[1], with_changes(two.bytes, to)}}, 1000);
    CHECK_FALSE(out.refused);
    CHECK(support::check(out.bytes).good_and_signed());
    CHECK(out.entry.images.size() == 2);
}

TEST_CASE("load commands that move are refused where nobody meant them to") {
    const support::Image built = build(spec_of(shapes[0], 1000));
    const std::string head = with_changes(built.bytes, "/home/somebody/with/a/long/name");
    const Streamed out = streamed(built.bytes, {{0, head}}, 4096, rewrite::CommandPlaces::fixed);
    CHECK(out.refused);
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings[0].code == Code::header_edited);
}

TEST_CASE("where moved commands change what the header says of the signature, the image is refused all the same") {
    const support::Image built = build(spec_of(shapes[0], 1000));
    std::string head = with_changes(built.bytes, "/home/somebody/with/a/long/name");
    const std::uint64_t moved = head.size() - 16;  // LC_CODE_SIGNATURE is the last one
    REQUIRE(support::get(head, moved, 4, false) == macho::lc_code_signature);
    support::poke(head, moved + 8, support::integer(built.signature + 16, 4, false));
    const Streamed out = streamed(built.bytes, {{0, head}}, 4096);
    CHECK(out.refused);
    REQUIRE(out.findings.size() == 1);
    CHECK(out.findings[0].code == Code::header_edited);
}

}  // namespace reseal::command_change_test
