// SPDX-License-Identifier: BSL-1.0
#include "package/conda_unpack.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

namespace reseal::conda_unpack_test {
using package::conda_unpack_records;
using package::Record;

namespace {

std::vector<Record> records(const std::string& list) {
    return conda_unpack_records("#!/usr/bin/env python\nimport os\n\n_prefix_records = " + list + "\n\nif __name__ == 'x':\n",
                                "f");
}

std::string refusal_of_script(const std::string& script) {
    try {
        conda_unpack_records(script, "f");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        return error.what();
    }
    return "taken";
}
std::string refusal(const std::string& list) { return refusal_of_script("_prefix_records = " + list + "\n"); }

// The path that a literal says, as the file system would see it.
std::string said(const std::string& literal) { return records("[(" + literal + ", '/p', 'text')]").at(0).path; }
std::string not_said(const std::string& literal) { return refusal("[(" + literal + ", '/p', 'text')]"); }

}  // namespace

TEST_CASE("records are read as conda-pack writes them") {
    const auto found = records(
        "[\n('bin/a', '/opt/_h_env_placehold', 'text'),\n(\"it's\", '/opt/env', 'binary'),\n('c', '/opt/env', 'unknown')\n]");
    REQUIRE(found.size() == 3);
    CHECK(found[0] == Record{.path = "bin/a", .mode = FileMode::text, .placeholder = "/opt/_h_env_placehold"});
    CHECK(found[1] == Record{.path = "it's", .mode = FileMode::binary, .placeholder = "/opt/env"});
    CHECK(found[2] == Record{.path = "c", .mode = FileMode::unknown, .placeholder = "/opt/env"});
    CHECK(records("[\n\n]").empty());
    CHECK(records("[] # none").empty());
}

TEST_CASE("a list may be laid out as Python allows it") {
    CHECK(records("[ # first\r\n ( 'a' , '/p' ,\t'text' , ) , \\\n('b', # why\n'/p', 'text'),]").size() == 2);
    CHECK(refusal_of_script("_prefix_records=[('a','/p','text')]") == "taken");
    CHECK(refusal_of_script("x = 1\r\n_prefix_records  =  []\r\nmore()") == "taken");
    CHECK(refusal_of_script(
              " _prefix_records = [x()]\n_prefix_records_2 = [x()]\n_prefix_records == [x()]\n_prefix_records = []") ==
          "taken");
}

TEST_CASE("string literals say what they say to Python") {
    CHECK(said("'a'") == "a");
    CHECK(said("\"a'b\"") == "a'b");
    CHECK(said("'a' \"b\" \n u'c'") == "abc");
    CHECK(said(R"('a\\b\'c\"d')") == "a\\b'c\"d");
    CHECK(said(R"('\a\b\f\n\r\t\v')") == "\a\b\f\n\r\t\v");
    CHECK(said(R"('\x41\x7f\x80\xff')") == "A\x7f\xc2\x80\xc3\xbf");
    CHECK(said(R"('\101\7778\18')") ==
          "A\xc7\xbf"
          "8\x01"
          "8");
    CHECK(said(R"('\u00e9\u20ac\U0001F600')") == "é€😀");
    CHECK(said(R"('\udc80\udcff\udcc3\udca9')") == "\x80\xff\xc3\xa9");
    CHECK(said(R"('\q\8\ ')") == "\\q\\8\\ ");
    CHECK(said("'a\\\nb\\\r\nc'") == "abc");
    CHECK(said("'é\xff'") == "é\xff");
    CHECK(said("'''a\r\nb''c'''") == "a\nb''c");
    CHECK(said("\"\"\"a\\\"\"\"\"") == "a\"");
    CHECK(said("'' 'a'") == "a");
}

TEST_CASE("raw strings and bytes keep their own rules") {
    CHECK(said(R"(r'a\n\u0041\'b')") == R"(a\n\u0041\'b)");
    CHECK(said(R"(R"a\\")") == R"(a\\)");
    CHECK(said(R"(b'\xff\u0041\N{x}\377')") == "\xff\\u0041\\N{x}\xff");
    CHECK(said(R"(Br'\xff' rB"b")") == "\\xffb");
    CHECK(said("r'''a\\\nb'''") == "a\\\nb");
    CHECK(said("r'a\\\r\nb'") == "a\\\nb");
    CHECK(not_said(R"(ur'a')").find("a string is expected") != std::string::npos);
    CHECK(not_said(R"(bb'a')").find("a string is expected") != std::string::npos);
}

TEST_CASE("what only looks like a string is an error with its place") {
    CHECK(not_said(R"('\N{DASH}')") == "f: line 1, column 22: a character by its name (\\N) is not read");
    CHECK(not_said(R"('\ud800')") == "f: line 1, column 22: an escape that stands for no byte and no character");
    CHECK(not_said(R"('\U00110000')").find("no character") != std::string::npos);
    CHECK(not_said(R"(b'\400')").find("no character") != std::string::npos);
    CHECK(not_said(R"('\x4g')").find("too few digits") != std::string::npos);
    CHECK(not_said(R"('\u123')").find("too few digits") != std::string::npos);
    CHECK(not_said("'a\n'").find("a line ends inside a string") != std::string::npos);
    CHECK(not_said("r'a\n'").find("a line ends inside a string") != std::string::npos);
    CHECK(not_said("br'\\é'").find("not ASCII") != std::string::npos);
    CHECK(not_said("b'é'").find("not ASCII") != std::string::npos);
    CHECK(not_said("b'\\é'").find("not ASCII") != std::string::npos);
    CHECK(not_said("'a' b'b'").find("str and bytes") != std::string::npos);
    CHECK(not_said("f'{x}'").find("a string is expected; only literals are read here, no expressions") != std::string::npos);
    CHECK(refusal_of_script("_prefix_records = [('a") == "f: line 1, column 21: a string without an end");
    CHECK(refusal("[('''a''").find("a string without an end") != std::string::npos);
    CHECK(refusal_of_script("_prefix_records = [('a\\").find("a string without an end") != std::string::npos);
    CHECK(refusal(std::string("[('a\0", 5)).find("a NUL in the source") != std::string::npos);
}

TEST_CASE("a record file that is Python code is refused and not run") {
    CHECK(refusal("[open('x')]").find("line 1, column 20: '(' is expected; only literals") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text')\n, ('b', x, 'text')]").find("line 2, column 9: a string is expected") !=
          std::string::npos);
    CHECK(refusal("[('a' + 'b', '/p', 'text')]").find("',' is expected") != std::string::npos);
    CHECK(refusal("[('a' % 1, '/p', 'text')]").find("',' is expected") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text') for x in y]").find("']' is expected") != std::string::npos);
    CHECK(refusal("[] + more()").find("the list goes on") != std::string::npos);
    CHECK(refusal("[]; more()").find("the list goes on") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text', 'x')]").find("')' is expected") != std::string::npos);
    CHECK(refusal("[('a', '/p')]").find("',' is expected") != std::string::npos);
    CHECK(refusal("[['a', '/p', 'text']]").find("'(' is expected") != std::string::npos);
    CHECK(refusal("(('a', '/p', 'text'),)").find("'[' is expected") != std::string::npos);
    CHECK(refusal("[,]").find("'(' is expected") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text'),,]").find("'(' is expected") != std::string::npos);
    CHECK(refusal("list()").find("'[' is expected") != std::string::npos);
    CHECK(refusal("[").find("the text ends where '(' should stand") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text')").find("the text ends where ']' should stand") != std::string::npos);
    CHECK(refusal("[\\ ]").find("'(' is expected") != std::string::npos);
}

TEST_CASE("the assignment is there once, at the beginning of a line") {
    CHECK(refusal_of_script("print()\n") == "f: no line begins with '_prefix_records = ['");
    CHECK(refusal_of_script("_prefix_records = []\n_prefix_records = []") ==
          "f: line 2, column 18: _prefix_records is assigned to twice");
    CHECK_FALSE(package::has_conda_unpack_records("x_prefix_records = ["));
    CHECK_FALSE(package::has_conda_unpack_records("_prefix_records"));
    CHECK(package::has_conda_unpack_records("\n_prefix_records = ["));
}

TEST_CASE("a program in the script's place is told apart by its beginning") {
    const auto script = [](std::string_view bytes) { return package::is_conda_unpack_script(MemorySource(bytes)); };
    CHECK(script("#!/usr/bin/env python\n_prefix_records = []\n"));
    CHECK(script(""));
    CHECK_FALSE(
        script(std::string_view("\x7f"
                                "ELF\x02\x01\x01\0",
                                8)));
    CHECK_FALSE(script(std::string_view("\xcf\xfa\xed\xfe\x0c\0\0\x01", 8)));
}

TEST_CASE("records that lie are refused by name") {
    CHECK(refusal("[('../x', '/p', 'text')]") == "f: line 1, column 20: the path '../x' leads out of the prefix");
    CHECK(refusal("[('/x', '/p', 'text')]").find("the path '/x' is absolute") != std::string::npos);
    CHECK(refusal("[('a\\0', '/p', 'text')]").find("the path 'a\\x00' holds a NUL") != std::string::npos);
    CHECK(refusal("[('a', '', 'text')]").find("'a': the placeholder '' is not an absolute path") != std::string::npos);
    CHECK(refusal("[('a', 'C:\\\\b', 'text')]").find("is a path of Windows") != std::string::npos);
    CHECK(refusal("[('a', '/p\\0', 'text')]").find("'a': the placeholder '/p\\x00' holds a NUL") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'exe')]").find("'exe' is none of text, binary, unknown") != std::string::npos);
    CHECK(refusal("[('a', '/p', 'text'), ('./a', '/q', 'text')]") == "f: the path 'a' is there twice");
}

TEST_CASE("a script has an end, and so has its list") {
    CHECK(refusal_of_script(std::string(package::max_script + 1, ' ')) == "f: more than 64 MiB of Python");
    const std::string two = "_prefix_records = [('a', '/p', 'text'), ('b', '/p', 'text')]";
    CHECK(conda_unpack_records(two, "f", 2).size() == 2);
    CHECK_THROWS_WITH_AS(conda_unpack_records(two, "f", 1), "f: line 1, column 41: more than 1 records", Error);
}

}  // namespace reseal::conda_unpack_test
