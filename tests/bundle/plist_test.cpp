// SPDX-License-Identifier: BSL-1.0
// Property lists of both forms, and what is wrong with each kind of bad one.
#include "bundle/plist.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include <optional>
#include <string>
#include <vector>

#include "config.hpp"
#include "support/octets.hpp"

namespace reseal::plist_test {
using bundle::parse_plist;
using namespace std::string_literals;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0);

std::string xml(const std::string& value) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           "<plist version=\"1.0\">\n" +
           value + "\n</plist>\n";
}

/// Empty: it was taken.
std::string refusal(const std::string& bytes) {
    try {
        parse_plist(bytes, "name.plist");
        return {};
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        CHECK(error.entry() == "name.plist");
        return error.what();
    }
}
bool refused_for(const std::string& bytes, const std::string& what) {
    const std::string message = refusal(bytes);
    INFO(message);
    CHECK(message.find(what) != message.npos);
    return message.find(what) != message.npos;
}

/// The binary form of these objects, the first of them at the top; references and offsets are one byte each.
std::string binary(const std::vector<std::string>& objects) {
    std::string out = "bplist00", table;
    for (const std::string& object : objects) {
        table += static_cast<char>(out.size());
        out += object;
    }
    const std::size_t at = out.size();
    out += table + std::string(6, '\0') + "\1\1" + std::string(7, '\0') + static_cast<char>(objects.size());
    return out + support::be64(0) + support::be64(at);
}

/// An ASCII string of one.
std::string letter(char c) { return std::string("\x51") + c; }

const plist::Dict& dict(const plist::Value& value) {
    REQUIRE(value.as<plist::Dict>() != nullptr);
    return *value.as<plist::Dict>();
}

}  // namespace

TEST_CASE("a kind of XML value comes out as another" * needs_libplist) {
    const plist::Value value = parse_plist(
        xml("<dict><key>yes</key><true/><key>no</key><false/><key>int</key><integer>-42</integer>"
            "<key>large</key><integer>9223372036854775807</integer>"
            "<key>real</key><real>1.5</real><key>text</key><string>a &lt;b&gt; &amp; \xc3\xa4<![CDATA[<x>]]></string>"
            "<key>data</key><data>\n\tAAECA/8=\n\t</data><key>date</key><date>2021-06-01T12:00:00Z</date>"
            "<!-- a comment with <dict> in it --><key>list</key><array><string>1</string><dict/></array>"
            "<key>none</key><string/></dict>"),
        "x");
    const plist::Dict& top = dict(value);
    REQUIRE(top.entries.size() == 10);
    CHECK(top.entries[0].key == "yes");
    CHECK(*plist::find<bool>(top, "yes"));
    CHECK_FALSE(*plist::find<bool>(top, "no"));
    CHECK(*plist::find<std::int64_t>(top, "int") == -42);
    CHECK(*plist::find<std::int64_t>(top, "large") == INT64_MAX);
    CHECK(*plist::find<double>(top, "real") == 1.5);
    CHECK(*plist::find<std::string>(top, "text") == "a <b> & \xc3\xa4<x>");
    CHECK(plist::find<plist::Data>(top, "data")->bytes == "\0\1\2\3\xff"s);
    CHECK(plist::find<plist::Date>(top, "date")->seconds == 1622548800);
    CHECK(plist::find<plist::Array>(top, "list")->size() == 2);
    CHECK(plist::find<std::string>(top, "none")->empty());
    CHECK(plist::find<bool>(top, "int") == nullptr);
    CHECK(top.find("absent") == nullptr);
    CHECK(plist::strings(top, "list") == std::vector<std::string>{"1"});
    CHECK(plist::strings(top, "none") == std::vector<std::string>{""});
    CHECK(plist::strings(top, "int").empty());
}

TEST_CASE("a kind of binary value comes out as another" * needs_libplist) {
    const plist::Value value =
        parse_plist(binary({"\xd5\1\2\3\4\5\6\7\x08\x09\x0a"s, letter('a'), letter('b'), letter('c'), letter('d'),
                            "\x61\0\xe4"s, "\x09", "\x13\xff\xff\xff\xff\xff\xff\xff\xd6"s, "\x42\0\1"s, "\xa2\x06\x0b"s,
                            "\x33\x41\xc3\x30\x37\xe0\0\0\0"s, "\x23\x3f\xf8\0\0\0\0\0\0"s}),
                    "x");
    const plist::Dict& top = dict(value);
    REQUIRE(top.entries.size() == 5);
    CHECK(*plist::find<bool>(top, "a"));
    CHECK(*plist::find<std::int64_t>(top, "b") == -42);
    CHECK(plist::find<plist::Data>(top, "c")->bytes == "\0\1"s);
    const auto* list = plist::find<plist::Array>(top, "d");
    REQUIRE(list != nullptr);
    CHECK(*list->at(0).as<bool>());
    CHECK(*list->at(1).as<double>() == 1.5);
    CHECK(plist::find<plist::Date>(top, "\xc3\xa4")->seconds == 978307200 + 643854272);
}

