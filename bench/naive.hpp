// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sink to beat: what was kept and what is written, searched for one key after the other; the last longest - 1 bytes,
// already replaced, are kept and searched again with what comes next. (Its result depends on how the stream was cut where rules
// meet each other's replacements; for the rules of these benchmarks it does not.)
#include <algorithm>
#include <cstddef>
#include <map>
#include <reseal/rules.hpp>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class NaiveSink {
public:
    NaiveSink(const std::vector<reseal::Rule>& rules, reseal::Sink& out) : out_(out) {
        for (const reseal::Rule& rule : rules) {
            replacements_[rule.from] = rule.to;
            longest_ = std::max(longest_, rule.from.size());
        }
    }

    void write(std::string_view data) {
        std::string all = kept_;
        all += data;
        for (const auto& [from, to] : replacements_)
            for (std::size_t at = 0; (at = all.find(from, at)) != std::string::npos;) all.replace(at, from.size(), to);
        kept_ = all.size() < longest_ ? all : all.substr(all.size() - (longest_ - 1));
        out_.write(std::string_view(all).substr(0, all.size() - kept_.size()));
    }

private:
    reseal::Sink& out_;
    std::map<std::string, std::string> replacements_;
    std::size_t longest_ = 0;
    std::string kept_;
};

}  // namespace bench
