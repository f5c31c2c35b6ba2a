// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an unpacking did, for the next move of the tree: package::Memory of it.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "package/file_mover.hpp"
#include "package/memory.hpp"

namespace reseal::package {

/// Adds to the memory of a tree that there was already.
class UnpackMemory {
public:
    /// `before`: of what was there already, in `file`. Throws Error (ErrorCode::misuse) where that is a tree for another place
    /// than `place`, and so for what stands elsewhere than its prefix.
    UnpackMemory(Memory before, std::optional<Platform> platform, std::string place, std::string file);

    /// A file that changed. `path`: its name, or another of its names.
    void add(const MovedFile& file, const std::string& path);
    void add_link(const std::string& path, const std::string& before, const PrefixPair& pair);

    Memory take();

private:
    std::size_t prefix(const PrefixPair& pair);

    Memory memory_;
    std::string file_;
};

}  // namespace reseal::package
