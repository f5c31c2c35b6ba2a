// SPDX-License-Identifier: BSL-1.0
// The chunking law on any bytes: output, positions and report are the same however the stream is cut.
#include "fuzz/feed.hpp"
#include "fuzz/picked.hpp"
#include "support/rewritten.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    std::size_t chunk = 1 + feed.u16(), at = feed.u16();
    std::uint64_t seed = feed.u8();
    fuzz::Picked input = fuzz::pick(feed);
    const reseal::Rules rules(input.rules);
    const support::Rewritten whole = support::rewrite(rules, input.payload, input.options);
    auto same = [&](const support::Rewritten& other) { fuzz::require(other == whole, "the result depends on the chunks"); };
    same(support::rewrite(rules, input.payload, input.options, 1));
    same(support::rewrite(rules, input.payload, input.options, chunk));
    same(support::rewrite(rules, input.payload, input.options, 0, seed));
    at %= input.payload.size() + 1;
    same(support::rewrite(rules, {input.payload.substr(0, at), input.payload.substr(at)}, input.options));
    return 0;
}
