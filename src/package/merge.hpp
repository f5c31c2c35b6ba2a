// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree that becomes part of another one: all of its names are looked for there before the first is moved.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fs/descriptor.hpp"

namespace reseal::package {

class Merge {
public:
    /// `from`: the tree's folder, `to`: the path of the other, on the same file system. Throws Error (ErrorCode::io) that lists
    /// names that are taken: folders of both are one, anything else may be there once.
    Merge(int from, const std::string& to);

    /// Whether the folder `path` of the tree is one of the other already.
    bool is_there(const std::string& path) const { return both_.contains(path); }
    int destination() const { return to_.get(); }

    /// Moves; all or, where that fails, nothing. Throws Error (ErrorCode::io).
    void apply();

private:
    void look(int from, int to, const std::string& path);

    struct Move {
        std::string folder, name;
    };

    int from_;
    std::string where_;
    fs::Descriptor to_;
    std::set<std::string, std::less<>> both_;
    std::vector<Move> moves_;
    std::vector<std::string> taken_;
};

}  // namespace reseal::package
