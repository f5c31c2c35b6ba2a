// SPDX-License-Identifier: BSL-1.0
#pragma once
// What there is to do for one bundle and those within it: found out first, by one thread, so that reading can be shared by
// many.
#include <cstdint>
#include <deque>
#include <optional>
#include <reseal/bundle.hpp>
#include <string>
#include <vector>

#include "bundle/code_facts.hpp"
#include "bundle/code_resources.hpp"
#include "bundle/inside.hpp"

namespace reseal::bundle {

constexpr std::size_t max_nested_depth = 16;  // bundles within bundles
constexpr std::size_t max_nested_bundles = 4096;
constexpr std::uint64_t max_plists_together = std::uint64_t{128} << 20;  // bytes; no more are read once so many were

/// All names are paths below the outermost bundle's folder.
struct PlannedFile {
    std::string name;
    const Seal* seal = nullptr;
    std::uint64_t size = 0;
};

struct PlannedCode {
    std::string name;
    std::uint64_t size = 0;
    std::map<std::int64_t, std::string> preimages;  // of the special slots
    // ── what comes of it ──
    std::vector<ImageVerdict> images;
    std::vector<CodeFacts> facts;
    bool read = false;
};

struct PlannedBundle {
    BundlePlace place;
    std::string name;  // "": the outermost
    bool has_resources = false;
    std::optional<std::size_t> code;  // its main executable
};

struct PlannedNested {
    std::string name;
    const Seal* seal = nullptr;
    std::optional<std::size_t> code;  // nothing: why was found already
    bool sealed_itself = true;        // false: another version of what is sealed, so it has another cdhash
};

struct Plan {
    std::deque<CodeResources> resources;  // what seals point into
    std::vector<PlannedFile> files;
    std::vector<PlannedCode> code;
    std::vector<PlannedBundle> bundles;  // the outermost is the first
    std::vector<PlannedNested> nested;
    std::vector<std::string> other_versions;  // of frameworks, by name: only strict mode minds what is wrong there
    std::vector<BundleFinding> findings;
};

/// `place`: of the bundle that `top` is.
Plan make_plan(const Inside& top, const BundlePlace& place, bool strict);

}  // namespace reseal::bundle
