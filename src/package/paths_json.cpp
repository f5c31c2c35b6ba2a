// SPDX-License-Identifier: BSL-1.0
#include "package/paths_json.hpp"

#include "package/json_fields.hpp"
#include "package/record_path.hpp"

namespace reseal::package {

std::vector<PathEntry> read_paths_json(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    const Json* version = fields.find("paths_version");
    if (version == nullptr || *version != 1) fields.fail("paths_version", "1 is the only one there is");
    const Json* paths = fields.find("paths");
    if (paths == nullptr || !paths->is_array()) fields.fail("paths", "a list is expected");
    std::vector<PathEntry> out;
    out.reserve(paths->size());
    for (std::size_t i = 0; i < paths->size(); ++i)
        out.push_back(read_path_entry((*paths)[i], false, file, element("paths", i)));
    refuse_repeated_paths(out, file);
    return out;
}

}  // namespace reseal::package
