// SPDX-License-Identifier: BSL-1.0
#pragma once
// Store paths and content addresses as Nix computes them (Nix manual, "Store path specification"): pure functions of hashes,
// names and references; nothing here looks at a disk.
#include <optional>
#include <reseal/hash_type.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::store {

/// A hash of contents: sha1, sha256 or sha512.
struct Hash {
    HashType type = HashType::sha256;
    std::string bytes;  ///< digest_size(type) of them

    std::string hex() const;
    /// "sha256:" and Nix's base 32.
    std::string nix32() const;
    /// "sha256-" and base 64 (W3C Subresource Integrity).
    std::string sri() const;
    bool operator==(const Hash&) const = default;
};

/// Reads what hex(), with "sha256:" in front, nix32() and sri() write. Throws Error (ErrorCode::misuse) naming `text`.
Hash parse_hash(std::string_view text);

constexpr std::size_t hash_part_size = 32;  ///< characters of base 32: 160 bits
constexpr std::size_t max_name_size = 211;  ///< bytes of a store path's name

/// Whether `text` can be a hash part: 32 characters of Nix's base 32.
bool is_hash_part(std::string_view text);
/// Whether `c` may stand in a store path's name.
bool is_name_character(char c);
/// Why `name` cannot be the name of a store path; empty when it can.
std::string name_defect(std::string_view name);

/// STOREDIR/HASHPART-NAME, without the store's folder.
struct StorePath {
    std::string hash_part, name;

    std::string base() const { return hash_part + "-" + name; }
    std::string in(const std::string& store_dir) const { return store_dir + "/" + base(); }
    auto operator<=>(const StorePath&) const = default;
};

/// "HASHPART-NAME". Throws Error (ErrorCode::misuse) saying what is wrong with it.
StorePath parse_store_path(std::string_view base);
/// "STOREDIR/HASHPART-NAME".
StorePath parse_store_path(std::string_view path, const std::string& store_dir);

/// The same of any store.
struct FullStorePath {
    std::string store_dir;
    StorePath path;
};
/// Throws Error (ErrorCode::misuse) when there is no absolute path in front of the store path, too.
FullStorePath parse_full_store_path(std::string_view text);

/// Why `store_dir` cannot be the folder of a store; empty when it can.
std::string store_dir_defect(std::string_view store_dir);

/// What of a path is hashed.
enum class Method {
    nar,   ///< its Nix archive
    flat,  ///< the contents of a file
    text,  ///< the same, as builtins.toFile does it: with references
};
std::string_view name(Method method);
/// "nar", "flat", "text". Throws Error (ErrorCode::misuse) for anything else, "git" by name.
Method parse_method(std::string_view text);

/// By what a content-addressed path is found. With a self-reference, `hash` is one modulo the path's own hash part.
struct ContentAddress {
    Method method = Method::nar;
    Hash hash;

    /// "fixed:r:sha256:…", "fixed:sha256:…", "text:sha256:…".
    std::string text() const;
    bool operator==(const ContentAddress&) const = default;
};
ContentAddress parse_content_address(std::string_view text);

/// What a content-addressed path refers to.
struct References {
    std::vector<StorePath> others;  ///< in any order
    bool self = false;
};
/// Of `path`, which may be among them.
References split_references(const StorePath& path, const std::vector<StorePath>& all);

/// Nix's rules: text is sha256 and refers not to itself; flat, and nar with another hash than sha256, refer to nothing. Empty
/// when the three go together, else a sentence that says why not.
std::string address_defect(const ContentAddress& address, const References& references);

/// The path that a content address and its references give. Throws Error (ErrorCode::misuse) with name_defect() or
/// address_defect().
StorePath content_path(const std::string& store_dir, std::string_view path_name, const ContentAddress& address,
                       const References& references);

/// Any path: the hash part is that of "TYPE:sha256:HASH:STOREDIR:NAME".
StorePath typed_path(const std::string& store_dir, std::string_view type, const Hash& hash, std::string_view path_name);

/// Whether a version of Nix hashes the positions of self-references behind the contents: up to 2.16 and from 2.35 on it does,
/// from 2.17 to 2.34, and in Lix, it does not. "X.Y", "X.Y.Z" or "lix"; throws Error (ErrorCode::misuse) for anything else.
bool hashes_positions(std::string_view regime);

}  // namespace reseal::store
