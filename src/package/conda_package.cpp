// SPDX-License-Identifier: BSL-1.0
#include "package/conda_package.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <set>

#include "package/paths_json.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

void read_index(CondaPackage& package, const InfoFile& info, const std::string& archive) {
    const std::string file = entry_name(archive, "info/index.json");
    const auto text = info("index.json");
    if (!text) throw Error(ErrorCode::malformed, "missing", file);
    package.index = read_index_json(*text, file);
    const std::string& subdir = package.index.subdir;
    if (subdir.starts_with("win-"))
        throw Error(ErrorCode::malformed, "refused: a package for Windows (" + subdir + ") has to be installed there", archive);
}

void read_entry_points(CondaPackage& package, const InfoFile& info, const std::string& archive) {
    for (const char* name : {"link.json", "package_metadata.json"}) {
        const auto text = info(name);
        if (!text) continue;
        package.entry_points = read_link_json(*text, entry_name(archive, std::string("info/") + name));
        return;
    }
}

/// What packages had before there was info/paths.json.
void read_lists(CondaPackage& package, const InfoFile& info, const std::string& archive) {
    const auto files = info("files");
    if (!files) throw Error(ErrorCode::malformed, "neither info/paths.json nor info/files is there", archive);
    std::set<std::string> no_link;
    if (const auto text = info("no_link"))
        for (std::string& path : read_path_list(*text, entry_name(archive, "info/no_link"))) no_link.insert(std::move(path));
    for (std::string& path : read_path_list(*files, entry_name(archive, "info/files"))) {
        PathEntry entry;
        entry.no_link = no_link.contains(path);
        entry.path = std::move(path);
        package.paths.push_back(std::move(entry));
    }
    const auto prefixes = info("has_prefix");
    if (!prefixes) return;
    package.records = read_has_prefix(*prefixes, entry_name(archive, "info/has_prefix"));
    std::map<std::string_view, PathEntry*> by_path;
    for (PathEntry& each : package.paths) by_path[each.path] = &each;
    for (const Record& each : package.records) {
        const auto found = by_path.find(each.path);
        if (found == by_path.end())
            throw Error(ErrorCode::malformed, "names a file that info/files does not: " + each.path,
                        entry_name(archive, "info/has_prefix"));
        found->second->placeholder = each.placeholder;
        found->second->mode = each.mode;
    }
}

}  // namespace

CondaPackage read_conda_package(const InfoFile& info, const std::string& archive) {
    CondaPackage out;
    read_index(out, info, archive);
    if (out.index.noarch == Noarch::python) read_entry_points(out, info, archive);
    if (const auto text = info("paths.json")) {
        out.paths = read_paths_json(*text, entry_name(archive, "info/paths.json"));
        out.records = records_of(out.paths);
    } else {
        read_lists(out, info, archive);
    }
    return out;
}

bool is_link_script(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string_view folder = path.substr(0, slash == path.npos ? 0 : slash), name = path.substr(slash + 1);
    if (folder != "bin" && folder != "Scripts") return false;
    return name.starts_with('.') && (name.ends_with("-post-link.sh") || name.ends_with("-pre-link.sh") ||
                                     name.ends_with("-pre-unlink.sh") || name.ends_with("-post-unlink.sh"));
}

}  // namespace reseal::package
