// SPDX-License-Identifier: BSL-1.0
#include "cli/verdict_json.hpp"

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json(const CodeDirectoryVerdict& directory) {
    return {{"slot", directory.slot},     {"hash", name(directory.hash)}, {"page_size", directory.page_size},
            {"pages", directory.pages},   {"stale", directory.stale},     {"unchecked", directory.unchecked},
            {"cdhash", directory.cdhash}, {"chosen", directory.chosen}};
}

Json json(const Problem& problem) {
    return {{"code", name(problem.code)},
            {"layer", name(problem.layer)},
            {"offset", problem.offset},
            {"what", byte_string(problem.what)}};
}

Json json(const std::vector<Problem>& problems) {
    Json out = Json::array();
    for (const Problem& problem : problems) out.push_back(json(problem));
    return out;
}

Json entry(const Examined& file) { return file.entry ? Json(byte_string(*file.entry)) : Json(); }

}  // namespace

Json verdict_json(const Examined& file, const ImageVerdict& image) {
    Json directories = Json::array();
    for (const CodeDirectoryVerdict& directory : image.codedirectories) directories.push_back(json(directory));
    const std::optional<Layer> layer = image.layer();
    return {{"path", byte_string(file.path)},
            {"entry", entry(file)},
            {"arch", image.arch},
            {"offset", image.offset},
            {"status", name(image.verdict)},
            {"layer", layer ? Json(name(*layer)) : Json()},
            {"codedirectories", std::move(directories)},
            {"problems", json(image.problems)},
            {"notes", json(image.notes)}};
}

Json not_macho_json(const Examined& file) {
    return {{"path", byte_string(file.path)},
            {"entry", entry(file)},
            {"arch", Json()},
            {"offset", 0},
            {"status", "not Mach-O"},
            {"layer", Json()},
            {"codedirectories", Json::array()},
            {"problems", Json::array()},
            {"notes", Json::array()}};
}

}  // namespace reseal::cli
