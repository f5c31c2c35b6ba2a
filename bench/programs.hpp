// SPDX-License-Identifier: BSL-1.0
#pragma once
// Signed programs in which as many pages are touched as a benchmark asks for.
#include <cstddef>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

namespace bench {

/// The rule that touches them.
const std::vector<reseal::Rule>& touching_rules();

/// A signed arm64 program, SHA-256 over pages of 4 KiB, with `size` bytes of code, of which `pages` pages, each in another
/// window of 16 KiB as long as there are as many, hold what touching_rules() replace.
std::string signed_program(std::size_t size, std::size_t pages);

/// The same bytes but for the first, so that nothing takes them for a program: what rewriting costs without sealing.
std::string no_program(std::string program);

}  // namespace bench
