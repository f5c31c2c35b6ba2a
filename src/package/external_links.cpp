// SPDX-License-Identifier: BSL-1.0
#include "package/external_links.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace reseal::package {
namespace {

constexpr int max_links = 40;  // as Linux follows on one path

void push_reversed(std::vector<std::string>& todo, std::string_view path) {
    std::size_t end = path.size();
    while (end > 0) {
        const std::size_t slash = path.rfind('/', end - 1);
        const std::size_t begin = slash == path.npos ? 0 : slash + 1;
        if (end > begin) todo.emplace_back(path.substr(begin, end - begin));
        if (begin == 0) return;
        end = begin - 1;
    }
}

/// Where it goes on below `root`; npos: nowhere.
std::size_t below(std::string_view path, const std::string& root) {
    if (root == "/") return 0;
    if (!path.starts_with(root)) return path.npos;
    return path.size() == root.size() || path[root.size()] == '/' ? root.size() : path.npos;
}

}  // namespace

bool leads_outside(const Links& links, const std::string& path, const std::string& root) {
    std::vector<std::string> todo;  // names still to go, the next one last
    std::string here;               // the folder we are in
    push_reversed(todo, path);
    int followed = 0;
    while (!todo.empty()) {
        const std::string name = std::move(todo.back());
        todo.pop_back();
        if (name == ".") continue;
        const std::size_t above = here.size();
        if (name == "..") {
            if (here.empty()) return true;
            const std::size_t slash = here.rfind('/');
            here.resize(slash == here.npos ? 0 : slash);
            continue;
        }
        here.append(here.empty() ? "" : "/").append(name);
        const auto link = links.find(here);
        if (link == links.end()) continue;
        if (++followed > max_links) return false;
        here.resize(above);
        std::string_view target = link->second;
        if (target.starts_with('/')) {
            const std::size_t rest = below(target, root);
            if (rest == target.npos) return true;
            target.remove_prefix(rest);
            here.clear();
        }
        push_reversed(todo, target);
    }
    return false;
}

}  // namespace reseal::package
