// SPDX-License-Identifier: BSL-1.0
#include "package/offsets.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace reseal::package {
namespace {

using Encoding = PrefixField::Encoding;
using Fields = std::vector<PrefixField>;

std::optional<Encoding> encoding_of(const Json& group) {
    const Json* word = member(group, "encoding");
    if (word == nullptr || !word->is_string()) return {};
    for (const Encoding each : {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::utf32le, Encoding::utf32be})
        if (word->get_ref<const std::string&>() == name(each)) return each;
    return {};
}

std::optional<std::uint64_t> number(const Json& json) {
    if (!json.is_number_unsigned()) return {};
    return json.get<std::uint64_t>();
}

// A string of a binary file: its offsets, then its end.
bool add_string(Fields& fields, PrefixField like, const Json& range, std::optional<std::uint64_t> size) {
    const std::vector<Json>* parts = elements(range);
    if (parts == nullptr || parts->size() < 2) return false;
    const std::optional<std::uint64_t> end = number(parts->back());
    if (!end || (size && *end > *size)) return false;
    like.end = *end;
    like.terminated = !size || *end < *size;
    for (std::size_t i = 0; i + 1 < parts->size(); ++i) {
        const std::optional<std::uint64_t> offset = number((*parts)[i]);
        if (!offset || *offset >= *end) return false;
        like.offset = *offset;
        fields.push_back(like);
    }
    return true;
}

bool add_group(Fields& fields, const Json& group, FileMode mode, std::size_t pairs, std::optional<std::uint64_t> size) {
    const std::optional<Encoding> encoding = encoding_of(group);
    const Json* list = member(group, "ranges");
    const std::vector<Json>* ranges = list == nullptr ? nullptr : elements(*list);
    if (!encoding || ranges == nullptr) return false;
    PrefixField like{.encoding = *encoding};
    if (const Json* pair = member(group, "prefix")) {
        const std::optional<std::uint64_t> which = number(*pair);
        if (!which || *which >= pairs) return false;
        like.pair = static_cast<std::size_t>(*which);
    }
    if (const Json* command = member(group, "command")) {
        if (!command->is_boolean()) return false;
        like.command = command->get<bool>();
    }
    for (const Json& range : *ranges) {
        if (mode == FileMode::binary) {
            if (!add_string(fields, like, range, size)) return false;
            continue;
        }
        const std::optional<std::uint64_t> offset = number(range);
        if (!offset || (size && *offset >= *size)) return false;
        like.offset = *offset;
        fields.push_back(like);
    }
    return true;
}

}  // namespace

std::optional<Fields> read_offsets(const Json& groups, FileMode mode, std::size_t pairs, std::optional<std::uint64_t> size) {
    const std::vector<Json>* all = elements(groups);
    if (mode == FileMode::unknown || all == nullptr || pairs == 0) return {};
    Fields fields;
    for (const Json& group : *all) {
        const std::size_t first = fields.size();
        if (!add_group(fields, group, mode, pairs, size)) return {};
        for (std::size_t i = first + 1; i < fields.size(); ++i)
            if (fields[i].offset <= fields[i - 1].offset) return {};
    }
    const auto less = [](const PrefixField& a, const PrefixField& b) { return a.offset < b.offset; };
    std::sort(fields.begin(), fields.end(), less);
    for (std::size_t i = 1; i < fields.size(); ++i)
        if (fields[i].offset == fields[i - 1].offset) return {};
    return fields;
}

Json write_offsets(const Fields& fields, FileMode mode) {
    std::map<std::tuple<std::size_t, Encoding, bool>, Json> ranges;
    std::map<std::tuple<std::size_t, Encoding, bool>, std::uint64_t> ends;
    for (const PrefixField& field : fields) {
        const std::tuple key{field.pair, field.encoding, field.command};
        Json& list = ranges.try_emplace(key, Json::array()).first->second;
        if (mode != FileMode::binary) {
            list.push_back(field.offset);
            continue;
        }
        const auto [end, fresh] = ends.try_emplace(key, field.end);
        if (!fresh && end->second == field.end) {
            list.back().insert(list.back().end() - 1, field.offset);
        } else {
            list.push_back(Json::array({field.offset, field.end}));
            end->second = field.end;
        }
    }
    Json groups = Json::array();
    for (auto& [key, list] : ranges) {
        const auto& [pair, encoding, command] = key;
        Json group = {{"encoding", name(encoding)}};
        if (pair > 0) group["prefix"] = pair;
        if (command) group["command"] = true;
        group["ranges"] = std::move(list);
        groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace reseal::package
