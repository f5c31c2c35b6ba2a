// SPDX-License-Identifier: BSL-1.0
#include "package/prefix_record.hpp"

#include <time.h>

#include <array>

#include "bytes/byte_string.hpp"
#include "bytes/hex.hpp"
#include "package/json_fields.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

std::vector<PathEntry> read_paths_data(JsonFields& fields, const std::string& file) {
    std::vector<PathEntry> paths;
    const Json* data = fields.find("paths_data");
    if (data == nullptr) return paths;
    JsonFields of_data(*data, file, "paths_data");
    const Json* list = of_data.find("paths");
    if (list == nullptr) return paths;
    const std::vector<Json>* all = elements(*list);
    if (all == nullptr) of_data.fail("paths", "a list is expected");
    paths.reserve(all->size());
    for (std::size_t i = 0; i < all->size(); ++i)
        paths.push_back(read_path_entry((*all)[i], true, file, element("paths_data.paths", i)));
    return paths;
}

}  // namespace

PrefixRecord read_prefix_record(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    PrefixRecord record;
    record.name = fields.needed("name");
    record.version = fields.needed("version");
    record.build = fields.text("build").value_or("");
    record.subdir = fields.text("subdir").value_or("");
    for (const std::string& path : fields.texts("files"))
        record.files.push_back(fields.parsed("files", path, [](const std::string& each) { return record_path(each, ""); }));
    record.paths = read_paths_data(fields, file);
    refuse_repeated_paths(record.paths, file);
    record.rest = fields.rest();
    return record;
}

PrefixRecord make_prefix_record(const IndexJson& index, const PackageOrigin& origin, std::vector<PathEntry> paths) {
    PrefixRecord record{.name = index.name, .version = index.version, .build = index.build, .subdir = index.subdir};
    record.rest = index.all;
    for (const char* known : {"name", "version", "build", "subdir", "files", "paths_data"}) record.rest.erase(known);
    Json& rest = record.rest;
    rest["build_number"] = index.build_number;
    if (!rest.contains("depends")) rest["depends"] = Json::array();
    if (!rest.contains("constrains")) rest["constrains"] = Json::array();
    rest["fn"] = origin.archive;
    rest["url"] = origin.url;
    if (origin.channel) rest["channel"] = *origin.channel;
    if (origin.sha256) rest["sha256"] = to_hex(*origin.sha256);
    if (origin.md5) rest["md5"] = to_hex(*origin.md5);
    if (origin.size) rest["size"] = *origin.size;
    rest["extracted_package_dir"] = "";
    rest["package_tarball_full_path"] = "";
    constexpr int copy = 3;
    rest["link"] = {{"source", ""}, {"type", copy}};
    rest["requested_spec"] = origin.requested.value_or("");
    rest["requested_specs"] = origin.requested ? Json::array({*origin.requested}) : Json::array();
    for (const PathEntry& path : paths)
        if (path.type != PathType::directory) record.files.push_back(path.path);
    record.paths = std::move(paths);
    return record;
}

std::string write_prefix_record(const PrefixRecord& record, const std::string& file) {
    Json json = record.rest.is_null() ? Json::object() : record.rest;
    json["name"] = record.name;
    json["version"] = record.version;
    json["build"] = record.build;
    if (!record.subdir.empty()) json["subdir"] = record.subdir;
    json["files"] = record.files;
    Json& data = json["paths_data"] = {{"paths", Json::array()}, {"paths_version", 1}};
    for (const PathEntry& path : record.paths) data["paths"].push_back(write_path_entry(path));
    return json_text(json, file);
}

std::string prefix_record_path(const IndexJson& index) {
    return std::string("conda-meta/").append(index.dist()).append(".json");
}

std::string file_url(std::string_view path) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=:@";
    std::string out = "file://";
    for (const char byte : path) {
        if (plain.find(byte) != plain.npos) out += byte;
        else out.append("%").append(to_hex({&byte, 1}));
    }
    return out;
}

std::string history_entry(std::int64_t seconds, std::string_view command, const std::vector<std::string>& packages) {
    const time_t when = static_cast<time_t>(seconds);
    tm parts{};
    std::array<char, 64> text{};
    if (gmtime_r(&when, &parts) != nullptr) strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    std::string out = "==> ";
    out.append(text.data()).append(" <==\n# cmd: ").append(printable(command)).append("\n");
    for (const std::string& package : packages) out.append("+").append(printable(package)).append("\n");
    return out;
}

}  // namespace reseal::package
