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

/// A list says `<key>Resources/a.txt</key>`.
std::unordered_set<std::string> keys_in(std::string_view list) {
    constexpr std::string_view begin = "<key>", end = "</key>";
    std::unordered_set<std::string> keys;
    for (std::size_t at = list.find(begin); at != list.npos; at = list.find(begin, at)) {
        at += begin.size();
        const std::size_t length = list.substr(at).find(end);
        if (length == list.npos) break;
        keys.emplace(list.substr(at, length));
        at += length;
    }
    return keys;
}

/// `name`: below the bundle. Of what lies in a bundle within it the list says that bundle only.
bool lists(const std::unordered_set<std::string>& list, std::string name) {
    while (true) {
        if (list.contains(escaped(name))) return true;
        const std::size_t slash = name.rfind('/');
        if (slash == name.npos) return false;
        name.resize(slash);
    }
}

}  // namespace

const BundleSeals::List& BundleSeals::list_in(const std::string& folder) {
    const auto [found, fresh] = lists_.try_emplace(folder);
    if (fresh) {
        struct stat status{};
        const std::string path = folder + list_name;
        try {
            if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) found->second = keys_in(fs::read_regular(path));
        } catch (const Error&) {
            found->second.clear();
        }
    }
    return found->second;
}

std::optional<std::string> BundleSeals::listed_in(const std::string& path) {
    for (std::string folder = fs::folder_of(path);; folder = fs::folder_of(folder)) {
        const List& list = list_in(folder);
        const std::size_t below = folder == "/" ? 1 : folder.size() + 1;
        if (!list.empty() && path.size() > below && lists(list, path.substr(below))) return folder + list_name;
        if (folder.find('/') == folder.npos || folder == "/") return {};
    }
}

}  // namespace reseal::relocate
