// SPDX-License-Identifier: BSL-1.0
#pragma once
// The regular expressions by which rules of a CodeResources name files: POSIX extended ones, of which rules use few operators.
// std::regex and regexec(3) go as deep and as long as a hostile pattern likes; this follows all ways at once, in time that is
// bounded by the lengths of pattern and path.
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reseal::bundle {

constexpr std::size_t max_pattern_bytes = 1024;
constexpr std::size_t max_pattern_depth = 32;  // groups within groups

/// What matching works with, kept from path to path.
struct PatternScratch {
    std::uint64_t steps = 0;  ///< done so far, by all patterns
    std::vector<std::uint32_t> now, next, waiting;
    std::vector<std::uint64_t> seen;  ///< by instruction: the round in which it was last reached
    std::uint64_t round = 0;
};

/// ^ $ . * + ? | ( ) [ ] and a backslash before what is neither letter nor digit; counts ({2}), classes ([:alpha:]) and
/// everything else is refused. Bytes are compared, not characters.
class PathPattern {
public:
    using Compiled = std::variant<PathPattern, std::string>;
    /// Or what is wrong with it.
    static Compiled compile(std::string_view text);

    /// Whether any part of `path` matches.
    bool found_in(std::string_view path, PatternScratch& scratch) const;

private:
    friend class PatternCompiler;
    enum class Op : std::uint8_t { byte, any, set, begin, end, split, jump, match };
    struct Instruction {
        Op op = Op::match;
        unsigned char byte = 0;
        std::uint32_t set = 0;               // index into sets_
        std::int32_t first = 0, second = 0;  // how far to go on: split, jump
    };
    using Code = std::vector<Instruction>;

    /// Follows what takes no byte from `start`; true: a match is reached.
    bool reach(std::uint32_t start, std::size_t at, std::size_t size, std::vector<std::uint32_t>& to,
               PatternScratch& scratch) const;
    bool takes(const Instruction& each, unsigned char byte) const;

    Code code_;
    std::vector<std::bitset<256>> sets_;
};

}  // namespace reseal::bundle
