// SPDX-License-Identifier: BSL-1.0
#pragma once
// All that metadata says of the files of an environment: the records of conda-pack, and of each package what it was installed
// with.
#include <cstdint>
#include <functional>
#include <optional>
#include <reseal/relocation.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "package/prefix_record.hpp"
#include "package/record.hpp"

namespace reseal::package {

/// A file of metadata, on a disk or out of an archive.
struct MetadataFile {
    std::string path;  ///< below the prefix
    std::uint64_t size;
    std::function<std::string()> text;  ///< asked when it is this file's turn
};
/// That all of them hold together: some hundred thousand files. What they say is held at once.
inline constexpr std::uint64_t max_metadata = std::uint64_t{256} << 20;

/// Whether an environment's metadata is in the file of this name: bin/conda-unpack, conda-meta/*.json.
bool is_environment_metadata(std::string_view path);
/// All that has to go on naming placeholders; a name that ends in a slash stands for all below.
std::vector<std::string> environment_metadata();

struct Environment {
    /// By path, without offsets. Two of one path differ in their placeholders: each of two packages claims the file, and one of
    /// them has it.
    std::vector<Record> records;
    std::vector<PrefixRecord> packages;  ///< by the names of their files; without what is of no use for files
    std::optional<Platform> platform;    ///< of the packages, where they agree

    /// The records of one file.
    std::span<const Record> of(std::string_view path) const;
};

/// Throws Error (ErrorCode::malformed) naming the file of metadata, and what is wrong with it, or that there is more than
/// max_metadata. `where`: put before those names, the folder or the archive. `jobs` at once (0: one a processor).
Environment read_environment(std::vector<MetadataFile> files, const std::string& where, unsigned jobs = 1);
/// Of what lies in a folder. Throws Error (ErrorCode::io) too.
Environment read_environment(const std::string& folder, unsigned jobs = 1);

}  // namespace reseal::package
