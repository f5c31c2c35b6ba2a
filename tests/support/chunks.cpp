// SPDX-License-Identifier: BSL-1.0
#include "support/chunks.hpp"

#include <random>

namespace support {

std::vector<std::string_view> cut(std::string_view input, std::size_t size, std::uint64_t seed) {
    std::mt19937_64 chance(seed);
    std::vector<std::string_view> chunks;
    while (!input.empty()) {
        std::size_t count = size;
        if (size == 0) {
            const std::size_t limit = std::size_t{1} << chance() % 16;
            count = chance() % limit;
        }
        chunks.push_back(input.substr(0, count));
        input.remove_prefix(chunks.back().size());
    }
    return chunks;
}

}  // namespace support
