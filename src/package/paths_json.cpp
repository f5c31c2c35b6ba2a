// SPDX-License-Identifier: BSL-1.0
#include "package/paths_json.hpp"

#include "package/json_fields.hpp"
#include "package/record_path.hpp"

namespace reseal::package {

PathsJson read_paths_json(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    const Json* version = fields.find("paths_version");
    if (version == nullptr || *version != 1) fields.fail("paths_version", "1 is the only one there is");
    const Json* paths = fields.find("paths");
    if (paths == nullptr || !paths->is_array()) fields.fail("paths", "a list is expected");
    PathsJson out;
    out.paths.reserve(paths->size());
    for (std::size_t i = 0; i < paths->size(); ++i)
        out.paths.push_back(read_path_entry((*paths)[i], false, file, element("paths", i)));
    refuse_repeated_paths(out.paths, file);
    out.extra = fields.rest();
    return out;
}

std::string write_paths_json(const PathsJson& paths, const std::string& file) {
    Json json;
    json["paths"] = Json::array();
    for (const PathEntry& entry : paths.paths) json["paths"].push_back(write_path_entry(entry));
    json["paths_version"] = 1;
    if (!paths.extra.is_null()) json.update(paths.extra);
    return json_text(json, file);
}

}  // namespace reseal::package
