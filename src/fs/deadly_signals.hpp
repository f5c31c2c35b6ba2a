// SPDX-License-Identifier: BSL-1.0
#pragma once
// The signals that end a program which does nothing about them, and on which it can still tidy up: on each of them nothing
// temporary is left.
#include <array>
#include <csignal>

namespace reseal::fs {

inline constexpr std::array deadly_signals = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU};

}  // namespace reseal::fs
