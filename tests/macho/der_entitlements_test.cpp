// SPDX-License-Identifier: BSL-1.0
// DER entitlements: a good blob of every kind of value, and one broken in each way.
#include "macho/der_entitlements.hpp"

#include <doctest/doctest.h>

#include <string>

#include "defect_of.hpp"
#include "support/blobs.hpp"
#include "support/octets.hpp"

namespace reseal::der_entitlements_test {
using namespace macho;
using namespace std::string_literals;

namespace {

std::string der(unsigned tag, const std::string& contents) {
    std::string out(1, static_cast<char>(tag));
    const std::size_t size = contents.size();
    if (size < 0x80) out += static_cast<char>(size);
    else if (size < 0x100) out += "\x81" + support::integer(size, 1, true);
    else if (size < 0x10000) out += "\x82" + support::integer(size, 2, true);
    else out += "\x83" + support::integer(size, 3, true);
    return out + contents;
}
std::string text(const std::string& s) { return der(0x0c, s); }
std::string pair(const std::string& key, const std::string& value) { return der(0x30, text(key) + value); }
const std::string yes = der(1, "\xff"), version = der(2, "\1");
std::string blob(const std::string& contents) { return support::blob(0xfade7172, contents); }
std::string whole(const std::string& pairs) { return blob(der(0x70, version + der(0xb0, pairs))); }

std::string defect(const std::string& bytes) {
    const Parsed<plist::Dict> parsed = parse_der_entitlements(bytes);
    if (parsed) return "none";
    CHECK(parsed.defect().code == Code::blob_malformed);
    CHECK(parsed.defect().offset <= bytes.size());
    return parsed.defect().what;
}
bool defect_is(const std::string& bytes, const std::string& part) {
    const std::string what = defect(bytes);
    INFO(what);
    CHECK(what.find(part) != what.npos);
    return what.find(part) != what.npos;
}

}  // namespace

TEST_CASE("a kind of DER value comes out as another") {
    const Parsed<plist::Dict> parsed = parse_der_entitlements(
        whole(pair("array", der(0x30, text("a") + text("b"))) + pair("dict", der(0xb0, pair("inner", der(2, "\xff\x7f")))) +
              pair("empty", text("")) + pair("large", der(2, "\x7f" + std::string(7, '\xff'))) +
              pair("long", text(std::string(300, 'x'))) + pair("no", der(1, "\0"s)) + pair("yes", yes)));
    REQUIRE(parsed);
    REQUIRE(parsed->entries.size() == 7);
    CHECK(plist::strings(*parsed, "array") == std::vector<std::string>{"a", "b"});
    CHECK(*plist::find<std::int64_t>(*plist::find<plist::Dict>(*parsed, "dict"), "inner") == -129);
    CHECK(plist::find<std::string>(*parsed, "empty")->empty());
    CHECK(*plist::find<std::int64_t>(*parsed, "large") == INT64_MAX);
    CHECK(plist::find<std::string>(*parsed, "long")->size() == 300);
    CHECK_FALSE(*plist::find<bool>(*parsed, "no"));
    CHECK(*plist::find<bool>(*parsed, "yes"));
    CHECK(parse_der_entitlements(whole(""))->entries.empty());
}

TEST_CASE("version 0 of DER entitlements is a set") {
    const Parsed<plist::Dict> parsed =
        parse_der_entitlements(blob(der(0x31, pair("a", yes) + pair("b", der(0x31, pair("c", yes))))));
    REQUIRE(parsed);
    CHECK(*plist::find<bool>(*parsed, "a"));
    CHECK(*plist::find<bool>(*plist::find<plist::Dict>(*parsed, "b"), "c"));
}

TEST_CASE("every prefix of DER entitlements") {
    const std::string good = whole(pair("a", der(0x30, text("b"))) + pair("c", yes));
    REQUIRE(parse_der_entitlements(good));
    CHECK(parse_der_entitlements(good + "behind the blob"));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK(defect(good.substr(0, size)) != "none");
        if (size >= 8) CHECK(defect(blob(good.substr(8, size - 8))) != "none");
    }
}

