// SPDX-License-Identifier: BSL-1.0
#pragma once
// Relocatable archives put in place: laid down, moved to their new prefix, resealed, and seen when all of it is there.
#include <cstdint>
#include <functional>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <utility>
#include <vector>

#include "package/file_mover.hpp"
#include "package/laid_down.hpp"
#include "package/limits.hpp"
#include "package/receipt.hpp"
#include "relocate/mtime.hpp"

namespace reseal::package {

enum class ExternalLinks { allow, warn, deny };

struct UnpackSettings {
    std::string destination;
    std::string prefix;             ///< where the tree will be; empty: the destination
    std::vector<PrefixPair> pairs;  ///< what to replace besides what metadata says; an empty *to* is the prefix
    std::optional<Receipt> tab;     ///< of the only archive, a bottle: instead of its receipt
    std::vector<std::pair<std::string, std::string>> homebrew;  ///< "CELLAR" and a path, as HomebrewPlaces::set() takes them
    PrefixOptions padding;
    bool pads = false;            ///< somebody asked for that padding; else what was moved before is filled as it was
    FileOptions file;             ///< platform: of packages that do not say
    bool platform_given = false;  ///< what packages say does not count
    relocate::MtimePolicy mtime;
    ExternalLinks external_links = ExternalLinks::warn;
    Limits limits;
    unsigned jobs = 0;
    std::string python;      ///< "3.12", of noarch packages; empty: of the Python among the archives
    bool unmanaged = false;  ///< also files that no metadata names
    bool merge = false;
    bool dry_run = false;
    bool sync = false;
    std::function<bool(const std::string&)> wanted;     ///< which files are moved, by path; none: all
    std::function<bool()> stop = [] { return false; };  ///< asked now and then; true ends it by Stopped
    std::function<void(std::uint64_t)> advance;         ///< told of every so many bytes of files; none: nobody looks
};

struct MovedLink {
    std::string path, before, after;
};

struct Unpacked {
    std::string destination;  ///< absolute
    Counts counts;
    std::vector<MovedFile> files;   ///< those that changed, were refused, or that something is to be said of
    std::vector<MovedLink> links;   ///< those that point elsewhere now
    std::vector<PrefixPair> pairs;  ///< all that were replaced, by metadata or because they were asked for
    std::uint64_t files_read_again = 0;
    std::vector<Finding> findings;  ///< of links and names; those of files stand there
    bool refused = false;           ///< something was, and nothing is at the destination
};

/// Throws Error: ErrorCode::malformed for archives, ErrorCode::io; Stopped. Nothing is at the destination then, or what was
/// there before.
Unpacked unpack(const std::vector<std::string>& archives, const UnpackSettings& settings);

}  // namespace reseal::package
