// SPDX-License-Identifier: BSL-1.0
#include "cli/verdict_json.hpp"

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json(const CodeDirectoryVerdict& directory) {
    return {{"slot", directory.slot},   {"hash", name(directory.hash)}, {"page_size", directory.page_size},
            {"pages", directory.pages}, {"stale", directory.stale},     {"cdhash", directory.cdhash}};
}

Json json(const Problem& problem) {
    return {{"code", name(problem.code)}, {"offset", problem.offset}, {"what", byte_string(problem.what)}};
}

}  // namespace

Json verdict_json(const std::string& path, const ImageVerdict& image) {
    Json directories = Json::array();
    for (const CodeDirectoryVerdict& directory : image.codedirectories) directories.push_back(json(directory));
    Json problems = Json::array();
    for (const Problem& problem : image.problems) problems.push_back(json(problem));
    return {{"path", byte_string(path)},
            {"arch", image.arch},
            {"offset", image.offset},
            {"status", name(image.verdict)},
            {"codedirectories", std::move(directories)},
            {"problems", std::move(problems)}};
}

Json not_macho_json(const std::string& path) {
    return {{"path", byte_string(path)},        {"arch", Json()},           {"offset", 0}, {"status", "not Mach-O"},
            {"codedirectories", Json::array()}, {"problems", Json::array()}};
}

}  // namespace reseal::cli
