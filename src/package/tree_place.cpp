// SPDX-License-Identifier: BSL-1.0
#include "package/tree_place.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "relocate/moved_path.hpp"
#include "relocate/moved_target.hpp"

namespace reseal::package {
namespace {

std::string stands_at(const RememberedPrefix& prefix) { return normal_prefix(prefix.settled()); }

}  // namespace

std::vector<std::string> possible_places(const Memory& memory) {
    std::vector<std::string> out;
    for (const RememberedPrefix& each : memory.prefixes) out.push_back(stands_at(each));
    if (memory.place) {
        const PrefixPair own[] = {{*memory.place, *memory.place}};
        const bool any = std::any_of(out.begin(), out.end(),
                                     [&](const std::string& each) { return relocate::moved_by(each, own) != nullptr; });
        return any ? std::vector<std::string>{*memory.place} : std::vector<std::string>{};
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<std::string> targets_at(const Memory& memory, const std::string& place, const std::string& file) {
    const std::vector<std::string> places = possible_places(memory);
    if (places.size() > 1)
        throw Error(ErrorCode::malformed,
                    std::string("it does not say which is the place of the tree, ") + places[0] + " or " + places[1] +
                        ": reseal relocate --from OLD --to NEW, of the unpacked tree, says where each goes",
                    file);
    std::vector<PrefixPair> own;
    for (const std::string& each : places) own.push_back({each, place});
    std::vector<std::string> out;
    for (const RememberedPrefix& each : memory.prefixes)
        out.push_back(relocate::moved_target(stands_at(each), own).value_or(stands_at(each)));
    return out;
}

}  // namespace reseal::package
