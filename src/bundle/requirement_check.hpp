// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a program meets a requirement that is written down as text (Apple's code signing requirement language), as far as
// that can be told without a chain of certificates.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/code_facts.hpp"

namespace reseal::bundle {

constexpr std::size_t max_requirement_text = std::size_t{64} << 10;
constexpr std::size_t max_requirement_nesting = 200;

struct RequirementResult {
    enum class Answer {
        met,
        unmet,
        unchecked,  ///< it depends on `asked`
        malformed,  ///< what it says cannot be understood; `asked` holds why
    };
    Answer answer = Answer::met;
    std::vector<std::string> asked;  ///< the terms that it depends on, as they stand there
};

/// A program without a certificate meets nothing that is asked of one.
RequirementResult check_requirement(std::string_view text, const CodeFacts& code);

}  // namespace reseal::bundle
