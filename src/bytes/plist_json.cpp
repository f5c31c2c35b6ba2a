// SPDX-License-Identifier: BSL-1.0
#include "bytes/plist_json.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "bytes/hex.hpp"
#include "bytes/iso_date.hpp"
#include "bytes/utf8.hpp"

namespace reseal::plist {
namespace {

constexpr char32_t replacement = 0xFFFD;

void append_escape(std::string& out, char32_t value) {
    const char bytes[] = {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
    out.append("\\u").append(to_hex({bytes, sizeof bytes}));
}

void append_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const Utf8Character character = first_character(text);
        const char32_t value = character.size == 0 ? replacement : character.value;
        text.remove_prefix(character.size == 0 ? 1 : character.size);
        if (value == U'"' || value == U'\\') out.append(1, '\\').append(1, static_cast<char>(value));
        else if (value < 0x20 || (value >= 0x7F && value < 0xA0)) append_escape(out, value);
        else append_utf8(out, value);
    }
    out += '"';
}

void append_number(std::string& out, double number) {
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), std::isfinite(number) ? "%.17g" : "\"%g\"", number);
    out += text.data();
}

void append_value(std::string& out, const Value& value);

void append_array(std::string& out, const Array& array) {
    out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0) out += ", ";
        append_value(out, array[i]);
    }
    out += ']';
}

void append_dict(std::string& out, const Dict& dict) {
    out += '{';
    for (std::size_t i = 0; i < dict.entries.size(); ++i) {
        if (i > 0) out += ", ";
        append_string(out, dict.entries[i].key);
        out += ": ";
        append_value(out, dict.entries[i].value);
    }
    out += '}';
}

void append_value(std::string& out, const Value& value) {
    if (const bool* truth = value.as<bool>()) out += *truth ? "true" : "false";
    else if (const std::int64_t* integer = value.as<std::int64_t>()) out += std::to_string(*integer);
    else if (const double* number = value.as<double>()) append_number(out, *number);
    else if (const std::string* text = value.as<std::string>()) append_string(out, *text);
    else if (const Data* data = value.as<Data>()) out.append("\"<").append(to_hex(data->bytes)).append(">\"");
    else if (const Date* date = value.as<Date>()) append_string(out, iso_date(date->seconds));
    else if (const Array* array = value.as<Array>()) append_array(out, *array);
    else if (const Dict* dict = value.as<Dict>()) append_dict(out, *dict);
}

}  // namespace

std::string json(const Value& value) {
    std::string out;
    append_value(out, value);
    return out;
}

}  // namespace reseal::plist
