// SPDX-License-Identifier: BSL-1.0
#pragma once
// conda-meta/<name-version-build>.json: what conda, mamba and rattler know of a package that is installed. They differ in keys,
// so all that is not used here is kept as it stands.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "package/index_json.hpp"
#include "package/path_entry.hpp"

namespace reseal::package {

struct PrefixRecord {
    std::string name, version, build;
    std::string subdir;              ///< empty where nobody says
    std::vector<std::string> files;  ///< what it installed, but folders; checked paths
    std::vector<PathEntry> paths;    ///< what is known of them
    Json rest;                       ///< every other key
};

/// Where the package came from.
struct PackageOrigin {
    std::string archive;                   ///< the archive's name, `demo-1.0-h0_0.conda`
    std::string url;                       ///< of the archive, see file_url()
    std::optional<std::string> channel;    ///< where it is known
    std::optional<std::string> sha256;     ///< of the archive, 32 bytes
    std::optional<std::string> md5;        ///< of the archive, 16 bytes
    std::optional<std::uint64_t> size;     ///< of the archive
    std::optional<std::string> requested;  ///< what the user asked for, `demo` or `demo 1.*`; none: it was needed by another
};

/// Throws Error (ErrorCode::malformed) naming the file and the key, or a path that is there twice or leads out of the prefix.
PrefixRecord read_prefix_record(std::string_view text, const std::string& file);
/// Of the paths as they were installed, `sha256_in_prefix` included; as a copy, which belongs to no package cache.
PrefixRecord make_prefix_record(const IndexJson& index, const PackageOrigin& origin, std::vector<PathEntry> paths);
/// The same bytes for the same record, in the layout of conda. Throws Error where a name is not UTF-8.
std::string write_prefix_record(const PrefixRecord& record, const std::string& file);

/// "conda-meta/demo-1.0-h0_0.json".
std::string prefix_record_path(const IndexJson& index);

/// file:///…, with what a URL cannot hold as %XX. `path` is absolute.
std::string file_url(std::string_view path);

/// What a run adds to conda-meta/history, which conda also knows an environment by. `seconds` since 1970; `packages` as
/// IndexJson::dist() has them.
std::string history_entry(std::int64_t seconds, std::string_view command, const std::vector<std::string>& packages);

}  // namespace reseal::package
