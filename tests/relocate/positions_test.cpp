// SPDX-License-Identifier: BSL-1.0
// Recorded positions instead of a search.
#include <doctest/doctest.h>

#include <string>

#include "moved.hpp"
#include "relocate/encoding.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace reseal::positions_test {
using namespace support;
using namespace std::string_literals;

namespace {

const FileOptions binary = {.mode = FileMode::binary, .digest_before = true};

std::string sample() {
    return noise(10'000, 1) + "P=/old/pfx/a:/old/pfx/b:\0Z"s + noise(9'000, 2) + "\0/old/pfx"s + std::string(6'000, 'x') +
           "\0"s + relocate::encode("x/old/pfx/q\0"s, relocate::Encoding::utf16le).value() + noise(3'000, 3) +
           "\0/old/pfx/end"s;
}

bool fell_back(const FilePlan& plan) {
    for (const Finding& each : plan.result.findings)
        if (each.code == Code::positions_wrong && each.severity == Severity::note) return true;
    return false;
}

}  // namespace

TEST_CASE("positions that are true give the plan of a search") {
    const std::string bytes = sample();
    const MemorySource source(bytes);
    for (Padding padding : {Padding::slash, Padding::nul, Padding::spack})
        for (Tail tail : {Tail::left, Tail::patched, Tail::slash}) {
            const Prefixes prefixes({{"/old/pfx", "/placed"}}, {.padding = padding, .tail = tail, .wide = true});
            const FilePlan sought = plan_file(source, prefixes, binary);
            REQUIRE(sought.result.fields.size() == 5);
            const FilePlan placed = plan_positions(source, prefixes, sought.result.fields, binary);
            CHECK(placed.result == sought.result);
            CHECK(placed.result.sha256_before == plain_sha256(bytes));
            CHECK_FALSE(fell_back(placed));
        }
}

TEST_CASE("no positions: nothing is sought, and nothing changes") {
    const std::string bytes = sample();
    const FilePlan plan = plan_positions(MemorySource(bytes), Prefixes({{"/old/pfx", "/new"}}, {}), {}, binary);
    CHECK_FALSE(plan.result.changed);
    CHECK(plan.result.fields.empty());
}

TEST_CASE("positions that are not true of the file are told, and the prefixes sought") {
    const std::string bytes = sample();
    const MemorySource source(bytes);
    const Prefixes prefixes({{"/old/pfx", "/new"}}, {.wide = true});
    const FilePlan sought = plan_file(source, prefixes, binary);
    const auto wrong = [&](auto change) {
        std::vector<PrefixField> fields = sought.result.fields;
        change(fields);
        FilePlan plan = plan_positions(source, prefixes, fields, binary);
        CHECK(fell_back(plan));
        std::erase_if(plan.result.findings, [](const Finding& each) { return each.code == Code::positions_wrong; });
        CHECK(plan.result == sought.result);
    };
    wrong([](auto& fields) { ++fields[0].offset; });
    wrong([](auto& fields) { --fields[1].end; });
    wrong([](auto& fields) { ++fields[2].end; });
    wrong([](auto& fields) { fields[2].end = ~std::uint64_t{0}; });
    wrong([](auto& fields) { std::swap(fields[0], fields[1]); });
    wrong([](auto& fields) { fields[1] = fields[0]; });
    wrong([](auto& fields) { fields[0].pair = 1; });
    wrong([](auto& fields) { fields[0].encoding = relocate::Encoding::utf16le; });
    wrong([](auto& fields) { fields[4].offset = ~std::uint64_t{0}; });
    wrong([&](auto& fields) { fields[4].offset = bytes.size() - 3; });
}

TEST_CASE("positions in load commands are known as such, in images behind others too") {
    ImageSpec spec;
    spec.rpath = "/old/pfx/lib";
    const std::string bytes = build(spec).bytes;
    const Prefixes prefixes({{"/old/pfx", "/new"}}, {});
    const FilePlan sought = plan_file(MemorySource(bytes), prefixes, binary);
    REQUIRE(sought.result.fields.size() == 1);
    CHECK(sought.result.fields[0].command);
    CHECK(plan_positions(MemorySource(bytes), prefixes, sought.result.fields, binary).result == sought.result);
}

}  // namespace reseal::positions_test
