// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cli/inside.hpp"
#include "codec/compressed.hpp"

namespace reseal::inside_test {
using cli::Inside;
using codec::compressed;

namespace {

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn";

void look(Inside& inside, const std::string& path, std::string_view bytes, std::size_t chunk = 1000) {
    inside.begin(path);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(chunk, bytes.size()))) inside.write(bytes.substr(0, chunk));
    inside.end();
}

}  // namespace

TEST_CASE("a small file expands without an end") {
    const std::string bomb = compressed(one + std::string(3'000'000, 'x') + two, codec::Compression::xz);
    for (const std::string& file : {bomb, compressed(bomb, codec::Compression::gzip)}) {
        Inside inside({one, two}, {}, 1'000'000);
        look(inside, "bomb", file);
        REQUIRE(inside.unread().size() == 1);
        CHECK(inside.unread()[0].path == "bomb");
        CHECK(inside.unread()[0].why == "expands to more than 1000000 bytes");
        CHECK(inside.unread()[0].by_us);
        REQUIRE(inside.references().size() == 1);  // what came before counts
        CHECK(inside.references()[0].reference == Reference{one, 1, {}});
        // The next file has an allowance of its own.
        look(inside, "next", compressed(two + std::string(900'000, 'x'), codec::Compression::xz));
        CHECK(inside.unread().size() == 1);
        REQUIRE(inside.references().size() == 2);
        CHECK(inside.references()[1].path == "next");
    }
}

TEST_CASE("what is inside depends on how it was cut") {
    for (const codec::Compression compression :
         {codec::Compression::gzip, codec::Compression::bzip2, codec::Compression::xz, codec::Compression::zstd}) {
        const std::string text = std::string(5000, '-').append(one).append("-").append(two);
        const std::string file = compressed(compressed(text, compression), compression);
        for (const std::size_t chunk : {1u, 9u, 10u, 11u, 100'000u}) {
            Inside inside({one, two}, {.positions = true});
            look(inside, "file", file, chunk);
            CHECK(inside.unread().empty());
            REQUIRE(inside.references().size() == 2);
            CHECK(inside.references()[0].layers.size() == 2);
            CHECK(inside.references()[0].reference == Reference{one, 1, {5000}});
            CHECK(inside.references()[1].reference == Reference{two, 1, {5033}});
        }
    }
}

TEST_CASE("a file that is over before it can be told what it is counts for the next") {
    Inside inside({one}, {});
    look(inside, "short", "\x1f\x8b");
    look(inside, "empty", "");
    look(inside, "plain", one);
    CHECK(inside.references().empty());
    CHECK(inside.unread().empty());
    look(inside, "cut", "\x1f\x8b\x08");
    REQUIRE(inside.unread().size() == 1);
    CHECK(inside.unread()[0].path == "cut");
    CHECK_FALSE(inside.unread()[0].by_us);
}

}  // namespace reseal::inside_test
