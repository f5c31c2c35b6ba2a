// SPDX-License-Identifier: BSL-1.0
#include "package/receipt.hpp"

#include <reseal/prefixes.hpp>

#include "package/json_fields.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

Receipt::Paths read_paths(JsonFields& fields, const std::string& key) {
    if (fields.find(key) == nullptr) return {};
    std::vector<std::string> paths = fields.texts(key);
    for (std::string& each : paths) each = record_path(each, fields.file());
    return paths;
}

void read_dependencies(JsonFields& fields, Receipt& receipt) {
    const Json* all = fields.find("runtime_dependencies");
    if (all == nullptr) return;
    if (!all->is_array()) fields.fail("runtime_dependencies", "not a list");
    for (const Json& each : *all) {
        JsonFields dependency(each, fields.file(), "runtime_dependencies");
        const std::string full = dependency.text("full_name").value_or("");
        const std::string name = full.substr(full.rfind('/') + 1);
        if (name == "perl") receipt.perl = true;
        if (name != "openjdk" && !name.starts_with("openjdk@")) continue;
        receipt.openjdk = name;
    }
}

}  // namespace

Receipt parse_receipt(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    Receipt receipt;
    receipt.changed_files = read_paths(fields, "changed_files");
    receipt.linkage_files = read_paths(fields, "linkage_files");
    receipt.binary_relocation_files = read_paths(fields, "binary_relocation_files");
    receipt.built_prefix = fields.text("built_prefix").value_or("");
    if (!receipt.built_prefix.empty() &&
        (receipt.built_prefix.front() != '/' || receipt.built_prefix.find_first_not_of('/') == std::string::npos ||
         receipt.built_prefix.size() > Prefixes::max_length || receipt.built_prefix.find('\0') != std::string::npos))
        fields.fail("built_prefix", "not the absolute path of a folder");
    while (receipt.built_prefix.ends_with('/')) receipt.built_prefix.pop_back();
    if (receipt.built_prefix.empty() && receipt.binary_relocation_files && !receipt.binary_relocation_files->empty())
        fields.fail("built_prefix", "is missing, and binary_relocation_files is not empty");
    receipt.arch = fields.text("arch").value_or("");
    read_dependencies(fields, receipt);
    if (const Json* built_on = fields.find("built_on")) {
        JsonFields system(*built_on, file, "built_on");
        receipt.linux_ = system.text("os").value_or("") == "Linux";
        receipt.preferred_perl = system.text("preferred_perl").value_or("");
    }
    return receipt;
}

}  // namespace reseal::package