TEST_CASE("the order of a dictionary's keys makes it another" * needs_libplist) {
    const plist::Value one = parse_plist(xml("<dict><key>a</key><true/><key>b</key><integer>1</integer></dict>"), "x");
    const plist::Value other = parse_plist(xml("<dict><key>b</key><integer>1</integer><key>a</key><true/></dict>"), "x");
    const plist::Value different = parse_plist(xml("<dict><key>b</key><integer>2</integer><key>a</key><true/></dict>"), "x");
    const plist::Value fewer = parse_plist(xml("<dict><key>a</key><true/></dict>"), "x");
    CHECK(one == other);
    CHECK_FALSE(one == different);
    CHECK_FALSE(one == fewer);
}

TEST_CASE("bytes that are no property list are taken" * needs_libplist) {
    CHECK(refused_for("", "no <plist>"));
    CHECK(refused_for("hello", "text outside of a value"));
    CHECK(refused_for("<html></html>", "outside of <plist>"));
    CHECK(refused_for(xml(""), "an empty <plist>"));
    CHECK(refused_for("<plist/>", "an empty <plist>"));
    CHECK(refused_for(xml("<true/><true/>"), "a second value"));
    CHECK(refused_for(xml("<true/>") + xml("<true/>"), "defines something"));
    CHECK(refused_for("<plist><true/></plist><plist><true/></plist>", "a second <plist>"));
    CHECK(refused_for(xml("<dict><true/></dict>"), "take turns"));
    CHECK(refused_for(xml("<dict><key>a</key><key>b</key></dict>"), "take turns"));
    CHECK(refused_for(xml("<dict><key>a</key></dict>"), "a key without a value"));
    CHECK(refused_for(xml("<array><key>a</key></array>"), "take turns"));
    CHECK(refused_for(xml("<set></set>"), "do not have"));
    CHECK(refused_for(xml("<string>a<true/></string>"), "within <string>"));
    CHECK(refused_for(xml("<array><true/>"), "opened last"));
    CHECK(refused_for("<plist><array>", "never closed"));
    CHECK(refused_for("<plist><string>a", "never closed"));
    CHECK(refused_for("<plist><string>a<!-- ", "never ends"));
    CHECK(refused_for("<plist", "never ends"));
    CHECK(refused_for(xml("<string>a\0b</string>"s), "NUL"));
    CHECK(refused_for(xml("<string a=\"<dict>\">b</string>"), "attributes"));
    CHECK(refused_for("<!DOCTYPE plist [<!ENTITY a \"b\">]><plist><true/></plist>", "document type"));
    for (const char* number : {"", "x", "1x", "0x10", "010", "9223372036854775808", "-9223372036854775809", "1.5", "-"}) {
        CAPTURE(number);
        CHECK(refused_for(xml("<integer>" + std::string(number) + "</integer>"), "an integer that is none"));
    }
    CHECK(refusal(xml("<integer> 0 </integer>")).empty());
}

TEST_CASE("what is odd in an XML property list has no offset" * needs_libplist) {
    try {
        parse_plist("\xef\xbb\xbf<plist><x/></plist>", "x");
        FAIL("taken");
    } catch (const Error& error) {
        CHECK(error.offset() == 10);
    }
}

TEST_CASE("a key that is there twice hides a value" * needs_libplist) {
    CHECK(refused_for(xml("<dict><key>a</key><true/><key>a</key><false/></dict>"), "twice"));
    CHECK(refused_for(xml("<array><dict><key>a</key><true/><key>&#97;</key><false/></dict></array>"), "twice"));
    CHECK(refused_for(binary({"\xd2\1\1\2\2", letter('a'), "\x09"}), "twice"));
    CHECK(refusal(xml("<array><dict><key>a</key><true/></dict><dict><key>a</key><true/></dict></array>")).empty());
}

