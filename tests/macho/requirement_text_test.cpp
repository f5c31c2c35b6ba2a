// SPDX-License-Identifier: BSL-1.0
// Requirements as text. The expected texts are those that csreq -t prints for what its own compiler makes of them; where two
// ways of writing would mean the same, the test says which one.
#include "macho/requirement_text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "defect_of.hpp"
#include "macho/constants.hpp"
#include "macho/requirement_terms.hpp"
#include "support/octets.hpp"

namespace reseal::requirement_text_test {
using namespace macho;
using namespace std::string_literals;
using support::be32;

namespace {

std::string data(const std::string& bytes) {
    return be32(static_cast<std::uint32_t>(bytes.size())) + bytes + std::string((4 - bytes.size() % 4) % 4, '\0');
}
std::string blob(std::uint32_t magic, const std::string& contents) {
    return be32(magic) + be32(static_cast<std::uint32_t>(8 + contents.size())) + contents;
}
std::string requirement(const std::string& expression) { return blob(0xfade0c00, be32(1) + expression); }
std::string set(const std::string& one) { return blob(0xfade0c01, be32(1) + be32(3) + be32(20) + one); }

/// The text, or what is wrong.
std::string text(const std::string& expression) {
    const Parsed<std::string> parsed = requirement_text(requirement(expression));
    return parsed ? *parsed : "defect: " + parsed.defect().what;
}

std::string op(std::uint32_t number) { return be32(number); }
std::string both(const std::string& a, const std::string& b) { return op(6) + a + b; }
std::string either(const std::string& a, const std::string& b) { return op(7) + a + b; }
std::string ident(const std::string& name) { return op(2) + data(name); }
std::string info(const std::string& match) { return op(10) + data("key") + match; }
const std::string oid("\x2a\x86\x48\x86\xf7\x63\x64\x06\x01\x0d", 10);

}  // namespace

TEST_CASE("the requirement of a Developer ID") {
    const std::string expression =
        both(both(both(both(ident("com.example.app"), op(15)),
                       op(14) + be32(1) + data("\x2a\x86\x48\x86\xf7\x63\x64\x06\x02\x06"s) + be32(0)),
                  op(14) + be32(0) + data(oid) + be32(0)),
             op(11) + be32(0) + data("subject.OU") + be32(1) + data("7FRXF46ZSN"));
    CHECK(text(expression) ==
          "identifier \"com.example.app\" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists "
          "*/ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "
          "\"7FRXF46ZSN\"");
    const Parsed<std::vector<Requirement>> parsed = requirements_of(set(requirement(ident("node"))));
    REQUIRE(parsed);
    REQUIRE(parsed->size() == 1);
    CHECK(parsed->front().type == requirement_designated);
    CHECK(parsed->front().line() == "designated => identifier node");
}

TEST_CASE("an operation without its text") {
    CHECK(text(op(0)) == "never");
    CHECK(text(op(1)) == "always");
    CHECK(text(op(3)) == "anchor apple");
    CHECK(text(op(4) + be32(0xffffffff) + data("\1\2\xff"s)) == "certificate root = H\"0102ff\"");
    CHECK(text(op(5) + data("CFBundle.x") + data("a b")) == "info[CFBundle.x] = \"a b\"");
    CHECK(text(op(8) + data("\xab\xcd")) == "cdhash H\"abcd\"");
    CHECK(text(op(9) + op(3)) == "! anchor apple");
    CHECK(text(op(12) + be32(2)) == "certificate 2 trusted");
    CHECK(text(op(13)) == "anchor trusted");
    CHECK(text(op(16) + data("com.apple.x-y") + be32(0)) == "entitlement[\"com.apple.x-y\"] /* exists */");
    CHECK(text(op(17) + be32(0) + data(oid) + be32(0)) == "certificate leaf[policy.1.2.840.113635.100.6.1.13] /* exists */");
    CHECK(text(op(18) + data("foo")) == "anchor apple foo");
    CHECK(text(op(19) + data("foo")) == "(foo)");
    CHECK(text(op(20) + be32(13)) == "platform = 13");
    CHECK(text(op(21)) == "notarized");
    CHECK(text(op(22) + be32(0) + data(oid) + be32(10) + be32(0) + be32(0)) ==
          "certificate leaf[timestamp.1.2.840.113635.100.6.1.13] < <2001-01-01 00:00:00 +0000>");
    CHECK(text(op(23)) == "legacy");
}

TEST_CASE("a match operation without its text") {
    CHECK(text(info(be32(0))) == "info[key] /* exists */");
    CHECK(text(info(be32(1) + data("v"))) == "info[key] = v");
    CHECK(text(info(be32(2) + data("v"))) == "info[key] ~ v");
    CHECK(text(info(be32(3) + data("v"))) == "info[key] = v*");
    CHECK(text(info(be32(4) + data("v"))) == "info[key] = *v");
    CHECK(text(info(be32(5) + data("1.0"))) == "info[key] < \"1.0\"");
    CHECK(text(info(be32(6) + data("v"))) == "info[key] > v");
    CHECK(text(info(be32(7) + data("v"))) == "info[key] <= v");
    CHECK(text(info(be32(8) + data("v"))) == "info[key] >= v");
    const std::string date = be32(0) + be32(644328000);
    CHECK(text(info(be32(9) + date)) == "info[key] = <2021-06-02 12:00:00 +0000>");
    CHECK(text(info(be32(10) + date)) == "info[key] < <2021-06-02 12:00:00 +0000>");
    CHECK(text(info(be32(11) + date)) == "info[key] > <2021-06-02 12:00:00 +0000>");
    CHECK(text(info(be32(12) + date)) == "info[key] <= <2021-06-02 12:00:00 +0000>");
    CHECK(text(info(be32(13) + date)) == "info[key] >= <2021-06-02 12:00:00 +0000>");
    CHECK(text(info(be32(14))) == "info[key] absent");
    CHECK(text(info(be32(15))) == "defect: match operation 15");
    CHECK(text(info(be32(9) + be32(0x7fffffff) + be32(0xffffffff))) == "info[key] = <9223372036854775807>");
    CHECK(text(info(be32(9) + be32(0x80000000) + be32(0))) == "info[key] = <-9223372036854775808>");
    CHECK(text(info(be32(9) + be32(0xffffffff) + be32(0xffffffff))) == "info[key] = <2000-12-31 23:59:59 +0000>");
}

TEST_CASE("parentheses that change what is meant") {
    const std::string a = ident("a"), b = ident("b"), c = ident("c");
    CHECK(text(either(both(a, b), c)) == "identifier a and identifier b or identifier c");
    CHECK(text(both(a, either(b, c))) == "identifier a and (identifier b or identifier c)");
    CHECK(text(both(either(a, b), c)) == "(identifier a or identifier b) and identifier c");
    CHECK(text(op(9) + both(a, b)) == "! (identifier a and identifier b)");
    CHECK(text(op(9) + either(a, b)) == "! (identifier a or identifier b)");
    CHECK(text(op(9) + op(9) + a) == "! ! identifier a");
    CHECK(text(either(a, op(9) + b)) == "identifier a or ! identifier b");
    CHECK(text(both(both(a, b), c)) == text(both(a, both(b, c))));
    CHECK(text(either(either(a, b), c)) == text(either(a, either(b, c))));
}

TEST_CASE("a string that is read as something else") {
    CHECK(text(ident("abc1")) == "identifier abc1");
    CHECK(text(ident("1abc")) == "identifier \"1abc\"");
    CHECK(text(ident("a.b")) == "identifier \"a.b\"");
    CHECK(text(ident("a-55554944")) == "identifier \"a-55554944\"");
    CHECK(text(ident("")) == "identifier \"\"");
    CHECK(text(ident("anchor")) == "identifier \"anchor\"");
    CHECK(text(ident("say \"\\\"")) == R"(identifier "say \"\\\"")");
    CHECK(text(ident("a\nb")) == "identifier 0x610a62");  // no line of its own in a terminal
    CHECK(text(ident("\x1b[31m")) == "identifier 0x1b5b33316d");
    CHECK(text(ident("\xc3\xa4")) == "identifier 0xc3a4");
    CHECK(text(ident("a\0b"s)) == "identifier 0x610062");
    CHECK(text(op(10) + data("1.a") + be32(0)) == "info[\"1.a\"] /* exists */");
}

TEST_CASE("an operation of a later system") {
    CHECK(text(op(99)) == "defect: operation 99");
    CHECK(text(op(0x80000063) + data("x")) == "never /* operation 99 */");
    CHECK(text(op(0x40000063) + data("x") + op(3)) == "/* operation 99 */ anchor apple");
    CHECK(text(op(0x80000003)) == "anchor apple");  // known: its flags say nothing
}

TEST_CASE("expressions within expressions overflow the stack") {
    std::string chain;
    for (std::size_t i = 1; i < max_requirement_depth; ++i) chain += op(9);
    CHECK(text(chain + op(1)).ends_with("! always"));
    CHECK(text(chain + op(9) + op(1)) == "defect: expressions within expressions without end");
    std::string skipped;
    for (std::size_t i = 0; i < 20'000; ++i) skipped += op(0x40000063) + data("");
    CHECK(text(skipped + op(1)) == "defect: expressions within expressions without end");
}

TEST_CASE("object identifier") {
    CHECK(object_identifier("\x2a"s) == "1.2");
    CHECK(object_identifier("\x88\x37\x03"s) == "2.999.3");
    CHECK(object_identifier("\x78"s) == "2.40");
    CHECK_FALSE(object_identifier(""));
    CHECK_FALSE(object_identifier("\x2a\x86"s));      // ends within a number
    CHECK_FALSE(object_identifier("\x2a\x80\x01"s));  // a number that begins with zeros
    CHECK_FALSE(object_identifier("\x2a" + std::string(10, '\xff') + "\x7f"));
    CHECK(text(op(14) + be32(0) + data("\x86"s) + be32(0)) == "defect: an object identifier that is none");
}

TEST_CASE("every prefix of a requirement") {
    const std::string whole = requirement(both(op(11) + be32(0) + data("subject.OU") + be32(1) + data("X"), op(20) + be32(1)));
    REQUIRE(requirement_text(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(defect_of(requirement_text(whole.substr(0, size))) == Code::blob_malformed);
        std::string cut = whole.substr(0, size);  // the same with a length that fits
        if (size >= 8) support::poke(cut, 4, be32(static_cast<std::uint32_t>(size)));
        CHECK(defect_of(requirement_text(cut)) == Code::blob_malformed);
    }
}

TEST_CASE("field of a requirement") {
    const std::string good = requirement(op(1));
    CHECK(requirement_text(good + "more"));
    CHECK_FALSE(requirement_text(support::poked(good, 0, be32(0xfade0c01))));
    CHECK_FALSE(requirement_text(support::poked(good, 4, be32(11))));
    CHECK_FALSE(requirement_text(support::poked(good, 4, be32(17))));
    CHECK_FALSE(requirement_text(support::poked(good, 4, be32(0xffffffff))));
    CHECK_FALSE(requirement_text(support::poked(good, 8, be32(2))));
    CHECK_FALSE(requirement_text(requirement(op(2) + be32(0xffffffff) + "abcd")));
    CHECK_FALSE(requirement_text(requirement(op(2) + be32(1) + "a")));  // a string without its padding
    CHECK_FALSE(requirement_text(requirement(op(1) + std::string(max_requirements_size, 'x'))));
}

TEST_CASE("field of a set of requirements") {
    const std::string one = requirement(op(1)), good = set(one);
    REQUIRE(requirements_of(good));
    CHECK(requirements_of(blob(0xfade0c01, be32(0)))->empty());
    const auto with = [&](std::size_t at, std::uint32_t value) {
        return requirements_of(support::poked(good, at, be32(value)));
    };
    CHECK_FALSE(with(0, 0xfade0c00));
    CHECK_FALSE(with(4, 8));
    CHECK_FALSE(with(4, static_cast<std::uint32_t>(good.size() + 1)));
    CHECK_FALSE(with(8, 2));  // the first requirement read as an entry
    CHECK_FALSE(with(8, 65));
    CHECK_FALSE(with(8, 0xffffffff));
    CHECK_FALSE(with(16, 12));
    CHECK_FALSE(with(16, static_cast<std::uint32_t>(good.size())));
    CHECK_FALSE(with(16, 0xffffffff));
    CHECK_FALSE(with(24, 0xffffffff));
    CHECK_FALSE(with(28, 7));
    CHECK(with(32, 99).defect().offset == 36);  // behind the operation, from the set's first byte
    CHECK(with(12, 9)->front().line() == "/* type 9 */ => always");
    const std::string two = blob(0xfade0c01, be32(2) + be32(1) + be32(28) + be32(3) + be32(28) + one);
    CHECK_FALSE(requirements_of(two));  // one blob for both
    const std::string apart = blob(0xfade0c01, be32(2) + be32(1) + be32(28) + be32(4) + be32(44) + one + one);
    REQUIRE(requirements_of(apart));
    CHECK(requirements_of(apart)->at(0).line() == "host => always");
    CHECK(requirements_of(apart)->at(1).line() == "library => always");
}

}  // namespace reseal::requirement_text_test
