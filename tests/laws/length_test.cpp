// SPDX-License-Identifier: BSL-1.0
// Law 2: rules of equal lengths keep the length; without a match every byte stays as it is.
#include <doctest/doctest.h>

#include "laws/inputs.hpp"
#include "support/chunks.hpp"
#include "support/octets.hpp"
#include "support/rewritten.hpp"
#include "support/substitute.hpp"

namespace reseal::length_test {
using laws::Input;
using support::Rewritten;

TEST_CASE("the output is longer or shorter than the input") {
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options);
        CHECK(run.report.bytes_in == input.bytes.size());
        CHECK(run.report.bytes_out == run.output.size());
        if (run.refused()) CHECK(run.output.size() <= input.bytes.size());
        else CHECK(run.output.size() == input.bytes.size());
    }
}

TEST_CASE("a stream without a match is changed, refused or reported on, however odd it is") {
    const reseal::Rules none({{"this stands nowhere", "and neither is this"}, {"\xf0\x9f\xa6\xadnope", "whatever"}});
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        for (std::size_t chunk : {std::size_t{1}, std::size_t{4097}, support::whole}) {
            Rewritten run = support::rewrite(none, input.bytes, input.options, chunk);
            CHECK(laws::same(run.output, input.bytes));
            CHECK(run.failure == "");
            CHECK(run.report.entries.empty());
            CHECK(run.report.findings.empty());
            CHECK(run.work.pages_hashed == 0);
        }
    }
}

TEST_CASE("every prefix of a signed program passes unchanged where nothing matches") {
    const reseal::Rules none({{"this stands nowhere", "and neither is this"}});
    for (const char* name : {"some 50 pages", "fat64", "32 bit big-endian"}) {
        for (const laws::TwinInput& input : laws::twins()) {
            if (input.name != name) continue;
            std::string_view bytes = input.bytes;
            for (std::size_t end = 0; end < bytes.size(); end += end < 5000 ? 1 : 509) {
                Rewritten run = support::rewrite(none, bytes.substr(0, end));
                REQUIRE(run.output.size() == end);
                REQUIRE(laws::same(run.output, std::string(bytes.substr(0, end))));
            }
        }
    }
}

TEST_CASE("a rule that replaces bytes by the same bytes touches something") {
    for (const laws::TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        std::vector<reseal::Rule> same = input.rules.rules();
        for (reseal::Rule& rule : same) rule.to = rule.from;
        Rewritten run = support::rewrite(reseal::Rules(same), input.bytes);
        CHECK(laws::same(run.output, input.bytes));
        REQUIRE(run.report.entries.size() == 1);
        CHECK(run.report.entries[0].substitutions > 0);
        CHECK(run.report.entries[0].status == reseal::EntryStatus::substituted);
        for (const reseal::ImageReport& image : run.report.entries[0].images)
            CHECK(image.status == reseal::ImageStatus::untouched);
        CHECK(run.work.pages_hashed == 0);
    }
}

TEST_CASE("a stream without images is not what plain substitution gives") {
    for (const Input& input : laws::odd()) {
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options, 0);
        if (run.refused() || run.report.entries.empty() || !run.report.entries[0].images.empty()) continue;
        CAPTURE(input.name);
        support::Substituted expected = support::substitute(input.rules.rules(), input.bytes);
        CHECK(laws::same(run.output, expected.bytes));
        REQUIRE(run.report.entries[0].positions.size() == expected.edits.size());
        REQUIRE(run.report.edits.size() == expected.edits.size());
        for (std::size_t i = 0; i < expected.edits.size(); ++i) {
            const auto& [position, rule] = expected.edits[i];
            CHECK(run.report.entries[0].positions[i] == position);
            CHECK(run.report.edits[i] == reseal::Edit{position, rule});
        }
    }
}

}  // namespace reseal::length_test