TEST_CASE("field of DER entitlements") {
    const std::string good = whole(pair("a", yes));
    CHECK(defect_is(support::poked(good, 0, support::be32(0xfade7171)), "magic"));
    CHECK(defect_is(support::poked(good, 4, support::be32(7)), "of 7 bytes"));
    CHECK(defect_is(support::poked(good, 4, support::be32(0xffffffff)), "bytes"));
    CHECK(defect_is(blob(""), "runs past"));
    CHECK(defect_is(blob(der(0x30, version + der(0xb0, ""))), "tag 0x30 where 0x70"));
    CHECK(defect_is(blob(der(0x70, der(2, "\2") + der(0xb0, ""))), "version 2"));
    CHECK(defect_is(blob(der(0x70, yes + der(0xb0, ""))), "tag 0x1 where 0x2"));
    CHECK(defect_is(blob(der(0x70, version + der(0x30, ""))), "tag 0x30 where 0xb0"));
    CHECK(defect_is(blob(der(0x70, version + der(0xb0, "") + yes)), "behind the dictionary"));
    CHECK(defect_is(blob(der(0x70, version + der(0xb0, "")) + yes), "behind the entitlements"));
    CHECK(defect_is(blob(der(0x70, version) + der(0xb0, "")), "behind the dictionary"));
    CHECK(defect_is(blob(der(0x31, "") + yes), "behind the entitlements"));
    CHECK(defect_is(whole(yes), "tag 0x1 where 0x30"));
    CHECK(defect_is(whole(der(0x30, yes + yes)), "tag 0x1 where 0xc"));
    CHECK(defect_is(whole(der(0x30, text("a") + yes + yes)), "other than two"));
    CHECK(defect_is(whole(der(0x30, text("a")) + pair("b", yes)), "other than two"));  // takes the next pair for its value
    CHECK(defect_is(whole(pair("a", der(0x30, der(0x30, "\x0c\x01")) + "x")), "runs past"));
    CHECK(defect_is(whole(pair("a", yes) + pair("b", yes) + pair("a", yes)), "twice"));
    CHECK(defect_is(whole(pair("a", der(1, ""))), "a truth of 0"));
    CHECK(defect_is(whole(pair("a", der(1, "\0\0"s))), "a truth of 2"));
    CHECK(defect_is(whole(pair("a", der(2, ""))), "an integer of 0"));
    CHECK(defect_is(whole(pair("a", der(2, std::string(9, '\1')))), "an integer of 9"));
    CHECK(defect_is(whole(pair("a", text("x\0y"s))), "NUL"));
    CHECK(defect_is(whole(pair("a", der(4, "x"))), "a value of tag 0x4"));
    CHECK(defect_is(whole(pair("a", "\x0c\x80")), "odd form"));
    CHECK(defect_is(whole(pair("a", "\x0c\x85\1\1\1\1\1")), "odd form"));
    CHECK(defect_is(whole(pair("a", "\x0c\x81\x01x")), "longer than it need be"));
    CHECK(defect_is(whole(pair("a", "\x0c\x82\0\x90"s + std::string(0x90, 'x'))), "longer than it need be"));
    CHECK(defect_is(whole(pair("a", "\x0c\x84\xff\xff\xff\xff"s)), "runs past"));
}

TEST_CASE("DER values within values overflow the stack") {
    std::string nested = yes;
    for (std::size_t i = 0; i < 30; ++i) nested = der(0x30, nested);
    CHECK(defect(whole(pair("a", nested))) == "none");
    CHECK(defect_is(whole(pair("a", der(0x30, nested))), "without end"));
    for (std::size_t i = 0; i < 5000; ++i) nested = der(i % 2 ? 0x30 : 0xb0, i % 2 ? nested : pair("k", nested));
    CHECK(defect_is(whole(pair("a", nested)), "without end"));
}

TEST_CASE("more DER values than anybody means") {
    std::string many;
    for (std::size_t i = 0; i < max_der_entitlements_values - 1; ++i) many += yes;
    CHECK(defect(whole(pair("a", der(0x30, many)))) == "none");
    CHECK(defect_is(whole(pair("a", der(0x30, many + yes))), "too many"));
    CHECK(defect_is(blob(std::string(max_der_entitlements_size, 'x')), "DER entitlements of 1048584 bytes"));
}

}  // namespace reseal::der_entitlements_test
