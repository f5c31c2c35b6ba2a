// SPDX-License-Identifier: BSL-1.0
#include "bytes/difference.hpp"

#include <algorithm>
#include <cstring>

namespace reseal {
namespace {

constexpr std::size_t near = 64;
constexpr std::size_t block = 256;  // most of them are equal

}  // namespace

Difference next_difference(std::string_view one, std::string_view other, std::size_t from) {
    while (from + block <= one.size() && std::memcmp(one.data() + from, other.data() + from, block) == 0) from += block;
    while (from < one.size() && one[from] == other[from]) ++from;
    std::size_t to = std::min(from + 1, one.size());
    for (std::size_t i = to; i < std::min(one.size(), to + near); ++i)
        if (one[i] != other[i]) to = i + 1;
    return {from, to};
}

}  // namespace reseal
