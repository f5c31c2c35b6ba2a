// SPDX-License-Identifier: BSL-1.0
#include "cli/conda_prefix.hpp"

#include <unistd.h>

#include <cstdlib>
#include <reseal/error.hpp>
#include <string_view>

#include "fs/absolute_path.hpp"
#include "fs/path_parts.hpp"
#include "package/conda_unpack.hpp"
#include "package/memory.hpp"

namespace reseal::cli {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

}  // namespace

bool holds_records(const std::string& prefix) {
    const auto holds = [&](std::string_view name) {
        return ::access(std::string(prefix).append("/").append(name).c_str(), F_OK) == 0;
    };
    return holds(package::conda_unpack_script) || holds(package::memory_path);
}

std::optional<std::string> found_in_path(const std::string& command) {
    if (command.find('/') != command.npos) return fs::absolute_path(command);
    const std::string all = variable("PATH");
    for (std::string_view rest = all;;) {
        const std::string folder(rest.substr(0, rest.find(':')));
        std::string path = fs::absolute_path(folder.empty() ? "." : folder) + "/" + command;
        if (::access(path.c_str(), X_OK) == 0) return path;
        if (folder.size() == rest.size()) return {};
        rest.remove_prefix(folder.size() + 1);
    }
}

std::string find_conda_prefix(const std::string& called_as) {
    std::vector<std::string> tried;
    if (fs::name_of(called_as) == "conda-unpack")
        if (const std::optional<std::string> found = found_in_path(called_as))
            tried.push_back(fs::folder_of(fs::folder_of(*found)));
    tried.push_back(fs::absolute_path("."));
    if (const std::string active = variable("CONDA_PREFIX"); !active.empty()) tried.push_back(fs::absolute_path(active));
    std::string all;
    for (const std::string& each : tried) {
        if (holds_records(each)) return each;
        all.append(all.empty() ? "" : ", ").append(each);
    }
    std::string what = std::string("PREFIX is needed: neither ") + package::conda_unpack_script;
    throw Error(ErrorCode::io, what.append(" nor ").append(package::memory_path).append(" is in ").append(all));
}

}  // namespace reseal::cli
