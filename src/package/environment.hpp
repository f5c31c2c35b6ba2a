// SPDX-License-Identifier: BSL-1.0
#pragma once
// All that metadata says of the files of an environment: the records of conda-pack, and of each package what it was installed
// with.
#include <optional>
#include <reseal/relocation.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "package/prefix_record.hpp"
#include "package/record.hpp"

namespace reseal::package {

/// A file of metadata, from a disk or out of an archive.
struct MetadataText {
    std::string path;  ///< below the prefix
    std::string text;
};

/// Whether an environment's metadata is in the file of this name: bin/conda-unpack, conda-meta/*.json.
bool is_environment_metadata(std::string_view path);
/// All that has to go on naming placeholders; a name that ends in a slash stands for all below.
std::vector<std::string> environment_metadata();

struct Environment {
    /// By path. Two of one path differ in their placeholders: each of two packages claims the file, and one of them has it.
    std::vector<Record> records;
    std::vector<PrefixRecord> packages;  ///< by the names of their files
    std::optional<Platform> platform;    ///< of the packages, where they agree

    /// The records of one file.
    std::span<const Record> of(std::string_view path) const;
};

/// Throws Error (ErrorCode::malformed) naming the file of metadata, and what is wrong with it. `where`: put before those names,
/// the folder or the archive. `jobs` at once (0: one a processor).
Environment read_environment(std::vector<MetadataText> texts, const std::string& where, unsigned jobs = 1);
/// Of what lies in a folder. Throws Error (ErrorCode::io) too.
Environment read_environment(const std::string& folder, unsigned jobs = 1);

}  // namespace reseal::package
