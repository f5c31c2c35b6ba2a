// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the benchmarks search in and for; the same in every run.
#include <cstddef>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

namespace bench {

/// Programs of at least `size` bytes together: those of the test corpus where it has been fetched, else what the system has
/// installed, some of them twice when they are too few. `origin` says which.
std::vector<std::string> programs(std::size_t size, std::string& origin);

/// `size` bytes of them, one after the other.
std::string program_bytes(std::size_t size, std::string& origin);

/// `size` bytes of text of which every line names a store path, none of them of our rules.
std::string store_text(std::size_t size);

/// Puts a rule's *from* at places about `distance` bytes apart.
void plant(std::string& bytes, const std::vector<reseal::Rule>& rules, std::size_t distance);

/// What the rules of a set look like.
enum class Kind {
    hash,     ///< 32 characters of base 32
    path,     ///< /nix/store/<hash>-<name>
    bytes16,  ///< 16 characters of base 32
    bytes8,
    bytes4,
};
const char* name(Kind kind);
std::vector<reseal::Rule> make_rules(Kind kind, std::size_t count);

}  // namespace bench
