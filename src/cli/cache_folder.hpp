// SPDX-License-Identifier: BSL-1.0
#pragma once
// A binary cache in a folder, as Nix reads it by file://: HASHPART.narinfo for every path, nar/ with the archives, and
// nix-cache-info, which says for which store they are.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/descriptor.hpp"
#include "store/narinfo.hpp"

namespace reseal::cli {

class CacheFolder {
public:
    /// One that is there; Error (ErrorCode::io) otherwise.
    static CacheFolder open(const std::string& path);
    /// One to write into, made where there is none. It is ours alone until the object goes: another process waits, after a word
    /// to the user, and what a killed one left half-written is removed. `info` becomes its nix-cache-info where there is none;
    /// one for another store is an Error.
    static CacheFolder create(const std::string& path, const std::string& store_dir, std::string_view info);

    const std::string& path() const { return path_; }
    std::string file(const std::string& name) const { return path_ + "/" + name; }

    /// What nix-cache-info says: all of it, empty without that file; and the store's folder, if there is such a line.
    const std::string& info() const { return info_; }
    std::optional<std::string> store_dir() const;

    /// Its .narinfo files, ascending.
    std::vector<std::string> narinfo_names() const;
    /// Throws Error naming file and line; also for one that lies under another path's name.
    store::NarInfo read(const std::string& narinfo_name) const;
    std::optional<store::NarInfo> find(const store::StorePath& path) const;
    /// Throws Error (ErrorCode::misuse) when what it has, if anything, is another path or has other contents.
    static void check_same(const std::optional<store::NarInfo>& there, const store::NarInfo& info, const std::string& source);
    /// The narinfo under its name, whole or not at all, in place of what had it.
    void publish(const store::NarInfo& info) const;

private:
    explicit CacheFolder(std::string path) : path_(std::move(path)) {}
    void lock();
    void remove_leftovers() const;

    std::string path_, info_;
    fs::Descriptor locked_;
};

}  // namespace reseal::cli
