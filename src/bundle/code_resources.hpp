// SPDX-License-Identifier: BSL-1.0
#pragma once
// _CodeSignature/CodeResources: the list of what a bundle seals besides its main executable, which special slot −3 of that
// executable seals in turn (Apple's Security, resources.cpp and bundlediskrep.cpp).
#include <map>
#include <optional>
#include <reseal/hash_type.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/resource_rules.hpp"

namespace reseal::bundle {

/// What one name is sealed as. Of a kind there is one: a link, code of its own (a requirement), or a file (hashes).
struct Seal {
    std::vector<std::pair<HashType, std::string>> hashes;  ///< by type, each of its size
    bool optional = false;                                 ///< need not be there
    std::optional<std::string> link;                       ///< where the symbolic link points
    std::optional<std::string> cdhash, requirement;        ///< of nested code
    std::string fault;                                     ///< why it seals nothing; empty where it does

    bool nested() const { return cdhash || requirement; }
};

struct CodeResources {
    /// 2: `files2` and `rules2`, by which Apple's tools go where they are there. 1: `files` and `rules`, without links and
    /// nested code.
    int version = 2;
    std::map<std::string, Seal, std::less<>> files;  ///< named from the bundle's base
    ResourceRules rules;
};

/// Throws Error (ErrorCode::malformed) naming `name` where `bytes` are no property list (bundle/plist.hpp has the bounds) or
/// lack the list or its rules; ErrorCode::misuse without libplist.
CodeResources parse_code_resources(std::string_view bytes, const std::string& name);

}  // namespace reseal::bundle
