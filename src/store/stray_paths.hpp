// SPDX-License-Identifier: BSL-1.0
#pragma once
// Store paths in a stream that nobody has declared: whoever registers a tree that holds one has forgotten it, and what it
// refers to may be collected as garbage one day.
#include <reseal/rules.hpp>
#include <reseal/sink.hpp>
#include <set>
#include <string>
#include <string_view>

#include "match/overlap.hpp"

namespace reseal::store {

class StrayPaths final : public Sink {
public:
    static constexpr std::size_t max_count = 1000;  ///< more of them are not kept: a tree of manifests has any number

    /// Paths in `store_dir` whose hash part is none of `known`.
    StrayPaths(const std::string& store_dir, std::set<std::string> known);

    void write(std::string_view chunk) override;
    void finish();

    /// "HASHPART-NAME", each once.
    const std::set<std::string>& found() const { return found_; }

private:
    void scan(std::string_view text, std::size_t to);

    Rules prefix_;
    std::set<std::string> known_, found_;
    match::Overlap overlap_;
};

}  // namespace reseal::store
