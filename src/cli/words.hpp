// SPDX-License-Identifier: BSL-1.0
#pragma once
// The command line, cut into words of three kinds before CLI11 sees it. CLI11 splits `[a,b]`, takes `++` for a separator,
// digits behind a dash for numbers and an empty `--option=` for one without a value; operands and the values of -r have to
// arrive byte for byte.
#include <reseal/rules.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace reseal::cli {

/// The command line means nothing; what() names the option.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// An option, and the value it was given.
struct Given {
    std::string option, value;
};

struct Words {
    std::vector<std::string> options;   // names of sub-commands, and options with each value in a word of its own: for CLI11
    std::vector<Rule> pairs;            // the values of options that take two: -r FROM TO
    std::vector<Given> given;           // the values of --options, in their order and byte for byte: --from OLD --to NEW
    std::vector<std::string> operands;  // all else, and everything behind `--`
};

/// The sub-command whose name stands in `arguments`, the innermost; null when there is none.
const CLI::App* asked_command(const CLI::App& app, const std::vector<std::string>& arguments);

/// Which options there are and how many values each takes is what `app` and its sub-commands say. Throws UsageError for an
/// option nobody declared and for one whose values are missing.
Words split_words(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace reseal::cli
