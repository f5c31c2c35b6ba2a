// SPDX-License-Identifier: BSL-1.0
#include "container/tar.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "support/tree.hpp"

namespace reseal::tar_test {
using support::tar_header;
using support::tar_padded;
using support::TarStyle;

namespace {

const std::string end(1024, '\0');

struct Entry {
    std::string path, contents;
    std::vector<std::string> names, targets;
    bool uneditable = false;
    std::string outer_target;
};

struct Read {
    std::vector<Entry> entries;
    std::string malformed, malformed_entry, behind;
    bool cut_behind = false;
};

Read read(const std::string& stream, std::size_t chunk = 700) {
    container::Tar parser;
    Read result;
    container::Run run;
    auto drain = [&] {
        while (parser.next(run)) {
            if (run.kind == container::RunKind::behind) {
                result.behind += run.bytes;
                result.cut_behind = result.cut_behind || run.bytes.empty();
            }
            if (run.kind == container::RunKind::contents) result.entries.back().contents += run.bytes;
            if (run.kind != container::RunKind::header) continue;
            Entry entry{parser.path(), {}, {}, {}, !parser.uneditable().empty(), std::string(parser.outer_target())};
            for (std::string_view name : parser.names()) entry.names.emplace_back(name);
            for (const container::Target& at : parser.targets())
                entry.targets.emplace_back(run.bytes.substr(at.offset, at.size));
            result.entries.push_back(entry);
        }
    };
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        parser.feed(std::string_view(stream).substr(at, chunk));
        drain();
    }
    parser.end();
    drain();
    if (parser.malformed()) {
        result.malformed = parser.malformed()->what;
        result.malformed_entry = parser.malformed()->entry;
    }
    return result;
}

std::string checksummed(std::string block) {
    container::write_tar_checksum(block.data());
    return block;
}

/// LENGTH KEY=VALUE
std::string record(const std::string& key, const std::string& value) {
    std::size_t size = key.size() + value.size() + 3;
    while (std::to_string(size).size() + key.size() + value.size() + 3 != size) ++size;
    return std::to_string(size) + " " + key + "=" + value + "\n";
}

std::string global(const std::string& records) {
    return tar_header(TarStyle::pax, "g", 'g', records.size()) + tar_padded(records);
}

std::string extended(const std::string& records) {
    return tar_header(TarStyle::pax, "PaxHeaders/f", 'x', records.size()) + tar_padded(records);
}

const std::string plain_file = tar_header(TarStyle::ustar, "f", '0', 3) + tar_padded("abc");

}  // namespace

TEST_CASE("a stream is a tape archive by its magic or its checksum") {
    CHECK(container::Tar::begins(tar_header(TarStyle::ustar, "f", '0', 0)));
    CHECK(container::Tar::begins(tar_header(TarStyle::v7, "f", '0', 0)));
    CHECK_FALSE(container::Tar::begins(std::string(512, '\0')));
    std::string broken = tar_header(TarStyle::v7, "f", '0', 0);
    broken[0] = 'g';
    CHECK_FALSE(container::Tar::begins(broken));
}

TEST_CASE("a checksum of signed bytes, as some old writers summed, is right too") {
    std::string block = tar_header(TarStyle::ustar, "caf\xe9", '0', 0);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < 512; ++i)
        sum += i >= 148 && i < 156 ? ' ' : static_cast<std::uint64_t>(static_cast<signed char>(block[i]));
    std::string digits(6, '0');
    for (std::size_t i = 6; i-- > 0; sum /= 8) digits[i] = static_cast<char>('0' + sum % 8);
    block.replace(148, 6, digits);
    CHECK(read(block + end).malformed == "");
}

TEST_CASE("a header whose checksum is wrong is an error, not contents") {
    std::string broken = plain_file + plain_file + end;
    broken[1024] = 'g';
    CHECK(read(broken).malformed == "a header whose checksum is wrong");
}

