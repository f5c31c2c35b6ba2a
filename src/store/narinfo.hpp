// SPDX-License-Identifier: BSL-1.0
#pragma once
// The .narinfo of a binary cache: a few lines that say what a store path is and where its archive lies (Nix manual, "Binary
// cache"). What somebody else wrote is bounded, and every defect names its line.
#include <cstdint>
#include <optional>
#include <reseal/store.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reseal::store {

/// What a signature signs: "1;PATH;NARHASH;NARSIZE;REFERENCES", references as full paths in their order, each once.
std::string narinfo_fingerprint(const std::string& store_dir, const StorePath& path, const Hash& nar_hash,
                                std::uint64_t nar_size, std::vector<StorePath> references);

constexpr std::size_t max_narinfo_size = std::size_t{4} << 20;  ///< bytes: some 20,000 references

struct NarInfo {
    std::string store_dir = "/nix/store";
    StorePath path;
    std::string url;                    ///< of the archive, below the cache: no "..", no folder of its own choice
    std::string compression = "bzip2";  ///< as a narinfo without that line means it
    std::optional<Hash> file_hash;      ///< of the archive as it lies there
    std::optional<std::uint64_t> file_size;
    Hash nar_hash;  ///< sha256, of the archive unpacked
    std::uint64_t nar_size = 0;
    std::vector<StorePath> references;
    std::optional<StorePath> deriver;
    std::vector<std::string> signatures;
    std::string ca;                                            ///< as it stands, "git" included; empty: none
    std::vector<std::pair<std::string, std::string>> further;  ///< lines we know nothing of

    std::string fingerprint() const;
    /// As Nix writes it.
    std::string text() const;
};

/// "HASHPART.narinfo": what the cache calls the narinfo of a path.
std::string narinfo_name(const StorePath& path);

/// Throws Error (ErrorCode::malformed): "NAME: line N: …".
NarInfo parse_narinfo(std::string_view text, const std::string& name);

}  // namespace reseal::store
