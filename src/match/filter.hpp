// SPDX-License-Identifier: BSL-1.0
#pragma once
// A set of 64-bit keys that answers "surely not" or "perhaps" with one multiplication and one load: a bitmap addressed by
// the key's hash. It never forgets a key it was given.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace reseal::match {

class Filter {
public:
    /// Room for `keys` keys, so that about one key in 32 that was never inserted is held all the same. At least 4 KiB; at most
    /// 512 KiB, which fits a core's second cache, and fuller than that when there are more than 128 thousand keys.
    explicit Filter(std::size_t keys) {
        constexpr std::size_t least = 512;
        constexpr std::size_t most = 65536;
        std::size_t words = least;
        while (words < most && words * 2 < keys) words *= 2;
        words_.resize(words);
        mask_ = words - 1;
    }

    void insert(std::uint64_t key) {
        const std::uint64_t hash = key * multiplier;
        words_[hash >> 32 & mask_] |= std::uint64_t{1} << (hash >> 58);
    }
    bool may_hold(std::uint64_t key) const {
        const std::uint64_t hash = key * multiplier;
        return (words_[hash >> 32 & mask_] >> (hash >> 58) & 1) != 0;
    }

private:
    // The upper half of the product depends on all bytes of the key, or at least on the first four; shifts by constants are
    // what makes this fast on processors before BMI2.
    static constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15;

    std::vector<std::uint64_t> words_;
    std::uint64_t mask_;
};

}  // namespace reseal::match
