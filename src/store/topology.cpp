// SPDX-License-Identifier: BSL-1.0
#include "store/topology.hpp"

#include <algorithm>

namespace reseal::store {

Topology sort_topologically(const Needs& needs) {
    enum class Mark { unseen, open, done };
    struct Step {
        std::size_t thing, next;
    };
    Topology out;
    std::vector<Mark> marks(needs.size(), Mark::unseen);
    std::vector<Step> path;
    for (std::size_t root = 0; root < needs.size(); ++root) {
        if (marks[root] != Mark::unseen) continue;
        path.push_back({root, 0});
        while (!path.empty()) {
            Step& step = path.back();
            marks[step.thing] = Mark::open;
            if (step.next == needs[step.thing].size()) {
                marks[step.thing] = Mark::done;
                out.order.push_back(step.thing);
                path.pop_back();
                continue;
            }
            const std::size_t needed = needs[step.thing][step.next++];
            if (marks[needed] == Mark::open) {
                auto from = std::find_if(path.begin(), path.end(), [&](const Step& each) { return each.thing == needed; });
                for (; from != path.end(); ++from) out.cycle.push_back(from->thing);
                return out;
            }
            if (marks[needed] == Mark::unseen) path.push_back({needed, 0});
        }
    }
    return out;
}

}  // namespace reseal::store
