// SPDX-License-Identifier: BSL-1.0
#include "cli/compression_word.hpp"

#include "cli/words.hpp"

namespace reseal::cli {

std::optional<codec::Choice> parse_compression(const std::string& word) {
    if (word == "same") return {};
    if (const std::optional<codec::Choice> choice = codec::parse_choice(word)) return choice;
    const std::string format = word.substr(0, word.find(':'));
    const std::optional<codec::Choice> known = codec::parse_choice(format);
    if (!known) throw UsageError("--compress: no such format: " + word + "; same, none, gzip, bzip2, xz or zstd");
    const codec::Levels levels = codec::levels(known->compression);
    if (levels.most == 0) throw UsageError("--compress: none has no levels");
    throw UsageError("--compress: " + format + " has the levels " + std::to_string(levels.least) + " to " +
                     std::to_string(levels.most));
}

}  // namespace reseal::cli
