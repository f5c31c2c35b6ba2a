// SPDX-License-Identifier: BSL-1.0
#pragma once
// What lies in a bundle that its CodeResources ought to name.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bundle/code_resources.hpp"
#include "bundle/inside.hpp"

namespace reseal::bundle {

constexpr std::size_t max_bundle_entries = 1'000'000;
constexpr std::size_t max_bundle_depth = 64;                // folders within folders
constexpr std::uint64_t max_pattern_steps = 2'000'000'000;  // some seconds; real rules take some hundred for a name

struct Found {
    enum class Kind { file, link, code, other };  ///< code: a folder that is a bundle of its own by the rules
    std::string name;                             ///< from the bundle's base
    Kind kind = Kind::file;
    std::uint64_t size = 0;
};

struct Walked {
    std::vector<Found> found;                                     ///< in the order of the bytes of their names
    std::vector<std::pair<std::string, std::string>> unreadable;  ///< a folder's name, and why
    std::vector<std::string> bundles;  ///< folders that are bundles, and yet no code of their own by the rules: iOS has them so
    std::string fault;                 ///< why not all of it was looked at; empty: it was
};

/// Walks what is below `base` in `top` as Apple's ResourceBuilder does: what the rules omit is left out, folders that are
/// nested code are not entered. Follows no links. What `resources` lists is found whatever its rules say of it, unless it is
/// excluded.
Walked walk_resources(const Inside& top, const std::string& base, const CodeResources& resources);

}  // namespace reseal::bundle
