// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reseal {

/// Replace the prefix `from`, which a package was built with (its placeholder), by `to`, where it is installed. Lengths may
/// differ.
struct PrefixPair {
    std::string from;
    std::string to;
    bool operator==(const PrefixPair&) const = default;
};

/// What fills the room of a prefix that became shorter, in a file whose length must not change. In the strings of Mach-O load
/// commands, which the loader compares, that is always NULs at the string's end.
enum class Padding {
    slash,  ///< slashes: behind the prefix where its path goes on or ends there, in front of it elsewhere; nothing behind moves
    nul,    ///< the string moves up, NULs fill what is free at its end (conda, conda-pack, rattler, Homebrew)
    spack,  ///< slashes in front; a string that ends at most 7 bytes behind is cut short where those would not stay as they
            ///< were
    refuse,  ///< none: only prefixes of the same length
};

/// What to do, under Padding::nul, with a prefix that no NUL follows before the file ends.
enum class Tail {
    left,     ///< nothing (conda)
    patched,  ///< the end of the file counts as a NUL (rattler, mamba)
    slash,    ///< slashes in front (Spack)
};

/// Where a prefix may stand.
enum class Boundary {
    none,  ///< anywhere
    path,  ///< not inside a longer word or path (Homebrew, Spack); Padding::spack asks for it in text files only, as Spack does
};

/// How prefixes are sought, and replaced in files that must keep their length.
struct PrefixOptions {
    Padding padding = Padding::slash;
    Tail tail = Tail::left;
    bool wide = false;  ///< also as UTF-16 and UTF-32 of both byte orders, where both prefixes are UTF-8
    Boundary boundary = Boundary::none;
    bool operator==(const PrefixOptions&) const = default;
};

namespace relocate {
class PrefixIndex;
}

/// A set of pairs, checked and compiled for searching once, then shared by every copy. Where several stand at one place the
/// longest is replaced; what was written is never searched again.
class Prefixes {
public:
    static constexpr std::size_t max_count = 1000;
    static constexpr std::size_t max_length = 4096;  ///< bytes of one prefix

    /// No pairs: every file stays as it is.
    Prefixes();
    /// Every `to` that is an absolute path loses repeated and trailing slashes, but keeps one where its *from* ends in one.
    /// Throws Error (ErrorCode::rules) when a *from* is empty, a prefix holds a NUL or is longer than max_length, a *from*
    /// stands there twice with different targets, or there are more than max_count. A pair that stands there twice counts once.
    Prefixes(std::vector<PrefixPair> pairs, PrefixOptions options);

    const std::vector<PrefixPair>& pairs() const;
    const PrefixOptions& options() const;
    bool empty() const { return pairs().empty(); }

    /// The compiled form; for the library's own use.
    const relocate::PrefixIndex& index() const { return *index_; }

private:
    std::shared_ptr<const relocate::PrefixIndex> index_;
};

/// An absolute path without repeated and trailing slashes; any other text as it is.
std::string normal_prefix(std::string_view path);

}  // namespace reseal
