// SPDX-License-Identifier: BSL-1.0
#include "cli/cut_text.hpp"

#include "bytes/byte_string.hpp"
#include "bytes/utf8.hpp"

namespace reseal::cli {

std::string cut_text(std::string_view text, std::size_t most) {
    constexpr std::size_t largest_character = 4;  // so many bytes hold one character more than are wanted
    const std::string shown = printable(text.substr(0, largest_character * (most + 1)));
    std::string_view rest = shown;
    for (std::size_t i = 0; i < most && !rest.empty(); ++i) rest.remove_prefix(first_character(rest).size);
    return rest.empty() ? shown : shown.substr(0, shown.size() - rest.size()) + "…";
}

}  // namespace reseal::cli