TEST_CASE("values within values without end overflow the stack" * needs_libplist) {
    const auto nested = [](std::size_t depth) {
        std::string open, close;
        for (std::size_t i = 0; i < depth; ++i) open += "<array>", close += "</array>";
        return xml(open + close);
    };
    CHECK(refusal(nested(bundle::max_plist_depth)).empty());
    CHECK(refused_for(nested(bundle::max_plist_depth + 1), "deep"));
    CHECK(refused_for(nested(1'000'000), "deep"));
    std::string open;
    for (std::size_t i = 0; i < 100'000; ++i) open += "<dict><key>a</key>";
    CHECK(refused_for(xml(open), "deep"));
    CHECK(refused_for(binary({"\xa1\0"s}), "deep"));  // an array within itself
    CHECK(refused_for(binary({"\xd1\1\0"s, letter('a')}), "deep"));
}

TEST_CASE("few bytes that mean many values take all memory" * needs_libplist) {
    std::vector<std::string> doubled;
    for (char i = 1; i <= 40; ++i) doubled.push_back("\xa2"s + i + i);
    doubled.push_back("\x09");
    CHECK(refused_for(binary(doubled), "more than 1000000 values"));
    // 16 million bytes of text by a string of 16 that many refer to.
    std::vector<std::string> wide;
    for (char i = 1; i <= 4; ++i) wide.push_back("\xaf\x10\x1e"s + std::string(30, i));
    wide.push_back("\x4f\x10\x64" + std::string(100, 'x'));
    CHECK(refused_for(binary(wide), "more text and data"));
    std::string many = "<array>";
    for (std::size_t i = 0; i < bundle::max_plist_values; ++i) many += "<true/>";
    CHECK(refused_for(xml(many + "</array>"), "more than 1000000 values"));
    std::string keys = "<dict>";
    for (std::size_t i = 0; i <= bundle::max_plist_keys; ++i) keys += "<key>" + std::to_string(i) + "</key><true/>";
    CHECK(refused_for(xml(keys + "</dict>"), "more than 200000 keys"));
    CHECK(refused_for(binary({"\xdf\x12" + std::string("\0\3\x0d\x41", 4) + std::string(400'002, '\1')}),
                      "more than 200000 keys"));
}

TEST_CASE("field of a binary property list" * needs_libplist) {
    const std::string good = binary({"\xa1\1", letter('a')});
    CHECK(refusal(good).empty());
    for (std::size_t size = 8; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(refusal(good.substr(0, size)).empty());
    }
    const auto with = [&](std::size_t from_end, char value) {
        std::string bytes = good;
        bytes[bytes.size() - from_end] = value;
        return bytes;
    };
    CHECK(refused_for(with(26, 0), "a trailer"));  // size of an offset
    CHECK(refused_for(with(26, 9), "a trailer"));
    CHECK(refused_for(with(25, 0), "a trailer"));  // size of a reference
    CHECK(refused_for(with(17, 3), "a trailer"));  // objects: more than the table holds
    CHECK(refused_for(with(24, 0x7f), "a trailer"));
    CHECK(refused_for(with(9, 2), "a trailer"));   // the top object
    CHECK(refused_for(with(1, 40), "a trailer"));  // the table's offset
    CHECK(refused_for(with(34, 7), "outside"));    // an object in the magic
    CHECK(refused_for(with(34, 0x7f), "outside"));
    CHECK(refused_for(binary({"\xa1\2", letter('a')}), "not there"));
    CHECK(refused_for(binary({"\xaf\x10\x7f\1", letter('a')}), "runs past"));
    CHECK(refused_for(binary({"\xaf\x13\xff\xff\xff\xff\xff\xff\xff\xff\1", letter('a')}), "runs past"));
    CHECK(refused_for(binary({"\xaf\x50\1", letter('a')}),
                      "runs past"));  // a count that is no integer
    CHECK(refused_for(binary({"\x5f\x10\x7f"
                              "a"}),
                      "runs past"));
    CHECK(refused_for(binary({"\x6f\x13\x7f\xff\xff\xff\xff\xff\xff\xff"
                              "aa"}),
                      "runs past"));
    CHECK(refused_for(binary({"\xd1\1\1", "\x09"}), "a key that is no string"));
    CHECK(refused_for(binary({"\x52"
                              "a\0"s}),
                      "NUL"));
    CHECK(refused_for(binary({"\x62\0a\0\0"s}), "NUL"));
    CHECK(refused_for(binary({"\0"s}), "neither true nor false"));
    CHECK(refused_for(binary({"\x14" + std::string(16, '\1')}), "64 bits"));
    CHECK(refused_for(binary({"\x21"
                              "aa"}),
                      "odd size"));
    CHECK(refused_for(binary({"\x32"
                              "aaaa"}),
                      "odd size"));
    CHECK(refused_for(binary({"\x80\1"}), "kind of value"));          // a UID
    CHECK(refused_for(binary({"\xc1\1", "\x09"}), "kind of value"));  // a set
}

TEST_CASE("without libplist a property list is taken for empty" * doctest::skip(RESEAL_PLIST == 1)) {
    CHECK_FALSE(bundle::plists_available());
    CHECK_THROWS_AS(parse_plist(xml("<true/>"), "x"), Error);
}

}  // namespace reseal::plist_test
