// SPDX-License-Identifier: BSL-1.0
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>

#include "bundle/shape.hpp"
#include "fs/absolute_path.hpp"
#include "fs/path_parts.hpp"

namespace reseal {
namespace {

std::optional<BundlePlace> bundle_at(const std::string& folder) {
    const std::string above = fs::folder_of(folder);
    if (fs::name_of(folder) == "Contents")
        if (std::optional<BundlePlace> place = bundle::shape_of(above); place && place->base == folder) return place;
    if (fs::name_of(above) == "Versions") {
        const std::string framework = fs::folder_of(above);
        const std::optional<BundlePlace> current = bundle::shape_of(framework);
        if (current && current->shape == BundlePlace::Shape::versioned)
            return fs::name_of(folder) == "Current" ? *current : bundle::version_of(framework, folder);
    }
    return bundle::shape_of(folder);
}

}  // namespace

std::optional<BundlePlace> bundle_of(const std::string& path) {
    if (path.empty()) return {};
    std::string folder;
    try {
        folder = fs::absolute_path(path);
    } catch (const Error&) {
        return {};
    }
    for (; folder.size() > 1; folder = fs::folder_of(folder))
        if (std::optional<BundlePlace> place = bundle_at(folder)) {
            bundle::find_parts(*place);
            return place;
        }
    return {};
}

}  // namespace reseal
