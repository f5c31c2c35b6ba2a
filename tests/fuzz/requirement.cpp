// SPDX-License-Identifier: BSL-1.0
// Requirements and DER entitlements of any bytes come out as a value that is safe to print and of bounded size, or as a defect
// that lies within; and what stands behind the blob is nobody's.
#include <algorithm>

#include "bytes/plist_value.hpp"
#include "fuzz/feed.hpp"
#include "macho/der_entitlements.hpp"
#include "macho/requirement_text.hpp"

namespace {

using namespace reseal;

void check_text(const std::string& text, std::size_t size) {
    fuzz::require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }), "a text that is none");
    fuzz::require(text.size() <= 64 + 32 * size, "a text without end");
    int open = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && quoted) ++i;
        else if (text[i] == '"') quoted = !quoted;
        else if (!quoted) open += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        fuzz::require(open >= 0, "a parenthesis that closes nothing");
    }
    fuzz::require(!quoted && open == 0, "quotes or parentheses that are left open");
}

std::size_t values_in(const plist::Value& value, std::size_t depth) {
    fuzz::require(depth < macho::max_der_entitlements_depth, "values without end in values");
    std::size_t count = 1;
    if (const auto* list = value.as<plist::Array>())
        for (const plist::Value& each : *list) count += values_in(each, depth + 1);
    if (const auto* dict = value.as<plist::Dict>())
        for (const plist::Entry& each : dict->entries) count += values_in(each.value, depth + 1);
    return count;
}

template <class T, class Same>
void check_defect(const macho::Parsed<T>& one, const macho::Parsed<T>& other, std::size_t size, Same same) {
    fuzz::require(static_cast<bool>(one) == static_cast<bool>(other), "what stands behind the blob counts");
    if (one) {
        fuzz::require(same(*one, *other), "what stands behind the blob changes it");
        return;
    }
    fuzz::require(one.defect().offset <= size, "a defect outside");
    fuzz::require(!one.defect().what.empty(), "a defect without words");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t kind = feed.below(3);
    const std::string_view blob = feed.rest();
    // A length of four bytes more would take the bytes behind in: cut what is looked at to what the blob says it is.
    std::string longer(blob);
    if (blob.size() >= 8) {
        std::size_t length = 0;
        for (std::size_t i = 4; i < 8; ++i) length = length << 8 | static_cast<unsigned char>(blob[i]);
        if (length <= blob.size()) longer.resize(length), longer += "behind";
    }
    if (kind == 0) {
        const macho::Parsed<std::string> text = macho::requirement_text(blob);
        if (text) check_text(*text, blob.size());
        check_defect(text, macho::requirement_text(longer), blob.size(), std::equal_to<>());
    } else if (kind == 1) {
        const auto set = macho::requirements_of(blob);
        if (set)
            for (const macho::Requirement& each : *set) check_text(each.line(), blob.size());
        check_defect(set, macho::requirements_of(longer), blob.size(), [](const auto& a, const auto& b) {
            return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                              [](const auto& x, const auto& y) { return x.line() == y.line(); });
        });
    } else {
        const auto dict = macho::parse_der_entitlements(blob);
        if (dict)
            for (const plist::Entry& each : dict->entries)
                fuzz::require(values_in(each.value, 1) <= macho::max_der_entitlements_values, "more values than there may be");
        check_defect(dict, macho::parse_der_entitlements(longer), blob.size(), std::equal_to<>());
    }
    return 0;
}
