// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sink to beat: key by key over all that was written, the last longest - 1 bytes kept, already replaced, and searched
// again with what comes next. (Its result depends on how the stream was cut where rules meet each other's replacements; for the
// rules of these benchmarks it does not.)
#include <algorithm>
#include <cstddef>
#include <map>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class NaiveSink {
public:
    explicit NaiveSink(const std::vector<reseal::Rule>& rules) {
        for (const reseal::Rule& rule : rules) {
            replacements_[rule.from] = rule.to;
            longest_ = std::max(longest_, rule.from.size());
        }
    }

    /// Returns what is done; it holds until the next write.
    std::string_view write(std::string_view data) {
        all_.assign(kept_);
        all_.append(data);
        for (const auto& [from, to] : replacements_)
            for (std::size_t at = 0; (at = all_.find(from, at)) != std::string::npos;) all_.replace(at, from.size(), to);
        const std::size_t keep = std::min(all_.size(), longest_ - 1);
        kept_.assign(all_, all_.size() - keep);
        return std::string_view(all_).substr(0, all_.size() - keep);
    }

private:
    std::map<std::string, std::string> replacements_;
    std::size_t longest_ = 0;
    std::string kept_;
    std::string all_;
};

}  // namespace bench
