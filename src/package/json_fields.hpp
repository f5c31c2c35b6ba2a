// SPDX-License-Identifier: BSL-1.0
#pragma once
// The fields of one object in JSON that somebody else wrote. Every complaint names the file and the key.
#include <cstdint>
#include <optional>
#include <reseal/error.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bytes/byte_string.hpp"
#include "package/json.hpp"

namespace reseal::package {

/// "paths[3]", as messages name an element.
inline std::string element(const std::string& list, std::size_t index) {
    std::string out = list;
    return out.append("[").append(std::to_string(index)).append("]");
}

class JsonFields {
public:
    /// `where`: the keys that lead to the object, "" for the outermost. Both must outlive the fields. Throws Error
    /// (ErrorCode::malformed), as all below do, unless it is an object.
    JsonFields(const Json& object, std::string file, std::string where);

    /// Null where it is missing or null.
    const Json* find(const std::string& key);
    std::optional<std::string> text(const std::string& key);
    std::string needed(const std::string& key);
    /// Missing: false.
    bool flag(const std::string& key);
    /// Missing: none.
    std::vector<std::string> texts(const std::string& key);
    std::optional<std::uint64_t> size(const std::string& key);
    std::uint64_t needed_size(const std::string& key);
    /// 32 bytes, given as 64 hexadecimal digits.
    std::optional<std::string> sha256(const std::string& key);
    /// What the word that stands there means.
    template <class Value, class Choices>  // of {word, value}
    Value choice(const std::string& key, const Choices& choices, Value otherwise) {
        const std::optional<std::string> word = text(key);
        if (!word) return otherwise;
        std::string all;
        for (const auto& each : choices) {
            if (*word == each.word) return each.value;
            all.append(all.empty() ? "" : ", ").append(each.word);
        }
        fail(key, std::string("'") + printable(*word) + "' is none of " + all);
    }
    /// Whatever `parse` makes of the text; what it throws gets the key before it.
    template <class Parse>
    auto parsed(const std::string& key, const std::string& value, Parse&& parse) const {
        try {
            return std::forward<Parse>(parse)(value);
        } catch (const Error& error) {
            fail(key, error.what());
        }
    }

    /// The keys that nobody asked for are unknown ones.
    void done() const;
    /// What nobody asked for, as it stands there; null: nothing.
    Json rest() const;
    const std::string& file() const { return file_; }
    [[noreturn]] void fail(const std::string& key, const std::string& why) const;

private:
    const Json& object_;
    std::string file_, where_;
    std::set<std::string> asked_;
};

}  // namespace reseal::package
