// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property lists, XML and binary, as values: what bundles, entitlements and provisioning profiles are written in. libplist
// reads them, behind an outline of our own that bounds what it is asked to build, for it recurses and takes anything.
#include <cstddef>
#include <string>
#include <string_view>

#include "bytes/plist_value.hpp"

namespace reseal::bundle {

constexpr std::size_t max_plist_bytes = std::size_t{64} << 20;  ///< of the file, and of what its strings and data come to
constexpr std::size_t max_plist_depth = 64;
/// Of one dictionary: libplist 2.2 takes 0.8 s for as many in XML, and four times that for twice as many.
constexpr std::size_t max_plist_keys = 200'000;
constexpr std::size_t max_plist_values = 1'000'000;  ///< objects that many others refer to count each time

/// Whether this build has libplist.
bool plists_available();

/// `name`: the file's, for errors. Throws Error (ErrorCode::malformed) where `bytes` are no property list of these bounds, hold
/// a key twice, an integer beyond 64 bits or a UID; ErrorCode::misuse unless plists_available().
plist::Value parse_plist(std::string_view bytes, const std::string& name);

}  // namespace reseal::bundle
