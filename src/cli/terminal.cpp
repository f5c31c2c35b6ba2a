// SPDX-License-Identifier: BSL-1.0
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace reseal::cli {
namespace {

constexpr unsigned fewest_columns = 40, most_columns = 400;

std::string_view environment_word(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// 0: it says nothing.
unsigned columns_said() {
    const std::string_view word = environment_word("COLUMNS");
    unsigned columns = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), columns);
    return error == std::errc() && end == word.data() + word.size() ? columns : 0;
}

unsigned columns_of_terminal() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Terminal standard_output() {
    Terminal terminal;
    unsigned columns = columns_said();
    if (columns == 0) columns = columns_of_terminal();
    if (columns != 0) terminal.columns = std::clamp(columns, fewest_columns, most_columns);
    terminal.colours =
        ::isatty(STDOUT_FILENO) == 1 && environment_word("NO_COLOR").empty() && environment_word("TERM") != "dumb";
    return terminal;
}

}  // namespace reseal::cli
