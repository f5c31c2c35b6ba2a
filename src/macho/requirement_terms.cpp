// SPDX-License-Identifier: BSL-1.0
#include "macho/requirement_terms.hpp"

#include <algorithm>
#include <chrono>

#include "bytes/ascii.hpp"
#include "bytes/hex.hpp"

namespace reseal::macho {
namespace {

/// Words of the language, which a string in front of them would otherwise be read as.
bool is_reserved(std::string_view word) {
    constexpr std::string_view words[] = {"absent",  "always",      "anchor",     "and",         "apple",      "cdhash",
                                          "cert",    "certificate", "designated", "entitlement", "exists",     "false",
                                          "generic", "guest",       "host",       "info",        "identifier", "leaf",
                                          "legacy",  "library",     "never",      "notarized",   "or",         "platform",
                                          "plugin",  "root",        "timestamp",  "true",        "trusted"};
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

void append_padded(std::string& out, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

}  // namespace

std::string requirement_word(std::string_view bytes, bool dots) {
    const auto belongs = [dots](char c) { return is_letter(c) || is_digit(c) || (dots && c == '.'); };
    if (!bytes.empty() && !is_digit(bytes.front()) && std::all_of(bytes.begin(), bytes.end(), belongs) && !is_reserved(bytes))
        return std::string(bytes);
    if (!std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
        std::string digits = "0x";
        return digits.append(to_hex(bytes));
    }
    std::string quoted = "\"";
    for (char c : bytes) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

std::string requirement_hash(std::string_view bytes) {
    std::string text = "H\"";
    return text.append(to_hex(bytes)) += '"';
}

std::optional<std::string> object_identifier(std::string_view bytes) {
    if (bytes.empty()) return {};
    std::string text;
    std::uint64_t arc = 0;
    bool ended = true;
    for (char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        if ((ended && byte == 0x80) || arc >> 57 != 0) return {};
        arc = arc << 7 | (byte & 0x7f);
        ended = (byte & 0x80) == 0;
        if (!ended) continue;
        if (text.empty()) {  // the first number holds two
            const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
            text = std::to_string(first);
            arc -= 40 * first;
        }
        text += '.';
        text += std::to_string(arc);
        arc = 0;
    }
    if (!ended) return {};
    return text;
}

std::string requirement_date(std::int64_t seconds) {
    using namespace std::chrono;
    constexpr std::int64_t epoch = 978307200, thousand_years = std::int64_t{1000} * 366 * 86400;
    std::string text = "<";
    if (seconds < -thousand_years || seconds > thousand_years) {  // not to be reckoned with a calendar
        text += std::to_string(seconds);
        return text += '>';
    }
    const sys_seconds time{std::chrono::seconds{epoch + seconds}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss<std::chrono::seconds> clock{time - day};
    append_padded(text, int{date.year()}, 4);
    text += '-';
    append_padded(text, unsigned{date.month()}, 2);
    text += '-';
    append_padded(text, unsigned{date.day()}, 2);
    text += ' ';
    append_padded(text, clock.hours().count(), 2);
    text += ':';
    append_padded(text, clock.minutes().count(), 2);
    text += ':';
    append_padded(text, clock.seconds().count(), 2);
    return text += " +0000>";
}

}  // namespace reseal::macho
