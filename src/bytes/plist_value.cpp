// SPDX-License-Identifier: BSL-1.0
#include "bytes/plist_value.hpp"

#include <algorithm>

namespace reseal::plist {
namespace {

std::vector<const Entry*> by_key(const Dict& dict) {
    std::vector<const Entry*> sorted;
    sorted.reserve(dict.entries.size());
    for (const Entry& entry : dict.entries) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
    return sorted;
}

}  // namespace

const Value* Dict::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

bool Dict::operator==(const Dict& other) const {
    if (entries.size() != other.entries.size()) return false;
    const std::vector<const Entry*> ours = by_key(*this), theirs = by_key(other);
    return std::equal(ours.begin(), ours.end(), theirs.begin(),
                      [](const Entry* a, const Entry* b) { return a->key == b->key && a->value == b->value; });
}

std::vector<std::string> strings(const Dict& dict, std::string_view key) {
    std::vector<std::string> found;
    const Value* value = dict.find(key);
    if (!value) return found;
    if (const std::string* one = value->as<std::string>()) found.push_back(*one);
    if (const Array* array = value->as<Array>())
        for (const Value& each : *array)
            if (const std::string* text = each.as<std::string>()) found.push_back(*text);
    return found;
}

}  // namespace reseal::plist
