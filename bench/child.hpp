// SPDX-License-Identifier: BSL-1.0
#pragma once
// Runs a program and says what it took.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Seconds from start to end. `arguments` begin with the program; its output goes nowhere. Ends the benchmark when it fails.
double run(const std::vector<std::string>& arguments);

/// The most memory the program had resident at once, in bytes, with `block` on its standard input, `count` times over.
std::uint64_t peak_memory(const std::vector<std::string>& arguments, std::string_view block, std::uint64_t count);

/// What this program does when its first argument is `measure_word`: runs the rest of the arguments and prints their peak.
/// A child's peak begins with its parent's, so the parent has to be a small process: another one of this program.
inline constexpr std::string_view measure_word = "--peak";
int measure(const std::vector<std::string>& arguments);

}  // namespace bench
