// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the command tells its caller.

namespace reseal::cli {

enum ExitStatus {
    complete = 0,  // with or without notes
    failed = 1,    // usage, input or output, a malformed archive
    refused = 2,   // at least one image was refused; verify: is bad
};

/// 1 wins over 2: where we could not look, we cannot say that an image was the only trouble.
inline ExitStatus worse(ExitStatus a, ExitStatus b) {
    if (a == failed || b == failed) return failed;
    return a == refused || b == refused ? refused : complete;
}

}  // namespace reseal::cli
