// SPDX-License-Identifier: BSL-1.0
// Law 1: the output, the positions and the report depend on the input only, never on how it was cut.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "laws/inputs.hpp"
#include "laws/ways.hpp"
#include "support/chunks.hpp"
#include "support/effort.hpp"
#include "support/rewritten.hpp"

namespace reseal::chunking_test {
using laws::Input;
using support::Rewritten;

namespace {
std::string first_difference(const Rewritten& one, const Rewritten& other) {
    if (one.failure != other.failure) return "failure: " + one.failure + " / " + other.failure;
    if (one.output.size() != other.output.size())
        return "output's length: " + std::to_string(one.output.size()) + " / " + std::to_string(other.output.size());
    if (one.output != other.output) return "output";
    if (one.report.bytes_out != other.report.bytes_out) return "bytes_out";
    if (one.report.entries != other.report.entries) return "entries";
    if (one.report.findings != other.report.findings) return "findings";
    return one.report == other.report ? "" : "report";
}
}  // namespace

TEST_CASE("output, positions or report depend on the chunks") {
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        Rewritten expected = support::rewrite(input.rules, input.bytes, input.options);
        for (std::size_t chunk : support::chunkings) {
            CAPTURE(chunk);
            CHECK(first_difference(support::rewrite(input.rules, input.bytes, input.options, chunk), expected) == "");
        }
    }
}

TEST_CASE("a cut at one place changes the output") {
    // Behind each of the first bytes, where the heads of files and images are, and at places spread over the rest.
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        std::string_view bytes = input.bytes;
        Rewritten expected = support::rewrite(input.rules, bytes, input.options);
        for (std::size_t at = 1; at < bytes.size(); at += at < 80 ? 1 : at < 600 ? 13 : support::step(4095)) {
            CAPTURE(at);
            Rewritten cut = support::rewrite(input.rules, {bytes.substr(0, at), bytes.substr(at)}, input.options);
            CHECK(first_difference(cut, expected) == "");
        }
    }
}

TEST_CASE("sizes by chance, empty chunks among them, change the output") {
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        Rewritten expected = support::rewrite(input.rules, input.bytes, input.options);
        for (std::uint64_t seed = 2; seed < 12; ++seed) {
            CAPTURE(seed);
            CHECK(first_difference(support::rewrite(input.rules, input.bytes, input.options, 0, seed), expected) == "");
        }
    }
}

TEST_CASE("the filter, written to, gives another result than the Rewriter") {
    for (const Input& input : laws::all()) {
        if (input.bytes.empty()) continue;  // writing nothing begins no sequence
        CAPTURE(input.name);
        Rewritten expected = support::rewrite(input.rules, input.bytes, input.options);
        for (std::size_t chunk : support::coarse_chunkings) {
            CAPTURE(chunk);
            Rewritten got = laws::write_filter(input.rules, support::cut(input.bytes, chunk), input.options);
            CHECK(first_difference(got, expected) == "");
        }
    }
}

TEST_CASE("the filter, read from, gives another result than the Rewriter, as far as it goes") {
    std::vector<std::pair<std::size_t, std::size_t>> ways = {{4096, 1}, {4096, 4097}, {0, 1'000'000}};  // of chunks, of reads
    for (std::size_t chunk : support::coarse_chunkings) ways.emplace_back(chunk, 1000);
    for (const Input& input : laws::all()) {
        CAPTURE(input.name);
        Rewritten expected = support::rewrite(input.rules, input.bytes, input.options);
        for (const auto& [chunk, asked] : ways) {
            CAPTURE(chunk);
            CAPTURE(asked);
            Rewritten got = laws::read_filter(input.rules, support::cut(input.bytes, chunk), input.options, asked);
            CHECK(got.report == expected.report);
            CHECK(got.failure == expected.failure);
            CHECK(laws::same(got.output, expected.output));
        }
    }
}

}  // namespace reseal::chunking_test
