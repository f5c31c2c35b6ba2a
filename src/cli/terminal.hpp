// SPDX-License-Identifier: BSL-1.0
#pragma once
// What standard output can show.

namespace reseal::cli {

struct Terminal {
    unsigned columns = 80;
    bool colours = false;
};

/// $COLUMNS, else what the terminal says, else 80; colours on a terminal, unless $NO_COLOR is there (no-color.org) or $TERM is
/// "dumb".
Terminal standard_output();

}  // namespace reseal::cli
