// SPDX-License-Identifier: BSL-1.0
#include "package/paths_json.hpp"
#include "package/refusal.hpp"

namespace reseal::has_prefix_test {
using namespace package;

namespace {

Record one(const std::string& line) {
    const std::vector<Record> records = read_has_prefix(line, "f");
    REQUIRE(records.size() == 1);
    return records[0];
}
std::string refusal(const std::string& text) {
    return refusal_of([&] { read_has_prefix(text, "f"); });
}

}  // namespace

TEST_CASE("both forms of a has_prefix line are read") {
    CHECK(one("lib/z.pc\n") ==
          Record{.path = "lib/z.pc", .mode = FileMode::text, .placeholder = "/opt/anaconda1anaconda2anaconda3"});
    CHECK(one("/opt/b binary lib/z.so") == Record{.path = "lib/z.so", .mode = FileMode::binary, .placeholder = "/opt/b"});
    CHECK(read_has_prefix("# comment\n\n  \t\n a \r\n\nb", "f").size() == 2);
    CHECK(read_has_prefix("", "f").empty());
}

TEST_CASE("quotes in has_prefix are those of shlex without POSIX rules") {
    CHECK(one("\"/opt/a b\" binary \"lib/pkg config/z\"") ==
          Record{.path = "lib/pkg config/z", .mode = FileMode::binary, .placeholder = "/opt/a b"});
    CHECK(one("'/opt/a b'\t\"text\"  'c d'").placeholder == "/opt/a b");
    CHECK(one("\"c d\"").path == "c d");
    CHECK(one("it's").path == "it's");      // inside a word a quote is a character
    CHECK(one("\"it's\"").path == "it's");  // the other kind inside quotes
    CHECK(one("a\"").path == "a");          // but conda strips it where the word ends
    CHECK(one("a\\ ").path == "a\\");       // a backslash escapes nothing
    CHECK(refusal("\"a b") == "f: line 1: a quote without an end");
    CHECK(refusal("ok\n'a\"") == "f: line 2: a quote without an end");
    CHECK(refusal("\"a\"b") == "f: line 1: neither `path` nor `placeholder mode path`");  // two words
}

TEST_CASE("has_prefix lines that mean nothing are refused with their number") {
    CHECK(refusal("a b") == "f: line 1: neither `path` nor `placeholder mode path`");
    CHECK(refusal("/p text a b") == "f: line 1: neither `path` nor `placeholder mode path`");
    CHECK(refusal("a\n/p exe b") == "f: line 2: 'exe' is none of text, binary");
    CHECK(refusal("/p unknown b") == "f: line 1: 'unknown' is none of text, binary");
    CHECK(refusal("p text b") == "f: line 1: 'b': the placeholder 'p' is not an absolute path");
    CHECK(refusal("C:\\bld text Lib\\b").find("is a path of Windows; packages for Windows are not supported") !=
          std::string::npos);
    CHECK(refusal("\\\\host\\bld text b").find("is a path of Windows") != std::string::npos);
    CHECK(refusal("c:/bld text b").find("is a path of Windows") != std::string::npos);
    CHECK(refusal("/p text ../b") == "f: line 1: the path '../b' leads out of the prefix");
    CHECK(refusal("/p text b\n./b") == "f: the path 'b' is there twice");
    CHECK(refusal("\"\"") == "f: line 1: the path '' is empty");
}

TEST_CASE("lists of paths are stripped, checked and without repetition") {
    CHECK(read_path_list("bin/a\r\n# b\n\n lib/c d \n", "f") == std::vector<std::string>{"bin/a", "lib/c d"});
    CHECK(refusal_of([] { read_path_list("a\n/b\n", "f"); }) == "f: the path '/b' is absolute");
    CHECK(refusal_of([] { read_path_list("a\nb\na\n", "f"); }) == "f: the path 'a' is there twice");
}

}  // namespace reseal::has_prefix_test
