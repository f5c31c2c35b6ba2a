// SPDX-License-Identifier: BSL-1.0
// Raw bytes as a file: whatever they are, nothing crashes, the rewriter, the verifier, the reader of hints and the oracle
// agree with each other, and what was valid before is valid after or was refused.
#include <algorithm>
#include <reseal/hint.hpp>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>

#include "fuzz/feed.hpp"
#include "fuzz/picked.hpp"
#include "support/oracle.hpp"
#include "support/rewritten.hpp"

namespace {

bool any_valid(const std::vector<reseal::ImageVerdict>& images) {
    return std::any_of(images.begin(), images.end(),
                       [](const reseal::ImageVerdict& image) { return image.verdict == reseal::Verdict::valid; });
}

bool all_good(const std::vector<reseal::ImageVerdict>& images) {
    return std::all_of(images.begin(), images.end(), [](const reseal::ImageVerdict& image) {
        return image.verdict == reseal::Verdict::valid || image.verdict == reseal::Verdict::unsigned_;
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    fuzz::Picked input = fuzz::pick(feed);
    const reseal::MemorySource before(input.payload);
    const std::vector<reseal::ImageVerdict> verdicts = reseal::verify(before);
    (void)reseal::verify(before, {.strict = true});

    const reseal::Rules rules(input.rules);
    const support::Rewritten run = support::rewrite(rules, input.payload, input.options);
    reseal::Options hinted = input.options;
    hinted.hint = reseal::read_hint(before);
    fuzz::require(support::rewrite(rules, input.payload, hinted) == run, "a hint changed the result");
    if (run.refused()) return 0;

    fuzz::require(run.output.size() == input.payload.size(), "the length has changed");
    if (input.options.cms == reseal::CmsPolicy::keep) return 0;
    const std::vector<reseal::ImageVerdict> after = reseal::verify(reseal::MemorySource(run.output));
    if (any_valid(verdicts) && all_good(verdicts)) fuzz::require(all_good(after), "a valid file came out that verify rejects");
    if (support::check(input.payload).good_and_signed())
        fuzz::require(support::check(run.output).good(), "a valid file came out that the oracle rejects");
    return 0;
}