TEST_CASE("a size of over 8 GiB is written in base 256") {
    std::string block = tar_header(TarStyle::gnu, "f", '0', 0);
    block.replace(124, 12, std::string("\x80\0\0\0\0\0\0\x02\0\0\0\0", 12));
    Read big = read(checksummed(block));
    CHECK(big.entries.size() == 1);
    CHECK(big.malformed == "the archive ends too early");
    block.replace(124, 12, std::string(12, '\xff'));
    CHECK(read(checksummed(block)).malformed == "a header with a size that is no number");
    block.replace(124, 12, std::string("\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 12));
    CHECK(read(checksummed(block)).malformed == "a header with a size that is no number");
    block.replace(124, 12, "9999999999 x");
    CHECK(read(checksummed(block)).malformed == "a header with a size that is no number");
}

TEST_CASE("an extended header gives the next entry its path, link and size, and no other") {
    Read out = read(extended("11 size=3\n"
                             "22 path=a/longer/path\n") +
                    tar_header(TarStyle::pax, "short", '0', 0) + tar_padded("abc") + plain_file + end);
    // the first record says 11 but has 10 bytes
    CHECK(out.malformed == "extended header records that do not hold together");
    out = read(extended("10 size=3\n"
                        "22 path=a/longer/path\n") +
               tar_header(TarStyle::pax, "short", '0', 0) + tar_padded("abc") + plain_file + end);
    CHECK(out.malformed == "");
    REQUIRE(out.entries.size() == 2);
    CHECK(out.entries[0].path == "a/longer/path");
    CHECK(out.entries[0].contents == "abc");
    CHECK(out.entries[1].path == "f");
}

TEST_CASE("a GNU long name and a long link belong to the next entry") {
    Read out = read(tar_header(TarStyle::gnu, "././@LongLink", 'L', 5) + tar_padded(std::string("name\0", 5)) +
                    tar_header(TarStyle::gnu, "././@LongLink", 'K', 7) + tar_padded(std::string("target\0", 7)) +
                    tar_header(TarStyle::gnu, "na", '2', 0, "tar") + end);
    REQUIRE(out.entries.size() == 1);
    CHECK(out.entries[0].path == "name");
    CHECK(out.entries[0].targets == std::vector<std::string>{"target"});
}

TEST_CASE("the beginning of a long target that a header keeps goes stale, also that of the extended header") {
    const std::string old_target = std::string(150, 'a') + "/x", new_target = std::string(150, 'b') + "/x";
    const auto link = [](const std::string& target) {
        return tar_header(TarStyle::gnu, "././@LongLink", 'K', target.size() + 1, target.substr(0, 100)) +
               tar_padded(target + '\0') + tar_header(TarStyle::gnu, "l", '2', 0, target.substr(0, 99));
    };
    container::Tar parser;
    const std::string stream = link(old_target);
    parser.feed(stream);
    container::Run run;
    REQUIRE(parser.next(run));
    REQUIRE(parser.targets().size() == 1);
    std::string header(run.bytes);
    header.replace(parser.targets()[0].offset, old_target.size(), new_target);
    parser.amend(header);
    CHECK(header == link(new_target));
}

TEST_CASE("an archive cut between two entries passes for a whole one") {
    for (const std::size_t zeros : {0u, 512u})
        CHECK(read(plain_file + std::string(zeros, '\0')).malformed ==
              "the archive ends too early: its two blocks of zeros are missing");
    CHECK(read("").malformed == "the archive ends too early: its two blocks of zeros are missing");
    CHECK(read(plain_file.substr(0, 1000)).malformed == "the archive ends too early");
}

TEST_CASE("a part of a file from another volume is taken for a file") {
    const Read out = read(tar_header(TarStyle::gnu, "f", 'M', 3) + tar_padded("abc") + plain_file + end);
    REQUIRE(out.entries.size() == 2);
    CHECK(out.entries[0].uneditable);
    CHECK_FALSE(out.entries[1].uneditable);
}

TEST_CASE("prefix and name make one path, and only in ustar") {
    std::string block = tar_header(TarStyle::ustar, "name", '0', 0);
    block.replace(345, 6, "prefix");
    CHECK(read(checksummed(block) + end).entries[0].path == "prefix/name");
    block = tar_header(TarStyle::gnu, "name", '0', 0);
    block.replace(345, 6, "atimes");
    CHECK(read(checksummed(block) + end).entries[0].path == "name");
}

TEST_CASE("a hard link's target is a name, whatever size its header gives") {
    Read out = read(tar_header(TarStyle::ustar, "link", '1', 3, "f") + plain_file + end);
    CHECK(out.malformed == "");
    REQUIRE(out.entries.size() == 2);
    CHECK(out.entries[0].names == std::vector<std::string>{"link", "f"});
    CHECK(out.entries[0].targets.empty());
}

TEST_CASE("a sparse file is told apart, in all of its forms") {
    std::string old = tar_header(TarStyle::gnu, "s", 'S', 3);
    CHECK(read(old + tar_padded("abc") + end).entries[0].uneditable);
    old[482] = 1;
    std::string map(512, '\0');
    Read longer = read(checksummed(old) + map + tar_padded("abc") + plain_file + end);
    CHECK(longer.malformed == "");
    CHECK(longer.entries[0].contents == "abc");
    CHECK(longer.entries[0].uneditable);
    CHECK_FALSE(longer.entries[1].uneditable);
    Read pax = read(extended("22 GNU.sparse.major=1\n") + plain_file + end);
    CHECK(pax.entries[0].uneditable);
}

TEST_CASE("entries go on behind single blocks of zeros, padding goes on behind the last two") {
    Read out = read(plain_file + std::string(512, '\0') + plain_file + end + std::string(7 * 512 + 9, '\0'));
    CHECK(out.malformed == "");
    CHECK(out.entries.size() == 2);
    CHECK(out.behind == std::string(9, '\0'));
    CHECK(read(plain_file + end + "anything else").behind == "anything else");
    CHECK(read(plain_file + end + std::string(600, 'x')).behind == std::string(600, 'x'));
}

TEST_CASE("extended headers of more than a mebibyte are not kept") {
    CHECK(read(tar_header(TarStyle::gnu, "././@LongLink", 'L', (1u << 20) + 1)).malformed ==
          "extended headers of more than 1048576 bytes");
    std::string many;
    for (int i = 0; i < 1100; ++i)
        many += tar_header(TarStyle::gnu, "././@LongLink", 'L', 600) + tar_padded(std::string(600, 'n'));
    CHECK(read(many).malformed == "extended headers of more than 1048576 bytes");
    std::string sparse = tar_header(TarStyle::gnu, "s", 'S', 3);
    sparse[482] = 1;
    std::string map(512, '\0');
    map[504] = 1;
    std::string endless = checksummed(sparse);
    for (int i = 0; i < 3000; ++i) endless += map;
    CHECK(read(endless).malformed == "a sparse map of more than 1 MiB");
}

TEST_CASE("a global header, alone or between an extended header and its entry, is an error") {
    const std::string global = tar_header(TarStyle::pax, "g", 'g', 12) + tar_padded("12 comment=\n");
    CHECK(read(global + plain_file + end).malformed == "");
    const Read out =
        read(extended("10 size=3\n") + global + tar_header(TarStyle::pax, "short", '0', 0) + tar_padded("abc") + end);
    CHECK(out.malformed == "");
    REQUIRE(out.entries.size() == 1);
    CHECK(out.entries[0].contents == "abc");
    CHECK(read(tar_header(TarStyle::pax, "g", 'g', 10) + tar_padded("10 size=3\n")).malformed ==
          "a global header that gives every entry one size");
}

// What GNU tar 1.34, bsdtar 3.6 and Python 3.11 call such entries, the names here are the union of.
TEST_CASE("a path in a global header names nothing") {
    using Names = std::vector<std::string>;
    const auto long_name = tar_header(TarStyle::gnu, "././@LongLink", 'L', 5) + tar_padded(std::string("long\0", 5));
    const auto names = [](const std::string& stream) {
        const Read out = read(stream + end);
        CHECK(out.malformed == "");
        REQUIRE_FALSE(out.entries.empty());
        CHECK(out.entries.back().path == out.entries.back().names.at(0));
        return out.entries.back().names;
    };
    const std::string all = global(record("path", "all"));
    CHECK(names(all + plain_file) == Names{"all", "f"});
    CHECK(names(all + plain_file + plain_file) == Names{"all", "f"});
    CHECK(names(all + global(record("comment", "x")) + plain_file) == Names{"all", "f"});
    CHECK(names(all + extended(record("comment", "x")) + plain_file) == Names{"all", "f"});
    CHECK(names(all + long_name + plain_file) == Names{"all", "long"});
    CHECK(names(long_name + all + plain_file) == Names{"all", "long"});
    CHECK(names(global(record("GNU.sparse.name", "all")) + plain_file) == Names{"all", "f"});
    // The entry's own goes before it, and nothing takes it back.
    CHECK(names(all + extended(record("path", "own")) + plain_file) == Names{"own"});
    CHECK(names(extended(record("path", "own")) + all + plain_file) == Names{"own"});
    CHECK(names(all + extended(record("path", "own")) + plain_file + plain_file) == Names{"all", "f"});
    CHECK(names(all + extended(record("path", "")) + plain_file) == Names{"f"});
    CHECK(names(all + global(record("path", "")) + plain_file) == Names{"f"});
    CHECK(names(all + global(record("path", "other")) + plain_file) == Names{"other", "f"});
    CHECK(read(global(record("GNU.sparse.major", "1")) + plain_file + end).entries.at(0).uneditable);
}

TEST_CASE("a link's target in a global header is no target") {
    const auto link = [](char type) { return tar_header(TarStyle::ustar, "l", type, 0, "/field"); };
    const std::string all = global(record("linkpath", "/all"));
    const auto entry = [](const std::string& stream) {
        const Read out = read(stream + end);
        CHECK(out.malformed == "");
        REQUIRE_FALSE(out.entries.empty());
        return out.entries.back();
    };
    CHECK(entry(all + link('2')).outer_target == "/all");
    CHECK(entry(all + link('2')).targets == std::vector<std::string>{"/field"});
    CHECK(entry(all + plain_file + link('2')).outer_target == "/all");
    CHECK(entry(all + tar_header(TarStyle::gnu, "././@LongLink", 'K', 7) + tar_padded(std::string("target\0", 7)) + link('2'))
              .outer_target == "/all");
    CHECK(entry(all + extended(record("linkpath", "/own")) + link('2')).outer_target == "");
    CHECK(entry(all + extended(record("linkpath", "")) + link('2')).outer_target == "");
    CHECK(entry(all + global(record("linkpath", "")) + link('2')).outer_target == "");
    CHECK(entry(all + link('2') + plain_file).outer_target == "");
    // A hard link's is a name.
    CHECK(entry(all + link('1')).outer_target == "");
    CHECK(entry(all + link('1')).names == std::vector<std::string>{"l", "/field", "/all"});
    CHECK(entry(all + extended(record("linkpath", "/own")) + link('1')).names == std::vector<std::string>{"l", "/own"});
}

TEST_CASE("the link field of a global header is taken for one of the next entry") {
    const Read out = read(tar_header(TarStyle::pax, "g", 'g', 12, "/a") + tar_padded("12 comment=\n") +
                          extended("15 linkpath=/b\n") + tar_header(TarStyle::pax, "l", '2', 0, "/b") + end);
    CHECK(out.malformed == "");
    REQUIRE(out.entries.size() == 1);
    CHECK(out.entries[0].targets == std::vector<std::string>{"/b"});
}

TEST_CASE("an extended header in front of the end is an error, or says something of an entry behind it") {
    const Read out = read(plain_file + extended("10 size=9\n") + std::string(512, '\0') + plain_file + end);
    CHECK(out.malformed == "");
    REQUIRE(out.entries.size() == 2);
    CHECK(out.entries[1].contents == "abc");
}

TEST_CASE("NULs behind the records of an extended header are an error") {
    const Read out = read(extended(std::string("12 path=foo\n\0\0\0", 15)) + plain_file + end);
    CHECK(out.malformed == "");
    CHECK(out.entries[0].path == "foo");
    CHECK(read(extended(std::string("12 path=foo\n\0\0x", 15)) + plain_file + end).malformed ==
          "extended header records that do not hold together");
}

TEST_CASE("an empty record hides what the header itself says") {
    const Read link = read(extended("13 linkpath=\n") + tar_header(TarStyle::pax, "l", '2', 0, "/target") + end);
    CHECK(link.entries[0].targets == std::vector<std::string>{"/target"});
    const Read twice = read(extended("19 linkpath=/other\n"
                                     "13 linkpath=\n") +
                            tar_header(TarStyle::pax, "l", '2', 0, "/target") + end);
    CHECK(twice.entries[0].targets == std::vector<std::string>{"/target"});
    CHECK(read(extended("8 path=\n") + plain_file + end).entries[0].path == "f");
    const Read size = read(extended("10 size=9\n"
                                    "8 size=\n") +
                           plain_file + end);
    CHECK(size.malformed == "");
    CHECK(size.entries[0].contents == "abc");
}

TEST_CASE("a link field that writes a long target in another form keeps the old one") {
    const Read out = read(extended("20 linkpath=/old/\xc3\xa9\n") + tar_header(TarStyle::pax, "l", '2', 0, "/old/?") + end);
    CHECK(out.malformed == "");
    CHECK(out.entries[0].targets == std::vector<std::string>{"/old/\xc3\xa9", "/old/?"});
}

TEST_CASE("the entry in front of a header that is wrong is blamed for it") {
    std::string wrong_sum = tar_header(TarStyle::ustar, "g", '0', 0);
    wrong_sum[0] = 'h';
    CHECK(read(plain_file + wrong_sum + end).malformed_entry == "h");
    CHECK(read(plain_file + std::string(512, 'x') + end).malformed_entry == "");
    std::string wrong_size = tar_header(TarStyle::ustar, "g", '0', 0);
    wrong_size.replace(124, 3, "xyz");
    CHECK(read(plain_file + checksummed(wrong_size) + end).malformed_entry == "g");
    CHECK(read(plain_file + extended("12 path=foo\n") + checksummed(wrong_size) + end).malformed_entry == "foo");
    CHECK(read(plain_file + extended("no records") + plain_file + end).malformed_entry == "PaxHeaders/f");
    CHECK(read(plain_file).malformed_entry == "");
    CHECK(read(plain_file + wrong_size.substr(0, 100)).malformed_entry == "");
    CHECK(read(plain_file.substr(0, 600)).malformed_entry == "f");
}

TEST_CASE("what begins like a header behind the end of an archive is an error") {
    const std::string archive = plain_file + end, twice = archive + archive;
    std::string wrong_size = tar_header(TarStyle::ustar, "g", '0', 0);
    wrong_size.replace(124, 3, "xyz");
    std::string wrong_sum = tar_header(TarStyle::ustar, "g", '0', 0);
    wrong_sum[0] = 'h';
    for (const std::string& more : {checksummed(wrong_size), wrong_sum, extended("no records") + plain_file,
                                    tar_header(TarStyle::gnu, "././@LongLink", 'L', (1u << 20) + 1) + "rest",
                                    extended("12 path=foo\n"), extended("12 path=foo\n").substr(0, 700)}) {
        const Read out = read(archive + more);
        CHECK(out.malformed == "");
        CHECK(out.entries.size() == 1);
        CHECK((out.behind == more));
    }
    // Also when it only turns out at its end, and behind entries that do hold together.
    for (const std::string& more : {plain_file.substr(0, 514), plain_file.substr(0, 600), plain_file, plain_file + plain_file,
                                    tar_header(TarStyle::gnu, "big", '0', 1u << 20) + std::string(5000, 'x')}) {
        const Read out = read(archive + more);
        CHECK(out.malformed == "");
        CHECK(out.entries.size() == (more.size() > 1024 && more.starts_with("f") ? 3 : 2));
        CHECK(out.behind == "");
        CHECK(out.cut_behind);
        CHECK_FALSE(read(twice).cut_behind);
    }
    const Read both = read(plain_file + end + plain_file + checksummed(wrong_size));
    CHECK(both.malformed == "");
    CHECK((both.behind == checksummed(wrong_size)));
    CHECK((read(plain_file + end + plain_file + "less than a block").behind == "less than a block"));
    // What does hold together is an entry.
    const Read out = read(plain_file + end + plain_file + end + checksummed(wrong_size));
    CHECK(out.malformed == "");
    CHECK(out.entries.size() == 2);
    CHECK((out.behind == checksummed(wrong_size)));
}

TEST_CASE("a checksum is written again in the style it had") {
    std::string block = tar_header(TarStyle::ustar, "f", '0', 0);
    std::string digits = block.substr(148, 6);
    std::string spaces = digits;
    for (std::size_t i = 0; spaces[i] == '0'; ++i) spaces[i] = ' ';
    for (const std::string& style : {digits + std::string("\0 ", 2), "0" + digits + std::string("\0", 1),
                                     spaces + std::string("\0 ", 2), " " + spaces + std::string("\0", 1)}) {
        block.replace(148, 8, style);
        CHECK((checksummed(block) == block));
    }
}

TEST_CASE("a checksum that needs a digit more loses its first one") {
    std::string block = tar_header(TarStyle::v7, "f", '0', 0);
    const auto left_aligned = [&](unsigned sum) {
        std::string digits;
        for (; sum > 0; sum /= 8) digits.insert(digits.begin(), static_cast<char>('0' + sum % 8));
        return digits + std::string(8 - digits.size(), '\0');
    };
    const auto sum = [&] {
        unsigned total = 0;
        for (std::size_t i = 0; i < 512; ++i)
            total += i >= 148 && i < 156 ? unsigned{' '} : static_cast<unsigned char>(block[i]);
        return total;
    };
    block.replace(157, 2, std::string(2, '\1'));
    while (sum() < 07770) ++block[100 + sum() % 40];
    REQUIRE(sum() < 010000);
    block.replace(148, 8, left_aligned(sum()));
    REQUIRE(container::TarHeader(block).checksum_right());
    block.replace(157, 2, "zz");
    REQUIRE(sum() >= 010000);
    container::write_tar_checksum(block.data());
    CHECK(container::TarHeader(block).checksum_right());
    CHECK((block.substr(148, 8) == left_aligned(sum())));
}

TEST_CASE("what says ustar where a tape archive would, and has no checksum, is taken for one") {
    std::string block(512, 'x');
    block.replace(257, 5, "ustar");
    CHECK_FALSE(container::Tar::begins(block));
    block.replace(148, 8, std::string(8, '\0'));
    CHECK_FALSE(container::Tar::begins(block));
    block.replace(148, 8, std::string("000000\0 ", 8));  // wrong, but one: a damaged archive
    CHECK(container::Tar::begins(block));
}

TEST_CASE("a size behind blanks is no number") {
    std::string block = tar_header(TarStyle::gnu, "f", '0', 0);
    for (const char* field : {"\t 000000003 ", "\t\t\t\t\t\t\t\t\t\t3\t", "   \t      3 "}) {
        block.replace(124, 12, field);
        const Read out = read(checksummed(block) + tar_padded("abc") + end);
        CHECK(out.malformed == "");
        CHECK(out.entries[0].contents == "abc");
    }
    block.replace(124, 12, "\t\t\t\t\t\t\t\t\t\t\t\t");
    CHECK(read(checksummed(block) + end).malformed == "");
    // Some read a 0 here, some a 3.
    block.replace(124, 12,
                  std::string("\0"
                              "0000000003\0",
                              12));
    CHECK(read(checksummed(block) + tar_padded("abc") + end).malformed == "a header with a size that is no number");
}

}  // namespace reseal::tar_test
