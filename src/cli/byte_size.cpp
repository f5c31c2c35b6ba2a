// SPDX-License-Identifier: BSL-1.0
#include "cli/byte_size.hpp"

#include <charconv>
#include <string>

namespace reseal::cli {

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc()) return {};
    std::string unit(text.substr(static_cast<std::size_t>(end - text.data())));
    for (char& each : unit)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    if (unit.empty()) return count;
    const std::size_t power = std::string_view("kmgt").find(unit[0]);
    if (power == std::string_view::npos || (unit.size() > 1 && std::string_view(unit).substr(1) != "ib")) return {};
    const unsigned shift = 10 * (static_cast<unsigned>(power) + 1);
    if (count > UINT64_MAX >> shift) return {};
    return count << shift;
}

}  // namespace reseal::cli
