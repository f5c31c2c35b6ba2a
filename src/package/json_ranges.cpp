// SPDX-License-Identifier: BSL-1.0
#include "package/json_ranges.hpp"

#include <algorithm>

#include "package/json.hpp"

namespace reseal::package {
namespace {

constexpr std::string_view space = " \t\n\r", behind_number = ",]} \t\n\r";

class Walk {
public:
    Walk(std::string_view text, JsonRange range) : text_(text.substr(0, range.end)), at_(range.begin) {}

    /// Whether the next thing is `character`, which is passed then.
    bool take(char character) {
        skip_space();
        if (at_ >= text_.size() || text_[at_] != character) return false;
        ++at_;
        return true;
    }

    JsonRange value() {
        skip_space();
        const std::size_t begin = at_;
        std::size_t depth = 0;
        do {
            if (at_ >= text_.size()) break;
            const char first = text_[at_];
            if (first == '"') {
                skip_string();
            } else if (first == '{' || first == '[') {
                ++depth;
                ++at_;
            } else if (first == '}' || first == ']') {
                --depth;
                ++at_;
            } else if (depth > 0) {
                ++at_;
            } else {
                at_ = std::min(text_.find_first_of(behind_number, at_), text_.size());
            }
        } while (depth > 0);
        return {begin, at_};
    }

    std::string key() {
        const JsonRange range = value();
        const std::string_view token = text_.substr(range.begin, range.end - range.begin);
        if (token.find('\\') != token.npos) return Json::parse(token).get<std::string>();
        return std::string(token.size() < 2 ? token : token.substr(1, token.size() - 2));
    }

private:
    void skip_space() { at_ = std::min(text_.find_first_not_of(space, at_), text_.size()); }
    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        at_ = std::min(at_ + 1, text_.size());
    }

    std::string_view text_;
    std::size_t at_;
};

}  // namespace

JsonRange json_document(std::string_view text) {
    const std::size_t mark = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
    return Walk(text, {mark, text.size()}).value();
}

std::vector<JsonMember> json_members(std::string_view text, JsonRange object) {
    std::vector<JsonMember> members;
    Walk walk(text, object);
    if (!walk.take('{') || walk.take('}')) return members;
    do {
        std::string key = walk.key();
        if (!walk.take(':')) break;
        members.push_back({std::move(key), walk.value()});
    } while (walk.take(','));
    return members;
}

std::vector<JsonRange> json_elements(std::string_view text, JsonRange list) {
    std::vector<JsonRange> all;
    Walk walk(text, list);
    if (!walk.take('[') || walk.take(']')) return all;
    do all.push_back(walk.value());
    while (walk.take(','));
    return all;
}

const JsonRange* value_of(const std::vector<JsonMember>& members, std::string_view key) {
    for (const JsonMember& each : members)
        if (each.key == key) return &each.value;
    return nullptr;
}

}  // namespace reseal::package
