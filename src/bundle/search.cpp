// SPDX-License-Identifier: BSL-1.0
#include <dirent.h>

#include <algorithm>
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>

#include "bundle/shape.hpp"
#include "bundle/walk.hpp"
#include "fs/open_folder.hpp"
#include "fs/path_parts.hpp"

namespace reseal {
namespace {

void search(const std::string& folder, std::size_t depth, std::vector<std::string>& found) {
    if (depth > bundle::max_bundle_depth) return;
    if (std::optional<BundlePlace> place = bundle::shape_of(folder)) {
        bundle::find_parts(*place);
        const bool sealed = !place->code_resources.empty();
        if (sealed || !place->executable.empty()) found.push_back(folder);
        if (sealed) return;  // what lies in it is looked at with it
    }
    // Behind the slash a link to a folder is that folder; only the first one may be a link.
    fs::OpenFolder open(AT_FDCWD, depth == 0 ? std::string(folder).append("/.").c_str() : folder.c_str());
    if (!open) return;
    std::vector<std::string> folders;
    try {
        for (fs::OpenFolder::Entry& entry : open.entries(folder))
            if (entry.type == DT_DIR || entry.type == DT_UNKNOWN) folders.push_back(std::move(entry.name));
    } catch (const Error&) {
        return;
    }
    open = fs::OpenFolder(-1, "");
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    for (const std::string& name : folders) search(prefix + name, depth + 1, found);
}

}  // namespace

std::vector<std::string> bundles_in(const std::string& folder) {
    std::vector<std::string> found;
    search(fs::without_slashes(folder), 0, found);
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace reseal
