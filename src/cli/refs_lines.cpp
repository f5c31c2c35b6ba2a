// SPDX-License-Identifier: BSL-1.0
#include "cli/refs_lines.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include "cli/json_line.hpp"

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t paths_listed = 20;

bool together(const Place& a, const Place& b) { return a.part == b.part && a.path == b.path; }

template <class Range, class Offset>
std::string list(const Range& all, Offset offset) {
    std::string out;
    std::size_t listed = 0;
    for (const auto& each : all) {
        if (listed++ == paths_listed) break;
        out += (out.empty() ? "" : ", ") + std::to_string(offset(each));
    }
    if (all.size() > paths_listed) out += " … and " + std::to_string(all.size() - paths_listed) + " more";
    return out;
}

/// A line for each entry and part, in the stream's order, in which those of one stand together.
std::string place_lines(const std::string& path, std::span<const Place> places) {
    std::string out;
    while (!places.empty()) {
        const Place& first = places.front();
        const auto other =
            std::find_if_not(places.begin(), places.end(), [&](const Place& each) { return together(each, first); });
        const std::span<const Place> here = places.first(static_cast<std::size_t>(other - places.begin()));
        out += path + "  " + printable(first.path);
        if (first.part != Part::contents) out += std::string(" (") + name(first.part) + ")";
        out += ": " + list(here, [](const Place& each) { return each.offset; }) + "\n";
        places = places.subspan(here.size());
    }
    return out;
}

Json inside_json(const std::string& path, const std::vector<PackedLayer>& layers) {
    Json out = Json::array();
    for (const PackedLayer& layer : layers)
        out.push_back({{"format", layer.format.substr(0, layer.format.find(','))},
                       {"member", layer.format.starts_with("zip") ? Json(byte_string(layer.member)) : Json()}});
    return {{"path", byte_string(path)}, {"layers", std::move(out)}};
}

Json reference_json(const std::string& path, const std::string& hash_part, std::uint64_t count, Json inside) {
    return {{"reference", byte_string(path)}, {"hash_part", hash_part}, {"count", count}, {"inside", std::move(inside)}};
}

Json place_json(const std::string& path, Part part, std::uint64_t offset) {
    return {{"path", byte_string(path)}, {"part", name(part)}, {"offset", offset}};
}

}  // namespace

std::string inside_name(const std::string& path, const std::vector<PackedLayer>& layers) {
    std::string out = path;
    for (const PackedLayer& layer : layers) {
        out += ": " + layer.format;
        if (layer.format.starts_with("zip")) out += ": " + layer.member;
    }
    return out;
}

std::string refs_text(const RefsScan& scan, const Candidates& candidates, bool positions) {
    std::string out;
    for (const auto& [hash_part, found] : scan.found()) {
        const std::string path = printable(candidates.path_of(hash_part));
        out += positions ? place_lines(path, found.places) : path + "\n";
    }
    for (const InsideReference& each : scan.inside()) {
        out += printable(candidates.path_of(each.reference.hash_part)) + "  inside " +
               printable(inside_name(each.path, each.layers));
        if (positions) out += ": " + list(each.reference.positions, [](std::uint64_t at) { return at; });
        out += "\n";
    }
    return out;
}

std::string refs_json(const RefsScan& scan, const Candidates& candidates, bool positions) {
    std::string out;
    for (const auto& [hash_part, found] : scan.found()) {
        Json line = reference_json(candidates.path_of(hash_part), hash_part, found.count, nullptr);
        if (positions) line["positions"] = Json::array();
        for (const Place& place : found.places) line["positions"].push_back(place_json(place.path, place.part, place.offset));
        out += json_line(line);
    }
    for (const InsideReference& each : scan.inside()) {
        const Reference& found = each.reference;
        Json line = reference_json(candidates.path_of(found.hash_part), found.hash_part, found.count,
                                   inside_json(each.path, each.layers));
        if (positions) line["positions"] = Json::array();
        for (const std::uint64_t at : found.positions) line["positions"].push_back(place_json(each.path, Part::contents, at));
        out += json_line(line);
    }
    for (const Unread& each : scan.unread())
        out += json_line(Json{{"unread", byte_string(each.why)}, {"inside", inside_json(each.path, each.layers)}});
    return out;
}

}  // namespace reseal::cli
