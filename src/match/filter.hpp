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
    /// Room for `keys` keys at `bits_per_key` bits each, between 2^least_bits and 2^most_bits bits.
    Filter(std::size_t keys, std::size_t bits_per_key, int least_bits, int most_bits) {
        int bits = least_bits;
        while (bits < most_bits && (std::size_t{1} << bits) < keys * bits_per_key) ++bits;
        shift_ = 64 - bits;
        words_.resize(std::size_t{1} << (bits - 6));
    }

    void insert(std::uint64_t key) {
        std::uint64_t hash = place(key);
        words_[hash >> 6] |= std::uint64_t{1} << (hash & 63);
    }
    bool may_hold(std::uint64_t key) const {
        std::uint64_t hash = place(key);
        return (words_[hash >> 6] >> (hash & 63) & 1) != 0;
    }

private:
    // The top bits of a product depend on every bit of the key.
    std::uint64_t place(std::uint64_t key) const { return key * 0x9e3779b97f4a7c15 >> shift_; }

    int shift_;
    std::vector<std::uint64_t> words_;
};

}  // namespace reseal::match
