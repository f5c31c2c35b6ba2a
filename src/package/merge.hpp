// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree that becomes part of another one: all of its names are looked for there before the first is moved.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fs/descriptor.hpp"

namespace reseal::package {

class Merge {
public:
    /// `from`: the tree's folder, `to`: the path of the other, on the same file system. `first`: a file of the tree that comes
    /// before all others, also in the place of the other's; what stands beside it comes last. Throws Error (ErrorCode::io) that
    /// lists names that are taken: folders of both are one, and what is the same in both stays as it is, so that a merge that
    /// was killed can be done again.
    Merge(int from, const std::string& to, std::string first);

    /// Whether the folder `path` of the tree is one of the other already.
    bool is_there(const std::string& path) const { return both_.contains(path); }
    int destination() const { return to_.get(); }

    /// Moves; all or, where that fails, nothing. Throws Error (ErrorCode::io), which names what could not be taken back.
    void apply();

private:
    void look(int from, int to, const std::string& path);

    struct Move {
        std::string folder, name;
        bool make = false;  // a folder that has to be there for the first; what is in it moves by itself
    };
    void look_at(int from, int to, const std::string& path, const std::string& name);
    bool leads_to_first(const std::string& path) const;
    int turn_of(const Move& move) const;
    void replace_first();
    bool carry_out(const Move& each);
    bool take_back(const Move& each);
    std::vector<std::string> put_back(std::size_t moved);

    int from_;
    std::string where_;
    fs::Descriptor to_;
    std::set<std::string, std::less<>> both_;
    std::vector<Move> moves_;
    std::string first_;
    std::optional<Move> replaced_;  // the first, where the other has one
    std::string kept_;              // what that is called in the tree meanwhile
    std::vector<std::string> taken_;
};

}  // namespace reseal::package
