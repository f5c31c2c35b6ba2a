// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a property list says, whichever way it is written down (XML, binary, the DER of entitlements): plain values that own
// all they hold and compare by contents.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reseal::plist {

struct Value;
struct Entry;

struct Data {
    std::string bytes;
    bool operator==(const Data&) const = default;
};

struct Date {
    std::int64_t seconds = 0;  ///< since 1970-01-01 00:00:00 UTC
    bool operator==(const Date&) const = default;
};

using Array = std::vector<Value>;

/// In the order of the file, which means nothing: two are equal whose entries are. No key is there twice.
struct Dict {
    std::vector<Entry> entries;

    /// Null: there is none. Looks through all of them.
    const Value* find(std::string_view key) const;
    bool operator==(const Dict& other) const;
};

struct Value {
    std::variant<bool, std::int64_t, double, std::string, Data, Date, Array, Dict> it;
    bool operator==(const Value&) const = default;

    /// Null: it is of another type.
    template <class T>
    const T* as() const {
        return std::get_if<T>(&it);
    }
};

struct Entry {
    std::string key;
    Value value;
};

/// What `dict` has at `key`, where that is a T; null otherwise.
template <class T>
const T* find(const Dict& dict, std::string_view key) {
    const Value* value = dict.find(key);
    return value ? value->as<T>() : nullptr;
}

/// The strings of the array, or the one string, that `dict` has at `key`; what is none is left out.
std::vector<std::string> strings(const Dict& dict, std::string_view key);

}  // namespace reseal::plist
