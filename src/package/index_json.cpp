// SPDX-License-Identifier: BSL-1.0
#include "package/index_json.hpp"

#include <reseal/error.hpp>

#include "package/json_fields.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t max_name = 80;  // of three parts and .json: a file's name has 255 bytes at most

std::string name_part(JsonFields& fields, const std::string& key) {
    const std::string text = fields.needed(key);
    if (text.empty() || text.size() > max_name || text.find_first_of(std::string_view("/\\\0", 3)) != text.npos ||
        text.front() == '.')
        fields.fail(key, std::string("'") + printable(text.substr(0, 2 * max_name)) + "' cannot be part of a file's name");
    return text;
}

Noarch noarch(JsonFields& fields) {
    const Json* value = fields.find("noarch");
    if (value == nullptr) return Noarch::none;
    // Old packages say true where they mean generic.
    if (value->is_boolean()) return value->get<bool>() ? Noarch::generic : Noarch::none;
    const std::string word = fields.needed("noarch");
    if (word == "python") return Noarch::python;
    if (word == "generic") return Noarch::generic;
    fields.fail("noarch", std::string("'") + printable(word) + "' is none of python, generic");
}

// Before there was `subdir`.
std::string older_subdir(JsonFields& fields) {
    const std::string platform = fields.text("platform").value_or(""), arch = fields.text("arch").value_or("");
    if (platform.empty()) return "";
    if (arch.empty()) return "noarch";
    const std::string bits = arch.find("x86") == arch.npos ? arch : arch.find("64") == arch.npos ? "32" : "64";
    return std::string(platform).append("-").append(bits);
}

}  // namespace

std::string IndexJson::dist() const { return std::string(name).append("-").append(version).append("-").append(build); }

IndexJson read_index_json(std::string_view text, const std::string& file) {
    IndexJson index;
    index.all = parse_json(text, file);
    JsonFields fields(index.all, file, "");
    index.name = name_part(fields, "name");
    index.version = name_part(fields, "version");
    index.build = name_part(fields, "build");
    index.build_number = fields.size("build_number").value_or(0);
    index.noarch = noarch(fields);
    const std::string older = index.noarch == Noarch::none ? older_subdir(fields) : "noarch";
    index.subdir = fields.text("subdir").value_or(older);
    index.depends = fields.texts("depends");
    if (const std::optional<std::string> path = fields.text("python_site_packages_path"))
        index.site_packages =
            fields.parsed("python_site_packages_path", *path, [](const std::string& each) { return record_path(each, ""); });
    return index;
}

void check_conda_format(std::string_view metadata_json, const std::string& file) {
    const Json json = parse_json(metadata_json, file);
    JsonFields fields(json, file, "");
    const Json* version = fields.find("conda_pkg_format_version");
    if (version == nullptr || *version != 2) fields.fail("conda_pkg_format_version", "2 is the only one there is");
}

}  // namespace reseal::package
