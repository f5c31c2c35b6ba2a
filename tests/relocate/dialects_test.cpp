// SPDX-License-Identifier: BSL-1.0
// What conda, conda-pack, rattler, mamba, Homebrew and Spack are known to make of these bytes, by their own tests and by
// running them; we make the same of them, or refuse by name where they fail.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "moved.hpp"
#include "relocate/encoding.hpp"

namespace reseal::dialects_test {
using namespace support;
using namespace std::string_literals;
using relocate::all_encodings;
using relocate::encode;

namespace {

const std::vector<Dialect> all = {Dialect::conda, Dialect::conda_pack, Dialect::rattler, Dialect::brew, Dialect::spack};
const std::vector<Dialect> up_to_nul = {Dialect::conda, Dialect::conda_pack};
const std::vector<Dialect> up_to_end = {Dialect::rattler, Dialect::brew};
const std::vector<Dialect> by_nul = {Dialect::conda, Dialect::conda_pack, Dialect::rattler, Dialect::brew};

Moved as(Dialect dialect, const std::string& input, std::vector<PrefixPair> pairs) {
    CAPTURE(static_cast<int>(dialect));
    CAPTURE(input);
    return moved_every_way(input, Prefixes(std::move(pairs), options_of(dialect).prefixes));
}

void gives(const std::vector<Dialect>& dialects, const std::string& input, const std::vector<PrefixPair>& pairs,
           const std::string& output) {
    for (Dialect dialect : dialects) {
        const Moved result = as(dialect, input, pairs);
        CHECK_FALSE(result.result.refused);
        CHECK_EQ(result.output, output);
        CHECK_EQ(result.result.changed, output != input);
    }
}

void refuses(const std::vector<Dialect>& dialects, const std::string& input, const std::vector<PrefixPair>& pairs, Code code) {
    for (Dialect dialect : dialects) {
        const Moved result = as(dialect, input, pairs);
        CHECK(result.result.refused);
        CHECK(result.has(code, Severity::error));
        CHECK(result.result.entry.status == EntryStatus::refused);
    }
}

std::string nuls(std::size_t count) { return std::string(count, '\0'); }

}  // namespace

TEST_CASE("conda: a string in each encoding moves up to its own NUL") {
    for (relocate::Encoding encoding : all_encodings) {
        const auto text = [&](const std::string& bytes) { return encode(bytes, encoding).value(); };
        gives({Dialect::conda}, text("xxxaaaaaxyz\0zz"s), {{"aaaaa", "bbbb"}}, text("xxxbbbbxyz\0\0zz"s));
    }
}

TEST_CASE("conda: the last of several wide prefixes in a string is left when it ends the string") {
    for (relocate::Encoding encoding : all_encodings) {
        const auto text = [&](const std::string& bytes) { return encode(bytes, encoding).value(); };
        gives({Dialect::conda}, text("P=/old/pfx/a:/old/pfx\0Z\0"s), {{"/old/pfx", "/new"}},
              text("P=/new/a:/new\0\0\0\0\0\0\0\0\0Z\0"s));
        gives({Dialect::conda}, text("/old/pfx:/old/pfx:/old/pfx\0Z\0"s), {{"/old/pfx", "/new"}},
              text("/new:/new:/new\0\0\0\0\0\0\0\0\0\0\0\0\0Z\0"s));
    }
}

TEST_CASE("only conda looks for wide prefixes") {
    const std::string wide = encode("x/old/pfx/a\0"s, relocate::Encoding::utf16le).value();
    gives({Dialect::conda_pack, Dialect::rattler, Dialect::brew, Dialect::spack}, wide, {{"/old/pfx", "/new"}}, wide);
    gives({Dialect::conda}, wide, {{"/old/pfx", "/new"}}, encode("x/new/a\0\0\0\0\0"s, relocate::Encoding::utf16le).value());
}

TEST_CASE("a longer prefix is refused where it is found, and only there") {
    refuses(by_nul, "xxxaaaaaxyz\0zz"s, {{"aaaaa", "bbbbbbbb"}}, Code::prefix_too_long);
    refuses(by_nul, "aaaacaaaa\0"s, {{"aaaa", "bbbbb"}}, Code::prefix_too_long);
    refuses(by_nul, "short1234\0"s, {{"short", "verylong"}}, Code::prefix_too_long);
    refuses(all, "/old/pfx/a\0ZZZZ"s, {{"/old/pfx", "/much/longer/x"}}, Code::prefix_too_long);
    gives(all, "nothing\0"s, {{"/old/pfx", "/much/longer/x"}}, "nothing\0"s);
}

TEST_CASE("conda: a file is refused because of a prefix that would be left as it is") {
    gives(up_to_nul, "xx/old/pfx/lib", {{"/old/pfx", "/much/longer/x"}}, "xx/old/pfx/lib");
    refuses(up_to_nul, "xx/old/pfx/lib\0/old/pfx"s, {{"/old/pfx", "/much/longer/x"}}, Code::prefix_too_long);
}

TEST_CASE("equal lengths, several strings, several prefixes in one string") {
    gives(by_nul, "aaaaa\0"s, {{"aaaaa", "bbbbb"}}, "bbbbb\0"s);
    gives(by_nul, "aaaaa\0001234aaaaacc\0\0"s, {{"aaaaa", "bbbbb"}}, "bbbbb\0001234bbbbbcc\0\0"s);
    gives(by_nul, " aaaa \0"s, {{"aaaa", "bbbb"}}, " bbbb \0"s);
    gives(by_nul, "aaaacaaaa\0"s, {{"aaaa", "bbbb"}}, "bbbbcbbbb\0"s);
    gives(by_nul, "aaaacaaaa\0"s, {{"aaaa", "bbb"}}, "bbbcbbb\0\0\0"s);
}

TEST_CASE("a line end in a string does not end it") {
    gives(by_nul, "fooaa\n\0"s, {{"foo", "bar"}}, "baraa\n\0"s);
    gives(by_nul, "fooaafoo\n\0"s, {{"foo", "fo"}}, "foaafo\n\0\0\0"s);
}

TEST_CASE("a program's string moves up, and what follows its NUL keeps its place") {
    gives(by_nul,
          "\x7f"
          "ELF.../some-placeholder/lib/libfoo.so\0"s,
          {{"/some-placeholder", "/usr/local"}},
          "\x7f"
          "ELF.../usr/local/lib/libfoo.so"s +
              nuls(8));
    gives(by_nul, "12345Hello, fabulous world!\0006789"s, {{"fabulous", "cruel"}}, "12345Hello, cruel world!\0\0\0\0006789"s);
    gives(by_nul, "beginrandomdataPATH=/placeholder/etc/share:/placeholder/bin/:\0somemoretext"s, {{"/placeholder", "/target"}},
          "beginrandomdataPATH=/target/etc/share:/target/bin/:"s + nuls(11) + "somemoretext");
}

TEST_CASE("a string that the end of the file cuts off: left, patched, or padded in front") {
    const std::string input = "xx/old/pfx/lib";
    gives(up_to_nul, input, {{"/old/pfx", "/new"}}, input);
    gives(up_to_end, input, {{"/old/pfx", "/new"}}, "xx/new/lib"s + nuls(4));
    gives({Dialect::spack}, input, {{"/old/pfx", "/new"}}, "xx/////new/lib");
}

TEST_CASE("a list of paths ends in as many NULs as became free") {
    const std::string input = "P=/old/pfx/a:/old/pfx/b:\0Z"s;
    gives(by_nul, input, {{"/old/pfx", "/new"}}, "P=/new/a:/new/b:"s + nuls(9) + "Z");
    refuses({Dialect::spack}, input, {{"/old/pfx", "/new"}}, Code::prefix_unpaddable);
}

TEST_CASE("data behind a path, which a program reads by its length, moves under NULs and stays under slashes") {
    const std::string input =
        "/old/pfx/f.h:12\x01"
        "data65559 0\0Z"s;
    gives(by_nul, input, {{"/old/pfx", "/new"}},
          "/new/f.h:12\x01"
          "data65559 0"s +
              nuls(5) + "Z");
    gives({Dialect::spack}, input, {{"/old/pfx", "/new"}},
          "/////new/f.h:12\x01"
          "data65559 0\0Z"s);
    const Moved slash = moved_every_way(input, Prefixes({{"/old/pfx", "/new"}}, {}));
    CHECK_EQ(slash.output,
             "/new/////f.h:12\x01"
             "data65559 0\0Z"s);
    CHECK(slash.has(Code::prefix_not_c_string, Severity::note));
    const Moved refuse = moved_every_way(input, Prefixes({{"/old/pfx", "/new"}}, {.padding = Padding::refuse}));
    CHECK(refuse.has(Code::prefix_unpaddable, Severity::error));
}

TEST_CASE("a prefix in the middle of a path") {
    gives(by_nul, "/home/old/pfx/a\0"s, {{"/old/pfx", "/new"}}, "/home/new/a\0\0\0\0\0"s);
    refuses({Dialect::spack}, "/home/old/pfx/a\0"s, {{"/old/pfx", "/new"}}, Code::prefix_unpaddable);
    PrefixOptions bounded = options_of(Dialect::conda).prefixes;
    bounded.boundary = Boundary::path;
    CHECK_FALSE(moved_every_way("/home/old/pfx/a\0"s, Prefixes({{"/old/pfx", "/new"}}, bounded)).result.changed);
}

TEST_CASE("Homebrew: only whole paths are replaced where a boundary is asked for") {
    PrefixOptions bounded = options_of(Dialect::brew).prefixes;
    bounded.boundary = Boundary::path;
    const auto line = [&](const std::string& input) {
        return moved_every_way(input, Prefixes({{"/D", "/E"}}, bounded)).output;
    };
    CHECK_EQ(line("/D/file.txt"), "/E/file.txt");
    CHECK_EQ(line("/foo/D/file.txt"), "/foo/D/file.txt");
    CHECK_EQ(line("foo/bar:/D/file.txt"), "foo/bar:/E/file.txt");
    CHECK_EQ(line("foo/bar:/foo/D/file.txt"), "foo/bar:/foo/D/file.txt");
    CHECK_EQ(line("/D/bar.txt:/D/baz.txt"), "/E/bar.txt:/E/baz.txt");
    CHECK_EQ(line("/Dx/file.txt"), "/Dx/file.txt");
}

TEST_CASE("Spack: of several prefixes the longest, padded in front") {
    const std::vector<PrefixPair> pairs = {{"/old-spack/opt/specific-package", "/first/specific-package"},
                                           {"/old-spack/opt", "/sec/spack/opt"}};
    gives({Dialect::spack}, "Binary with /old-spack/opt/specific-package and /old-spack/opt", pairs,
          "Binary with /////////first/specific-package and /sec/spack/opt");
    gives({Dialect::spack}, "Binary with /old-spack/opt/specific-package\0 and /old-spack/opt\0"s, pairs,
          "Binary with /////////first/specific-package\0 and /sec/spack/opt\0"s);
}

TEST_CASE("Spack: a string's last seven bytes stay, or it is cut so far in front that they do") {
    const auto by = [](const std::string& to) {
        return as(Dialect::spack, "/old-spack/opt/specific-package/sub\0 data"s, {{"/old-spack/opt/specific-package", to}});
    };
    CHECK_EQ(by("/opt/specific-XXXXage").output, "///////////opt/specific-XXXXage/sub\0 data"s);
    CHECK_EQ(by("/opt/specific-XXXXXge").output, "/opt/specific-XXXXXge/sub\0ckage/sub\0 data"s);
    CHECK_EQ(by("/spack/specific-XXXXXge").output, "/spack/specific-XXXXXge/sub\0age/sub\0 data"s);
    CHECK(by("/snacks/specific-XXXXXge").has(Code::prefix_unpaddable, Severity::error));

    gives({Dialect::spack}, "pkg-gwixwaalgczp6/config\0"s, {{"pkg-gwixwaalgczp6", "pkg-zkesfralgczp6"}},
          "pkg-zkesfralgczp6/config\0"s);
    refuses({Dialect::spack}, "pkg-gwixwaxlgczp6\0"s, {{"pkg-gwixwaxlgczp6", "pkg-zkesfrzlgczp6"}}, Code::prefix_unpaddable);
    refuses({Dialect::spack}, "pkg-abcdef\0/xx\0"s, {{"pkg-abcdef", "pkg-xyzabc"}}, Code::prefix_unpaddable);
}

TEST_CASE("Spack: what a match took with it is not looked at again") {
    gives({Dialect::spack}, "/a/aaaaaaaaaaaaaa/b/a/q\0"s, {{"/a/aaaaaaaaaaaaaa", "/x"}, {"/a/q", "/y"}},
          "/x/b/a/q\0aaaaaaaa/b/a/q\0"s);
}

}  // namespace reseal::dialects_test
