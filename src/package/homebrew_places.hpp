// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the placeholders @@HOMEBREW_…@@ of a bottle stand for.
#include <map>
#include <reseal/prefixes.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "package/receipt.hpp"

namespace reseal::package {

/// Where Homebrew is, or shall be.
class HomebrewPlaces {
public:
    /// As Homebrew has them below `prefix`, for the system that `receipt` names.
    HomebrewPlaces(const std::string& prefix, const Receipt& receipt);

    /// "CELLAR" and a path; PREFIX does not move the others. Throws Error (ErrorCode::rules) for a name that is none of
    /// PREFIX, CELLAR, REPOSITORY, LIBRARY, PERL, JAVA, or a path that is not absolute.
    void set(const std::string& name, const std::string& path);
    const std::string& prefix() const { return places_.at("PREFIX"); }
    const std::string& cellar() const { return places_.at("CELLAR"); }

    /// All placeholders, for text.
    std::vector<PrefixPair> text_pairs() const;
    /// Those that stand in install names, rpaths and links: PREFIX and CELLAR.
    std::vector<PrefixPair> path_pairs() const;

private:
    std::map<std::string, std::string> places_;
};

/// `@@HOMEBREW_`, with which all of them begin.
inline constexpr std::string_view homebrew_mark = "@@HOMEBREW_";

}  // namespace reseal::package
