// SPDX-License-Identifier: BSL-1.0
#include "relocate/bundle_seals.hpp"

#include <sys/stat.h>

#include <reseal/error.hpp>
#include <string_view>

#include "fs/path_parts.hpp"
#include "fs/read_whole.hpp"

namespace reseal::relocate {
namespace {

constexpr const char* list_name = "/_CodeSignature/CodeResources";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else out += c;
    }
    return out;
}

/// `name`: below the bundle. A list says `<key>Resources/a.txt</key>`; of what lies in a bundle within it says that bundle
/// only.
bool lists(const std::string& list, std::string name) {
    while (true) {
        if (list.find(std::string("<key>") + escaped(name) + "</key>") != list.npos) return true;
        const std::size_t slash = name.rfind('/');
        if (slash == name.npos) return false;
        name.resize(slash);
    }
}

}  // namespace

const std::string& BundleSeals::list_in(const std::string& folder) {
    const auto [found, fresh] = lists_.try_emplace(folder);
    if (fresh) {
        struct stat status{};
        const std::string path = folder + list_name;
        try {
            if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) found->second = fs::read_whole(path);
        } catch (const Error&) {
            found->second.clear();
        }
    }
    return found->second;
}

std::optional<std::string> BundleSeals::listed_in(const std::string& path) {
    for (std::string folder = fs::folder_of(path);; folder = fs::folder_of(folder)) {
        const std::string& list = list_in(folder);
        const std::size_t below = folder == "/" ? 1 : folder.size() + 1;
        if (!list.empty() && path.size() > below && lists(list, path.substr(below))) return folder + list_name;
        if (folder.find('/') == folder.npos || folder == "/") return {};
    }
}

}  // namespace reseal::relocate
