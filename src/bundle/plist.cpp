// SPDX-License-Identifier: BSL-1.0
#include "bundle/plist.hpp"

#include <reseal/error.hpp>

#include "bundle/plist_outline.hpp"
#include "config.hpp"

#if RESEAL_PLIST

#include <plist/plist.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace reseal::bundle {
namespace {

struct FreeNode {
    void operator()(void* node) const { plist_free(node); }
};
struct FreeMemory {
    void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<char, FreeMemory>;

std::string string_of(plist_t node) {
    char* text = nullptr;
    plist_get_string_val(node, &text);
    const Memory owned(text);
    return text ? std::string(text) : std::string();
}

std::string data_of(plist_t node) {
    char* bytes = nullptr;
    std::uint64_t size = 0;
    plist_get_data_val(node, &bytes, &size);
    const Memory owned(bytes);
    return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

/// libplist's nodes as our values, counted, for what it left out or put together would otherwise go unnoticed.
class Converter {
public:
    PlistOutline got;
    bool repeats = false;  // of a key in one dictionary

    plist::Value value(plist_t node) {
        ++got.values;
        switch (plist_get_node_type(node)) {
            case PLIST_BOOLEAN: {
                std::uint8_t flag = 0;
                plist_get_bool_val(node, &flag);
                return {flag != 0};
            }
            case PLIST_UINT: {
                std::uint64_t number = 0;
                plist_get_uint_val(node, &number);
                return {static_cast<std::int64_t>(number)};
            }
            case PLIST_REAL: {
                double number = 0;
                plist_get_real_val(node, &number);
                return {number};
            }
            case PLIST_STRING: return {string_of(node)};
            case PLIST_DATA: return {plist::Data{data_of(node)}};
            case PLIST_DATE: {
                constexpr std::int64_t epoch = 978307200;  // 2001-01-01, where dates of property lists count from
                std::int32_t seconds = 0, fraction = 0;
                plist_get_date_val(node, &seconds, &fraction);
                return {plist::Date{epoch + seconds}};
            }
            case PLIST_ARRAY: return {array(node)};
            case PLIST_DICT: return {dict(node)};
            default: --got.values; return {false};  // the outline has none of these
        }
    }

private:
    plist::Array array(plist_t node) {
        plist::Array values;
        plist_array_iter place = nullptr;
        plist_array_new_iter(node, &place);
        const std::unique_ptr<void, FreeMemory> owned(place);
        for (;;) {
            plist_t item = nullptr;
            plist_array_next_item(node, place, &item);
            if (!item) return values;
            values.push_back(value(item));
        }
    }

    plist::Dict dict(plist_t node) {
        plist::Dict values;
        plist_dict_iter place = nullptr;
        plist_dict_new_iter(node, &place);
        const std::unique_ptr<void, FreeMemory> owned(place);
        for (;;) {
            char* key = nullptr;
            plist_t item = nullptr;
            plist_dict_next_item(node, place, &key, &item);
            const Memory owned_key(key);
            if (!item) break;
            ++got.keys;
            values.entries.push_back({key ? std::string(key) : std::string(), value(item)});
        }
        note_repeats(values);
        return values;
    }

    void note_repeats(const plist::Dict& dict) {
        std::vector<std::string_view> keys;
        keys.reserve(dict.entries.size());
        for (const plist::Entry& entry : dict.entries) keys.push_back(entry.key);
        std::sort(keys.begin(), keys.end());
        if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) repeats = true;
    }
};

}  // namespace

bool plists_available() { return true; }

plist::Value parse_plist(std::string_view bytes, const std::string& name) {
    const auto malformed = [&](const std::string& what, std::optional<std::uint64_t> offset = {}) {
        return Error(ErrorCode::malformed, std::string("no property list: ") + what, name, offset);
    };
    if (bytes.size() > max_plist_bytes) throw malformed("more than " + std::to_string(max_plist_bytes) + " bytes");
    const bool binary = bytes.starts_with(binary_plist_magic);
    constexpr std::string_view mark = "\xef\xbb\xbf";
    const std::uint64_t skipped = !binary && bytes.starts_with(mark) ? mark.size() : 0;
    bytes.remove_prefix(static_cast<std::size_t>(skipped));
    const OutlinedPlist outlined = binary ? outline_binary(bytes) : outline_xml(bytes);
    if (const auto* fault = std::get_if<PlistFault>(&outlined)) throw malformed(fault->what, skipped + fault->offset);
    const PlistOutline& expected = std::get<PlistOutline>(outlined);

    plist_t root = nullptr;
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const char* const begin = bytes.data();
    if (binary) (void)plist_from_bin(begin, size, &root);
    else (void)plist_from_xml(begin, size, &root);
    const std::unique_ptr<void, FreeNode> owned(root);
    if (!root) throw malformed("libplist does not take it");
    Converter converter;
    plist::Value value = converter.value(root);
    if (converter.repeats || converter.got.keys < expected.keys) throw malformed("a dictionary holds a key twice");
    if (converter.got.values != expected.values || converter.got.keys != expected.keys) throw malformed("read in two ways");
    return value;
}

}  // namespace reseal::bundle

#else

namespace reseal::bundle {

bool plists_available() { return false; }

plist::Value parse_plist(std::string_view, const std::string& name) {
    throw Error(ErrorCode::misuse, "this build reads no property lists (libplist)", name);
}

}  // namespace reseal::bundle

#endif
