// SPDX-License-Identifier: BSL-1.0
#pragma once
// Files that tests read whole, and how a test runs one through the library.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>

namespace real {

/// Throws std::runtime_error where there is none.
std::string read_file(const std::filesystem::path& path);

/// One rule. (Braces around two string literals could also mean a vector from two iterators.)
reseal::Rules one_rule(std::string from, std::string to);

/// What came of one file.
struct Outcome {
    std::string bytes;
    reseal::Report report;
    bool refused = false;  ///< finish() threw ErrorCode::refused; anything else it throws passes through
};
/// In chunks of `chunk_size` bytes, as support::cut() understands it.
Outcome rewrite(std::string_view input, const reseal::Rules& rules, std::size_t chunk_size,
                reseal::CmsPolicy cms = reseal::CmsPolicy::refuse);

/// The verdict's names of a file's images, by offset: "valid", "unsigned valid", …
std::string verdicts(std::string_view file);

/// The first offset where two files of one length differ, or their length.
std::size_t first_difference(std::string_view a, std::string_view b);

}  // namespace real
