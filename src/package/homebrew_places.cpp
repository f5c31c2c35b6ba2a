// SPDX-License-Identifier: BSL-1.0
#include "package/homebrew_places.hpp"

#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"

namespace reseal::package {
namespace {

PrefixPair pair_of(const std::string& name, const std::string& path) {
    return {std::string(homebrew_mark).append(name).append("@@"), path};
}

}  // namespace

HomebrewPlaces::HomebrewPlaces(const std::string& prefix, const Receipt& receipt) {
    // Only on Apple's processors Homebrew has a folder to itself.
    const bool apart = receipt.linux_ || receipt.arch == "x86_64";
    const std::string repository = apart ? prefix + "/Homebrew" : prefix;
    const std::string perl = prefix + "/opt/perl/bin/perl";
    std::string java = prefix + "/opt/";
    java.append(receipt.openjdk.empty() ? "openjdk" : receipt.openjdk).append("/libexec");
    if (!receipt.linux_) java += "/openjdk.jdk/Contents/Home";
    places_ = {{"PREFIX", prefix},
               {"CELLAR", prefix + "/Cellar"},
               {"REPOSITORY", repository},
               {"LIBRARY", repository + "/Library"},
               {"PERL", receipt.linux_ || receipt.perl ? perl : std::string("/usr/bin/perl") + receipt.preferred_perl},
               {"JAVA", java}};
}

void HomebrewPlaces::set(const std::string& name, const std::string& path) {
    const auto place = places_.find(name);
    if (place == places_.end()) {
        std::string what = "'";
        what.append(printable(name)).append("' is no placeholder of Homebrew's: ");
        for (const auto& [each, ignored] : places_) what.append(each == places_.begin()->first ? "" : ", ").append(each);
        throw Error(ErrorCode::rules, what);
    }
    if (!path.starts_with('/'))
        throw Error(ErrorCode::rules, std::string(name).append("=").append(printable(path)).append(": not an absolute path"));
    place->second = path;
}

std::vector<PrefixPair> HomebrewPlaces::text_pairs() const {
    std::vector<PrefixPair> pairs;
    for (const auto& [name, path] : places_) pairs.push_back(pair_of(name, path));
    return pairs;
}

std::vector<PrefixPair> HomebrewPlaces::path_pairs() const {
    return {pair_of("CELLAR", places_.at("CELLAR")), pair_of("PREFIX", places_.at("PREFIX"))};
}

}  // namespace reseal::package
