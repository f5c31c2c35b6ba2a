// SPDX-License-Identifier: BSL-1.0
// Archives that Nix 2.35 refuses are refused here, those it takes are taken.
#include "container/nar.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "support/tree.hpp"

namespace reseal::nar_test {
using support::file;
using support::folder;
using support::nar;
using support::nar_string;

namespace {

struct Read {
    std::optional<container::Malformed> malformed;
    std::string behind;
};

Read read(const std::string& stream, std::size_t chunk) {
    container::Nar parser;
    Read result;
    container::Run run;
    auto drain = [&] {
        while (parser.next(run))
            if (run.kind == container::RunKind::behind) result.behind += run.bytes;
    };
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        parser.feed(std::string_view(stream).substr(at, chunk));
        drain();
    }
    parser.end();
    drain();
    result.malformed = parser.malformed();
    return result;
}

/// `what` is malformed the same way however it is cut: with `message`, in `entry`, at `offset`.
void refused(const std::string& stream, const std::string& message, const std::string& entry, std::uint64_t offset) {
    for (std::size_t chunk : {1u, 3u, 8u, 64u, 1'000'000u}) {
        CAPTURE(chunk);
        std::optional<container::Malformed> malformed = read(stream, chunk).malformed;
        REQUIRE(malformed);
        CHECK(malformed->what == message);
        CHECK(malformed->entry == entry);
        CHECK(malformed->offset == offset);
    }
}

void taken(const std::string& stream) {
    for (std::size_t chunk : {1u, 3u, 8u, 64u, 1'000'000u}) {
        std::optional<container::Malformed> malformed = read(stream, chunk).malformed;
        CHECK_MESSAGE(!malformed, (malformed ? malformed->what : ""));
    }
}

std::string strings(std::initializer_list<const char*> all) {
    std::string out;
    for (const char* each : all) out += nar_string(each);
    return out;
}

const std::string magic = nar_string("nix-archive-1");
const std::string in_directory = magic + strings({"(", "type", "directory", "entry", "(", "name"});

std::string named(const std::string& name) { return nar(folder("", {file(name, "")})); }

}  // namespace

TEST_CASE("names that leave their folder or cannot be one are refused") {
    for (const std::string& name : {std::string("."), std::string(".."), std::string(""), std::string("x/y")})
        refused(named(name), "invalid file name '" + name + "'", ".", in_directory.size());
    refused(named(std::string("f\0o", 3)), "invalid file name 'f\\x00o'", ".", in_directory.size());
    taken(named("..."));
    taken(named("a\xcc\x82"));
}

TEST_CASE("a name of 255 bytes is the longest") {
    taken(named(std::string(255, 'n')));
    refused(named(std::string(256, 'n')), "a string of 256 bytes where 255 are allowed", ".", in_directory.size());
}

TEST_CASE("names ascend, so none comes twice") {
    taken(nar(folder("", {file("a", ""), file("a.", ""), file("b", "")})));
    std::size_t first = strings({"a", "node", "(", "type", "regular", "contents", "", ")", ")", "entry", "(", "name"}).size();
    refused(nar(folder("", {file("a", ""), file("a", "")})), "names are not in order: 'a' behind 'a'", "a",
            in_directory.size() + first);
    refused(nar(folder("", {file("a", ""), file("B", "")})), "names are not in order: 'B' behind 'a'", "B",
            in_directory.size() + first);
    taken(nar(folder("", {file("z", ""), file("\xc3\xa2", "")})));  // bytes are unsigned
    // A link in the place of a folder that comes again is the classic way out of it.
    refused(nar(folder("", {support::link("a", "/"), folder("a", {})})), "names are not in order: 'a' behind 'a'", "a",
            in_directory.size() +
                strings({"a", "node", "(", "type", "symlink", "target", "/", ")", ")", "entry", "(", "name"}).size());
}

TEST_CASE("tags come in one order") {
    refused(magic + strings({"(", "type", "regular", "AAAAAAAA"}), "expected tag 'contents', got 'AAAAAAAA'", ".",
            magic.size() + strings({"(", "type", "regular"}).size());
    refused(magic + strings({"(", "type", "regular", "contents", "x", "executable"}), "expected tag ')', got 'executable'", ".",
            magic.size() + strings({"(", "type", "regular", "contents", "x"}).size());
    refused(magic + strings({"(", "type", "directory", "entry", "(", "node"}), "expected tag 'name', got 'node'", ".",
            magic.size() + strings({"(", "type", "directory", "entry", "("}).size());
    refused(magic + strings({"(", "type", "socket"}), "unknown type 'socket'", ".",
            magic.size() + strings({"(", "type"}).size());
    refused(magic + strings({"(", "type", "regular", "executable", "yes"}), "the executable marker has a value", ".",
            magic.size() + strings({"(", "type", "regular", "executable"}).size());
    refused(magic + strings({"(", "type", "regular", ")"}), "expected tag 'contents', got ')'", ".",
            magic.size() + strings({"(", "type", "regular"}).size());
}

TEST_CASE("a tag of more than 32 bytes is not read") {
    refused(magic + nar_string(std::string(33, '(')), "a string of 33 bytes where 32 are allowed", ".", magic.size());
    refused(magic + std::string(8, '\xff'), "a string of 18446744073709551615 bytes where 32 are allowed", ".", magic.size());
}

TEST_CASE("padding is zero, of tags and of contents") {
    std::string tag = nar(file("", ""));
    tag[magic.size() - 1] = 'x';
    refused(tag, "non-zero padding", ".", 0);
    std::string one = nar(file("", "x"));
    taken(one);
    std::size_t at = magic.size() + strings({"(", "type", "regular", "contents"}).size() + 8;
    one[at + 1] = '\1';
    refused(one, "non-zero padding", ".", at + 1);
}

TEST_CASE("a link has a target of at most 4095 bytes without NUL") {
    std::size_t at = magic.size() + strings({"(", "type", "symlink", "target"}).size();
    taken(nar(support::link("", std::string(4095, 't'))));
    taken(nar(support::link("", "/absolute/../anywhere")));
    refused(nar(support::link("", std::string(4096, 't'))), "a string of 4096 bytes where 4095 are allowed", ".", at);
    refused(nar(support::link("", "")), "a symbolic link without a target", ".", at);
    refused(nar(support::link("", std::string("a\0b", 3))), "a NUL in a symbolic link's target", ".", at);
}

TEST_CASE("folders go 64 levels deep") {
    auto nested = [](int depth) {
        support::Node node = file("f", "");
        for (int i = 0; i < depth; ++i) node = folder("d", {node});
        return nar(node);
    };
    taken(nested(63));
    CHECK(read(nested(64), 100).malformed->what == "deeper than 64 levels");
    std::string bottomless = magic;
    for (int i = 0; i < 10'000; ++i) bottomless += strings({"(", "type", "directory", "entry", "(", "name", "d", "node"});
    CHECK(read(bottomless, 4096).malformed->what == "deeper than 64 levels");
}

TEST_CASE("contents of 2^64 - 1 bytes in a short stream are cut short, not allocated") {
    std::string stream = magic + strings({"(", "type", "regular", "contents"}) + std::string(8, '\xff');
    refused(stream, "the archive ends too early", ".", stream.size());
}

TEST_CASE("what follows the root is handed out, and no error") {
    std::string stream = nar(file("", "x"));
    for (std::size_t chunk : {1u, 7u, 1000u}) {
        Read result = read(stream + "sentinel", chunk);
        CHECK_FALSE(result.malformed);
        CHECK(result.behind == "sentinel");
    }
}

}  // namespace reseal::nar_test
