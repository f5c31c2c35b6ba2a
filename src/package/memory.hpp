// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a move of a tree leaves for the next one, in conda-meta/reseal or the file that --remember names: where the
// placeholders stood when the files were built, so that nothing is searched again and a prefix may grow back to the length it
// was built with. docs/relocation.schema.json in code.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "package/json.hpp"

namespace reseal::package {

struct RememberedPrefix {
    std::string placeholder;             ///< what the files were built with: as much room there is in binary ones
    std::string at;                      ///< what stands there now
    std::optional<std::string> pending;  ///< during a run: what files that were done already hold instead
    /// What stands there once that run has come to its end.
    const std::string& settled() const { return pending ? *pending : at; }
    bool operator==(const RememberedPrefix&) const = default;
};

struct RememberedFile {
    std::string path;                  ///< below the prefix, see record_path(); any bytes
    FileMode mode = FileMode::binary;  ///< text or binary
    Padding padding = Padding::slash;  ///< of a binary one, how its room was filled
    /// In the file as it was built, so they hold for every later move; `pair` is which of the prefixes. A text's first line is
    /// not among them.
    std::vector<PrefixField> fields;
    /// A text's first line as it was built, its end included, where a placeholder stood in it.
    std::optional<std::string> shebang;
    std::uint64_t size = 0;                     ///< as it stands now, and its digest of 32 bytes
    std::string sha256;                         ///< empty: not known, during the first run, when `pending_sha256` is
    std::optional<std::string> pending_sha256;  ///< during a run: of the file when it is done, as far as that is known
    bool operator==(const RememberedFile&) const = default;
};

struct RememberedLink {
    std::string path;
    std::string target;  ///< as it was built
    bool operator==(const RememberedLink&) const = default;
};

struct Memory {
    std::optional<Platform> platform;
    /// Of the tree itself; during a run, when that is done. None: written before memories said so, see possible_places().
    std::optional<std::string> place;
    std::vector<RememberedPrefix> prefixes;
    std::vector<RememberedFile> files;  ///< by path
    std::vector<RememberedLink> links;  ///< by path
    bool operator==(const Memory&) const = default;
    /// Whether the run that wrote this did not come to its end.
    bool pending() const;
};

/// Where it lies in an environment. Without a suffix, though it is JSON: conda, mamba, rattler and conda-pack take every *.json
/// there for the record of a package, and the last two stop at one that is none.
inline constexpr std::string_view memory_path = "conda-meta/reseal";

/// Some hundred thousand files that moved.
inline constexpr std::size_t max_memory_text = max_json_text;

/// Throws Error (ErrorCode::malformed) naming the file and the key; a key that means nothing is one too.
Memory read_memory(std::string_view text, const std::string& file);
/// The same bytes for the same memory; a line per file. Throws where read_memory() would not read it again.
std::string write_memory(const Memory& memory, const std::string& file);

}  // namespace reseal::package
