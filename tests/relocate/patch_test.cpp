// SPDX-License-Identifier: BSL-1.0
// A binary file that is planned in one reading: what will differ in it, and the digest it will have.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "moved.hpp"
#include "reseal/error.hpp"
#include "support/image_builder.hpp"
#include "support/plain_sha.hpp"

namespace reseal::patch_test {
using namespace support;
using namespace std::string_literals;

namespace {

const std::string from = "/opt/placeholder", to = "/new";
const Prefixes slashes({{from, to}}, {});
const Prefixes nuls({{from, to}}, {.padding = Padding::nul});
constexpr std::size_t mib = std::size_t{1} << 20;

/// How many bytes of a file were asked for.
class CountedSource final : public Source {
public:
    explicit CountedSource(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, char* into, std::size_t count) const override {
        if (offset >= bytes_.size()) return 0;
        count = bytes_.copy(into, count, static_cast<std::size_t>(offset));
        read += count;
        return count;
    }
    mutable std::uint64_t read = 0;

private:
    std::string_view bytes_;
};

/// Of three chunks and a half, with prefixes at these offsets.
std::string program(const std::vector<std::size_t>& places) {
    std::string out(
        "\x7f"
        "ELF\0"s);
    std::uint32_t chance = 1;
    while (out.size() < 900'000) {
        chance = chance * 1664525 + 1013904223;
        out += static_cast<char>(chance >> 24);
    }
    for (const std::size_t place : places) out.replace(place, from.size() + 7, from + "/share\0"s);
    return out;
}

FilePlan plan_with(const Source& source, const Prefixes& prefixes, std::size_t limit) {
    return plan_file(source, prefixes, {.mode = FileMode::binary, .patch_limit = limit});
}

}  // namespace

TEST_CASE("a prefix in, behind or across the chunks of a file is patched elsewhere than it is written") {
    for (const Prefixes& prefixes : {slashes, nuls})
        for (const std::size_t place : {std::size_t{5}, std::size_t{262'100}, std::size_t{262'136}, std::size_t{262'144},
                                        std::size_t{524'288 - 16}, std::size_t{800'000}, std::size_t{900'000 - 23}}) {
            CAPTURE(place);
            const std::string input = program({place, 600'000});
            const Moved result = planned(input, prefixes);
            CHECK(result.result.changed);
            CHECK_EQ(result.result.sha256_after, plain_sha256(result.output));
        }
}

TEST_CASE("a string whose end is chunks away is patched elsewhere than it is written") {
    std::string input = program({});
    std::replace(input.begin() + 1000, input.end(), '\0', 'x');
    input.replace(5000, from.size(), from);
    input[860'000] = '\0';
    const Moved result = planned(input, nuls);
    CHECK(result.result.changed);
    CHECK_EQ(result.output.substr(860'000 - 12, 13), std::string(13, '\0'));
}

TEST_CASE("a file that has its first prefix in its head is read more than once") {
    const std::string input = program({100, 300'000, 700'000});
    const CountedSource source(input);
    const FilePlan plan = plan_with(source, slashes, mib);
    REQUIRE(plan.patch);
    CHECK_EQ(plan.patch->ranges.size(), 3);
    CHECK(source.read < input.size() + 4096);
}

TEST_CASE("a signed program is read more than once, but for its signature") {
    ImageSpec spec;
    spec.code_size = 1'000'000;
    spec.rpath = from + "/lib";
    spec.plants = {{700'000, from + "/share\0"s}};
    const Image image = build(spec);
    const CountedSource source(image.bytes);
    const FilePlan plan = plan_with(source, slashes, mib);
    REQUIRE(plan.patch);
    CHECK(source.read < image.bytes.size() + 100'000);
    CHECK_EQ(patched(image.bytes, *plan.patch), planned(image.bytes, slashes).output);
}

TEST_CASE("a patch that is larger than allowed is kept, or the digest is lost with it") {
    const std::string input = program({100, 300'000, 700'000});
    const FilePlan whole = plan_with(CountedSource(input), slashes, mib);
    REQUIRE(whole.patch);
    const std::size_t size = whole.patch->memory();
    CHECK(plan_with(CountedSource(input), slashes, size).patch);
    const FilePlan less = plan_with(CountedSource(input), slashes, size - 1);
    CHECK_FALSE(less.patch);
    CHECK(less.result == whole.result);
    CHECK_EQ(less.result.sha256_after.size(), 32);
}

TEST_CASE("a plan without a patch has a digest of what nobody asked for") {
    const FilePlan plan = plan_with(CountedSource(program({100})), slashes, 0);
    CHECK_FALSE(plan.patch);
    CHECK(plan.result.sha256_after.empty());
}

TEST_CASE("a file without a prefix, or with one that stays, has a patch") {
    for (const Prefixes& prefixes : {slashes, Prefixes({{from, from}}, {})}) {
        const std::string input =
            program(prefixes.pairs()[0].to == from ? std::vector<std::size_t>{100} : std::vector<std::size_t>{});
        const FilePlan plan = plan_with(CountedSource(input), prefixes, mib);
        CHECK_FALSE(plan.result.changed);
        CHECK_FALSE(plan.patch);
        CHECK(plan.result.sha256_after.empty());
    }
}

TEST_CASE("a file that became another one of the same length is written under the digest that was planned") {
    const std::string input = program({100});
    const FilePlan plan = plan_with(CountedSource(input), slashes, 1);
    REQUIRE_FALSE(plan.patch);
    std::string other = input;
    other[500'000] ^= 1;
    StringSink out;
    CHECK_THROWS_AS(relocate_file(MemorySource(other), plan, out), Error);
}

TEST_CASE("the digest of a text that will be written is not the one that was planned") {
    const std::string input = "#!" + from + "/bin/python\nprefix=" + from + "\n";
    const MemorySource source(input);
    for (const FileMode mode : {FileMode::text, FileMode::unknown}) {
        const FilePlan plan = plan_file(source, slashes, {.mode = mode, .patch_limit = mib});
        StringSink out;
        const FileRelocation result = relocate_file(source, plan, out);
        CHECK(plan.result == result);
        CHECK_EQ(plan.result.sha256_after, plain_sha256(out.bytes));
    }
}

}  // namespace reseal::patch_test
