// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which folders are bundles, and of what shape: what CFBundle finds out of what lies in them.
#include <cstddef>
#include <optional>
#include <reseal/bundle.hpp>
#include <string>

namespace reseal::bundle {

constexpr std::size_t max_info_plist = std::size_t{16} << 20;  // bytes

/// Of a place only what is seen without reading a file: shape, folder, base. `folder` itself, not one above it.
std::optional<BundlePlace> shape_of(const std::string& folder);

/// Fills in what lies in a bundle of this shape; reads its Info.plist.
void find_parts(BundlePlace& place);

/// A version of a framework that is perhaps not the current one: `folder` is Versions/A.
BundlePlace version_of(const std::string& framework, const std::string& folder);

}  // namespace reseal::bundle
