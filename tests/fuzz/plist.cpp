// SPDX-License-Identifier: BSL-1.0
// A property list of any bytes is refused with an Error that says so, or is a value within the bounds that means the same when
// it is written out as XML and read again.
#include <reseal/error.hpp>

#include <cmath>
#include <string>

#include "bundle/plist.hpp"
#include "fuzz/feed.hpp"

namespace {

using namespace reseal;

struct Written {
    std::string xml;
    std::size_t values = 0;
    bool comparable = true;  // holds nothing that XML, or libplist's reading of it, says in fewer digits
};

void append_text(std::string& xml, const char* tag, const std::string& text) {
    xml.append("<").append(tag).append(">");
    for (char c : text) {
        if (c == '<') xml += "&lt;";
        else if (c == '>') xml += "&gt;";
        else if (c == '&') xml += "&amp;";
        else xml += c;
    }
    xml.append("</").append(tag).append(">");
}

void append(Written& out, const plist::Value& value, std::size_t depth) {
    fuzz::require(depth <= bundle::max_plist_depth, "values without end in values");
    fuzz::require(++out.values <= bundle::max_plist_values, "more values than there may be");
    if (const auto* flag = value.as<bool>()) out.xml += *flag ? "<true/>" : "<false/>";
    else if (const auto* number = value.as<std::int64_t>())
        out.xml.append("<integer>").append(std::to_string(*number)) += "</integer>";
    else if (const auto* text = value.as<std::string>()) append_text(out.xml, "string", *text);
    else if (const auto* list = value.as<plist::Array>()) {
        out.xml += "<array>";
        for (const plist::Value& each : *list) append(out, each, depth + 1);
        out.xml += "</array>";
    } else if (const auto* dict = value.as<plist::Dict>()) {
        out.xml += "<dict>";
        for (const plist::Entry& each : dict->entries) {
            append_text(out.xml, "key", each.key);
            append(out, each.value, depth + 1);
            fuzz::require(dict->find(each.key) == &each.value, "a key that is there twice");
        }
        out.xml += "</dict>";
    } else {  // data, dates and real numbers
        out.xml += "<true/>";
        out.comparable = false;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (!bundle::plists_available()) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const plist::Value value = bundle::parse_plist(bytes, "fuzzed");
        Written out;
        append(out, value, 0);
        const plist::Value again = bundle::parse_plist("<plist>" + out.xml + "</plist>", "again");
        fuzz::require(!out.comparable || again == value, "a property list changes when it is written out");
    } catch (const Error& error) {
        fuzz::require(error.error() == ErrorCode::malformed, "an error that is not about the property list");
        fuzz::require(error.entry() == "fuzzed", "a property list of ours is refused");
        fuzz::require(!error.offset() || *error.offset() <= size, "an error outside");
    }
    return 0;
}
