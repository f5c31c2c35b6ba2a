// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/references.hpp>
#include <set>

#include "store/base32.hpp"
#include "support/random.hpp"

namespace reseal::references_test {
namespace {

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn";

std::vector<Reference> scanned(const std::vector<std::string>& candidates, std::string_view text, std::size_t chunk,
                               ReferenceOptions options = {}) {
    ReferenceScanner scanner(candidates, options);
    for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size()))) scanner.write(text.substr(0, chunk));
    scanner.finish();
    return scanner.found();
}

std::set<std::string> names(const std::vector<Reference>& references) {
    std::set<std::string> all;
    for (const Reference& each : references) all.insert(each.hash_part);
    return all;
}

std::string random_part(support::Random& random) {
    std::string part(32, '\0');
    for (char& c : part) c = store::base32_digits[random.below(32)];
    return part;
}

constexpr std::size_t chunks[] = {1, 2, 3, 7, 31, 32, 33, 4095, 4096, 1'000'000};

}  // namespace

TEST_CASE("a reference is missed, or seen where there is none") {
    for (const std::size_t chunk : chunks) {
        CAPTURE(chunk);
        const auto found = [&](const std::string& text) { return names(scanned({one, two}, text, chunk)); };
        CHECK(found("") == std::set<std::string>{});
        CHECK(found("foobar") == std::set<std::string>{});
        CHECK(found(one) == std::set<std::string>{one});
        CHECK(found("foobar" + one + "xyzzy") == std::set<std::string>{one});
        CHECK(found(std::string("foobar").append(one).append("xyzzy").append(two)) == std::set<std::string>{one, two});
        CHECK(found(one + two) == std::set<std::string>{one, two});
        CHECK(found(one.substr(0, 31)) == std::set<std::string>{});
        CHECK(found(one.substr(1)) == std::set<std::string>{});
        CHECK(found("0" + one + "0") == std::set<std::string>{one});  // in a longer run of such characters
    }
}

TEST_CASE("of references that overlap one is missed") {
    const std::string run = one + two.substr(0, 20);
    const std::vector<std::string> candidates = {run.substr(0, 32), run.substr(1, 32), run.substr(20, 32)};
    for (const std::size_t chunk : chunks) CHECK(scanned(candidates, "-" + run + "-", chunk).size() == 3);
    const std::string same(32, 'a');
    const std::vector<Reference> found = scanned({same}, std::string(40, 'a'), 5, {.positions = true});
    REQUIRE(found.size() == 1);
    CHECK(found[0].count == 9);
    CHECK(found[0].positions == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("counts or positions depend on how the stream was cut") {
    support::Random random(4);
    std::vector<std::string> candidates;
    for (int i = 0; i < 300; ++i) candidates.push_back(random_part(random));
    std::string text;
    std::vector<Reference> expected;
    for (const std::string& each : candidates) expected.push_back({each, 0, {}});
    while (text.size() < 200'000) {
        const std::size_t which = random.below(candidates.size());
        expected[which].positions.push_back(text.size());
        ++expected[which].count;
        text += candidates[which];
        for (std::uint64_t i = random.below(60); i > 0; --i) text += static_cast<char>(random.below(256));
    }
    std::sort(expected.begin(), expected.end(),
              [](const Reference& a, const Reference& b) { return a.hash_part < b.hash_part; });
    std::erase_if(expected, [](const Reference& each) { return each.count == 0; });
    for (const std::size_t chunk : chunks) {
        CAPTURE(chunk);
        CHECK((scanned(candidates, text, chunk, {.positions = true}) == expected));
    }
}

TEST_CASE("wide characters are not seen, or seen where nobody asked") {
    for (const std::size_t width : {2u, 4u}) {
        for (const bool big : {false, true}) {
            std::string text = "odd";
            for (const char c : "/nix/store/" + one + "-x") {
                std::string unit(width, '\0');
                unit[big ? width - 1 : 0] = c;
                text += unit;
            }
            const std::size_t first = 3 + 11 * width + (big ? width - 1 : 0);
            for (const std::size_t chunk : chunks) {
                const std::vector<Reference> found = scanned({one, two}, text, chunk, {.wide = true, .positions = true});
                REQUIRE(found.size() == 1);
                CHECK(found[0].hash_part == one);
                CHECK(found[0].positions == std::vector<std::uint64_t>{first});
                CHECK(scanned({one, two}, text, chunk).empty());
            }
        }
    }
    CHECK(names(scanned({one, two}, one + " " + two, 7, {.wide = true})) == std::set<std::string>{one, two});
}

TEST_CASE("there are more candidates than rules may be") {
    support::Random random(9);
    std::vector<std::string> candidates;
    for (int i = 0; i < 12'000; ++i) candidates.push_back(random_part(random));
    const std::string text = "x" + candidates[11'999] + "y" + candidates[0] + "z";
    CHECK(names(scanned(candidates, text, 10)) == std::set<std::string>{candidates[0], candidates[11'999]});
}

TEST_CASE("a second stream goes on where the first ended") {
    ReferenceScanner scanner({one, one, two}, {.positions = true});
    scanner.write(one.substr(0, 16));
    scanner.finish();
    scanner.write(one.substr(16));
    scanner.finish();
    CHECK(scanner.found().empty());
    scanner.write("ab" + one);
    scanner.finish();
    scanner.write("abc" + one);
    scanner.finish();
    CHECK(scanner.found() == std::vector<Reference>{{one, 2, {2, 3}}});
}

TEST_CASE("what was taken is told again, or what follows is lost") {
    for (const std::size_t chunk : chunks) {
        ReferenceScanner scanner({one, two}, {.wide = true, .positions = true});
        const std::string text = std::string(3, '-').append(one).append(two).append(200, '-').append(one).append("-");
        std::vector<std::uint64_t> ones, twos;
        std::uint64_t count = 0;
        const auto take = [&] {
            for (const Reference& each : scanner.take()) {
                count += each.count;
                std::vector<std::uint64_t>& all = each.hash_part == one ? ones : twos;
                all.insert(all.end(), each.positions.begin(), each.positions.end());
            }
        };
        for (std::size_t at = 0; at < text.size(); at += chunk) {
            scanner.write(std::string_view(text).substr(at, chunk));
            take();
            if (std::min(at + chunk, text.size()) >= 3 + 125) CHECK(ones.size() >= 1);  // no later than promised
        }
        CHECK(scanner.found().size() <= 1);
        scanner.finish();
        take();
        CHECK(scanner.found().empty());
        CHECK(count == 3);
        CHECK(ones == std::vector<std::uint64_t>{3, 267});
        CHECK(twos == std::vector<std::uint64_t>{35});
    }
}

TEST_CASE("what is no hash part is taken for a candidate") {
    for (const std::string& wrong : {std::string(), one + "0", one.substr(1), std::string(32, 'e'), one.substr(1) + "/"})
        CHECK_THROWS_AS(ReferenceScanner({one, wrong}), Error);
    CHECK(scanned({}, one, 5).empty());
}

}  // namespace reseal::references_test
