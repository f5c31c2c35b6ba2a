// SPDX-License-Identifier: BSL-1.0
#include "cli/remembered_targets.hpp"

#include "relocate/moved_target.hpp"

namespace reseal::cli {
namespace {

std::string target_of(const package::RememberedPrefix& prefix, const std::vector<PrefixPair>& pairs) {
    for (const std::string& now : {prefix.settled(), prefix.at, prefix.placeholder})
        for (const PrefixPair& each : pairs)
            if (normal_prefix(each.from) == now) return each.to;
    // So it would if nothing were remembered.
    return relocate::moved_target(prefix.settled(), pairs).value_or(prefix.at);
}

}  // namespace

std::vector<std::string> remembered_targets(const package::Memory& memory, const std::vector<PrefixPair>& pairs) {
    std::vector<std::string> out;
    for (const package::RememberedPrefix& each : memory.prefixes) out.push_back(normal_prefix(target_of(each, pairs)));
    return out;
}

}  // namespace reseal::cli
