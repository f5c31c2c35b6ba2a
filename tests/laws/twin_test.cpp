// SPDX-License-Identifier: BSL-1.0
// Law 5: rewriting what was built with one path gives, bit for bit, what is built with the other. And law 3: what was right
// before is right after, by the judgement of an oracle that shares no code with the library.
#include <doctest/doctest.h>

#include <reseal/source.hpp>
#include <reseal/verify.hpp>

#include "laws/inputs.hpp"
#include "laws/ways.hpp"
#include "support/chunks.hpp"
#include "support/oracle.hpp"
#include "support/rewritten.hpp"

namespace reseal::twin_test {
using laws::TwinInput;
using support::Rewritten;

TEST_CASE("a rewritten program is not its twin") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        for (std::size_t chunk : support::chunkings) {
            CAPTURE(chunk);
            Rewritten run = support::rewrite(input.rules, input.bytes, {}, chunk);
            CHECK(run.failure == "");
            CHECK(laws::same(run.output, input.twin));
        }
    }
}

TEST_CASE("a program rewritten by the filter is not its twin") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        std::vector<std::string_view> chunks = support::cut(input.bytes, 0);
        CHECK(laws::same(laws::write_filter(input.rules, chunks).output, input.twin));
        CHECK(laws::same(laws::read_filter(input.rules, chunks).output, input.twin));
    }
}

TEST_CASE("rewriting back does not give the first program again") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        std::vector<reseal::Rule> back = input.rules.rules();
        for (reseal::Rule& rule : back) std::swap(rule.from, rule.to);
        CHECK(laws::same(support::rewrite(reseal::Rules(back), input.twin).output, input.bytes));
    }
}

TEST_CASE("a slot is stale after the rewriting that was right before") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        REQUIRE(support::check(input.bytes).good());
        std::string output = support::rewrite(input.rules, input.bytes, {}, 0).output;
        support::Checked checked = support::check(output);
        CHECK_MESSAGE(checked.good(), checked.text());
        // The naive rewriter's output fails where anything is signed: the oracle does look.
        std::string naive = input.bytes;
        for (std::size_t at; (at = naive.find(input.rules[0].from)) != std::string::npos;)
            naive.replace(at, input.rules[0].from.size(), input.rules[0].to);
        CHECK(support::check(naive).good() == !support::check(input.bytes).good_and_signed());
        for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(output)))
            CHECK((image.verdict == reseal::Verdict::valid || image.verdict == reseal::Verdict::unsigned_));
    }
}

TEST_CASE("an odd image that was right before is wrong after, and was not refused") {
    for (const laws::Input& input : laws::odd()) {
        if (input.options.cms == reseal::CmsPolicy::keep || !support::check(input.bytes).good_and_signed()) continue;
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options);
        if (run.refused()) continue;
        CAPTURE(input.name);
        support::Checked checked = support::check(run.output);
        CHECK_MESSAGE(checked.good_and_signed(), checked.text());
    }
}

}  // namespace reseal::twin_test
