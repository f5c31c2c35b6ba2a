// SPDX-License-Identifier: BSL-1.0
// What every parser owes: its runs, one after the other, are the stream, however it was cut.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "support/demuxed.hpp"
#include "support/effort.hpp"
#include "support/tree.hpp"

namespace reseal::demux_test {
namespace {

using support::Demuxed;

Demuxed demux(const std::string& stream, std::size_t chunk) { return support::demux(Format::automatic, stream, chunk); }

support::Node tree() {
    std::string big(70'000, 'b');
    return support::folder("top",
                           {support::folder("bin", {support::file("a", "#!/bin/sh\n", true), support::file("b", big)}),
                            support::file("eight", "12345678"), support::file("empty", ""), support::folder("hollow", {}),
                            support::link("link", "bin/a"), support::link("long", "/" + std::string(150, 'l')),
                            support::file("odd", std::string(513, 'o'))});
}

constexpr std::size_t chunks[] = {1, 2, 3, 7, 511, 512, 513, 4095, 4096, 4097, 16384, 1'000'000};

std::map<std::string, std::string> archives() {
    return {{"nar", support::nar(tree())},
            {"nar of a file", support::nar(support::file("", std::string(9, 'x'), true))},
            {"nar of a link", support::nar(support::link("", "target"))},
            {"v7", support::tar(tree(), support::TarStyle::v7)},
            {"ustar", support::tar(tree(), support::TarStyle::ustar)},
            {"pax", support::tar(tree(), support::TarStyle::pax)},
            {"gnu", support::tar(tree(), support::TarStyle::gnu)},
            {"plain", std::string(10'000, 'p')}};
}

}  // namespace

TEST_CASE("the runs of an archive are the stream, and the same however it was cut") {
    for (const auto& [name, stream] : archives()) {
        CAPTURE(name);
        Demuxed whole = demux(stream, stream.size());
        CHECK(whole.joined == stream);
        CHECK(whole.malformed == "");
        for (std::size_t chunk : chunks) {
            CAPTURE(chunk);
            CHECK((demux(stream, chunk) == whole));
        }
    }
}

TEST_CASE("contents, names and targets come out as they went in") {
    std::string long_target = "/" + std::string(150, 'l');
    for (const auto& [name, stream] : archives()) {
        if (name != "nar" && name != "pax" && name != "gnu") continue;
        CAPTURE(name);
        Demuxed out = demux(stream, 100);
        std::string top = name == "nar" ? "" : "top/";
        CHECK(out.contents.at(top + "bin/a") == "#!/bin/sh\n");
        CHECK(out.contents.at(top + "bin/b") == std::string(70'000, 'b'));
        CHECK(out.contents.at(top + "odd") == std::string(513, 'o'));
        CHECK(out.contents.at(top + "empty") == "");
        CHECK(out.contents.size() == 5);
        CHECK(out.targets.at(top + "link") == "bin/a");
        CHECK(out.targets.at(top + "long") == long_target);
        CHECK(out.targets.size() == 2);
        CHECK(std::count(out.names.begin(), out.names.end(), name == "nar" ? "hollow" : "top/hollow/") == 1);
    }
}

TEST_CASE("every prefix of an archive is cut short, and its runs are a prefix of the stream") {
    for (const auto& [name, stream] : archives()) {
        if (name == "plain") continue;
        CAPTURE(name);
        // Before so many bytes the format cannot be told.
        std::size_t least = name.starts_with("nar") ? 24 : 512;
        for (std::size_t size = least; size < stream.size();
             size += size < 3000 || stream.size() - size < 3000 ? support::step(1) : 997) {
            Demuxed cut = demux(stream.substr(0, size), 600);
            if (cut.malformed.find("ends too early") == cut.malformed.npos) {
                CAPTURE(size);
                CHECK(cut.malformed == "ends too early");
            }
            if (!stream.starts_with(cut.joined)) CHECK(size == 0);
        }
    }
}

}  // namespace reseal::demux_test
