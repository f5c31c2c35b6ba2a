// SPDX-License-Identifier: BSL-1.0
#pragma once
// What `reseal cache add` is given: store paths on disk, and what `reseal register` or `reseal ca` said of some.
#include <optional>
#include <string>
#include <vector>

#include "store/narinfo.hpp"

namespace reseal::cli {

/// A store path to be archived, and what is known of it.
struct CacheSource {
    std::string tree;             // where it lies
    std::string blame;            // who said so, for messages
    store::NarInfo info;          // path, store, references, content address, signatures
    bool described = false;       // by JSON: nar_hash and nar_size are known as well
    bool must_be_signed = false;  // its content address is one that Nix would refuse
};

/// `word`: a path whose name is a store path's, or a JSON file, "-" for standard input. `store_dir`: of such a path, where it
/// is not the folder that it lies in. `real_store`: where the paths of a JSON file lie, if not where they say. Both may be
/// empty. Throws Error naming the file and what in it.
std::vector<CacheSource> cache_sources(const std::string& word, const std::string& store_dir, const std::string& real_store);

}  // namespace reseal::cli
