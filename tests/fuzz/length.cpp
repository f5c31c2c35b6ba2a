// SPDX-License-Identifier: BSL-1.0
// The length law on any bytes, and what substituting means: outside of signatures the output is what the plain oracle gives.
#include <algorithm>

#include "fuzz/feed.hpp"
#include "fuzz/picked.hpp"
#include "support/rewritten.hpp"
#include "support/substitute.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    fuzz::Picked input = fuzz::pick(feed);
    input.options.format = reseal::Format::plain;  // what the oracle takes every stream for
    const support::Rewritten run = support::rewrite(reseal::Rules(input.rules), input.payload, input.options);
    const support::Substituted plain = support::substitute(input.rules, input.payload);

    std::vector<std::uint64_t> hits(input.rules.size());
    for (const auto& [at, rule] : plain.edits) ++hits[rule];
    fuzz::require(run.report.hits == hits, "hits that the oracle counts otherwise");
    fuzz::require(run.report.bytes_in == input.payload.size(), "not every byte was read");
    fuzz::require(run.report.bytes_out == run.output.size(), "bytes_out that did not come out");
    if (plain.bytes == input.payload) {
        fuzz::require(!run.refused() && run.output == input.payload, "a stream that no rule changes was changed or refused");
        fuzz::require(run.report.findings.empty(), "a finding where nothing was changed");
    }
    if (run.refused()) {
        fuzz::require(run.output.size() <= input.payload.size(), "a refused stream grew");
        return 0;
    }
    fuzz::require(run.output.size() == input.payload.size(), "the length has changed");
    std::vector<std::uint64_t> positions;
    for (const auto& [at, rule] : plain.edits) positions.push_back(at);
    if (!positions.empty()) fuzz::require(run.report.entries.at(0).positions == positions, "positions that the oracle has not");
    bool sealed = std::any_of(run.report.entries.begin(), run.report.entries.end(),
                              [](const reseal::EntryReport& entry) { return entry.status == reseal::EntryStatus::resealed; });
    fuzz::require(sealed || run.output == plain.bytes, "without a resealed image the output is not the substituted input");
    return 0;
}
