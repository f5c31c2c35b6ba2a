// SPDX-License-Identifier: BSL-1.0
#pragma once
// What mends a cause, as lines for a shell: commands to run as they are, and comments.
#include <string>
#include <string_view>

#include "diagnose/facts.hpp"

namespace reseal::diagnose {

/// One word for a shell that expands to `text`, whatever is in it: as it is where that is safe, else in quotes. A name that
/// begins with a dash gets ./ in front.
std::string shell_word(std::string_view text);

/// The file's name as a word for a shell; FILE where nobody said it.
std::string file_word(const Surroundings& around);
/// The same with something behind it.
std::string file_word(const Surroundings& around, std::string_view behind);

/// The last part of its name.
std::string base_word(const Surroundings& around);

/// Sign it anew, and what is lost by that. `more_options`: of codesign, each with a space behind it.
std::string sign_again(const ImageFacts& image, std::string_view more_options = {});
/// Put new hashes into its signature: for what else is right in it.
std::string new_hashes(const ImageFacts& image);
/// Make a plain ad-hoc signature of one that contradicts itself, or that a certificate's no longer holds for.
std::string plain_adhoc(const ImageFacts& image);
/// Sign what has no signature.
std::string sign_first(const ImageFacts& image);
/// Give it a new inode.
std::string new_inode(const Surroundings& around);

}  // namespace reseal::diagnose
