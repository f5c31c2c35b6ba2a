// SPDX-License-Identifier: BSL-1.0
// What a chain sees that writes through the filter.
#include <doctest/doctest.h>
#include <boost/iostreams/close.hpp>
#include <boost/iostreams/compose.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <fstream>
#include <reseal/filter.hpp>

#include "filter/data.hpp"
#include "filter/devices.hpp"

namespace reseal::output_test {
namespace io = boost::iostreams;
using namespace filter_tests;

namespace {
io::array_source source(const std::string& bytes) { return {bytes.data(), bytes.size()}; }
void put(RewriteFilter& filter, Taker& sink, std::string_view bytes) {
    filter.write(sink, bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
}  // namespace

TEST_CASE("io::copy into a composed filter gives another result than a chain") {
    std::string in = before("fat"), out;
    RewriteFilter rewrite(rules());
    CHECK(io::copy(source(in), io::compose(rewrite, io::back_inserter(out))) == static_cast<std::streamsize>(in.size()));
    CHECK(same(out, after("fat")));
    CHECK(rewrite.report().bytes_in == in.size());
    CHECK(rewrite.report().bytes_out == in.size());
}

TEST_CASE("a pipeline rewrite | sink cannot be pushed") {
    std::string in = before("exe.arm64"), out;
    io::filtering_ostream stream(RewriteFilter(rules()) | io::back_inserter(out));
    stream << in;
    io::close(stream);
    CHECK(same(out, after("exe.arm64")));
}

TEST_CASE("two filters in one chain, composed or pushed, disturb each other") {
    std::string in = before("exe.arm64"), composed, pushed;
    io::copy(source(in), io::compose(io::compose(RewriteFilter(rules()), RewriteFilter(back())), io::back_inserter(composed)));
    CHECK(same(composed, in));
    io::filtering_streambuf<io::output> buffer;
    buffer.push(RewriteFilter(rules()));
    buffer.push(RewriteFilter(back()));
    buffer.push(io::back_inserter(pushed));
    io::copy(source(in), buffer);
    CHECK(same(pushed, in));
}

TEST_CASE("a byte-wise writer, and a flush after every byte, change the output") {
    std::string in = before("exe.arm64"), out;
    io::filtering_ostream stream;
    stream.push(RewriteFilter(rules()));
    stream.push(Taker{&out});
    for (char byte : in) stream.put(byte).flush();
    io::close(stream);
    CHECK(same(out, after("exe.arm64")));
}

TEST_CASE("std::endl releases bytes that may still become a match") {
    std::string out;
    io::filtering_ostream stream;
    stream.push(RewriteFilter(reseal::Rules({{"one\ntwo", "1234567"}})));
    stream.push(Taker{&out});
    stream << "one" << std::endl;
    CHECK(out == "");
    stream << "two" << std::flush;
    io::close(stream);
    CHECK(out == "1234567");
}

TEST_CASE("a device that takes one byte in three calls gets them twice or not at all") {
    std::string in = before("exe.arm64"), out;
    int calls = 0;
    Trickler sink{&out, &calls};
    RewriteFilter rewrite(rules());
    rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size()));
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(same(out, after("exe.arm64")));
}

TEST_CASE("a device that takes nothing any more is waited for without end") {
    std::string in = before("exe.arm64");
    for (std::size_t room : {std::size_t{0}, std::size_t{100}, in.size() - 1}) {
        CAPTURE(room);
        std::string out;
        Stuck sink{&out, room};
        RewriteFilter rewrite(rules());
        auto whole = [&] {
            rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size()));
            io::close(rewrite, sink, std::ios_base::out);
        };
        CHECK_THROWS_AS(whole(), reseal::Error);
        CHECK(same(out, after("exe.arm64").substr(0, room)));
    }
}

TEST_CASE("a full disk under a std::ofstream is not noticed") {
    std::ofstream full("/dev/full", std::ios::binary);
    if (!full) {
        MESSAGE("skipped: no /dev/full here");
        return;
    }
    std::string in = before("exe.arm64") + std::string(100'000, 'x');
    io::filtering_ostream stream;
    stream.push(RewriteFilter(rules()));
    stream.push(full);
    stream << in;
    CHECK_THROWS_AS(io::close(stream), reseal::Error);
}

TEST_CASE("closing before, twice, or in a direction never used replaces the report or ends the sequence") {
    std::string in = before("exe.arm64"), out;
    Taker sink{&out};
    RewriteFilter rewrite(rules());
    CHECK(rewrite.report() == reseal::Report{});
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(rewrite.report() == reseal::Report{});
    put(rewrite, sink, std::string_view(in).substr(0, 5000));
    io::close(rewrite, sink, std::ios_base::in);  // Boost closes both directions of what it takes for a two-way filter
    CHECK(rewrite.report() == reseal::Report{});
    put(rewrite, sink, std::string_view(in).substr(5000));
    io::close(rewrite, sink, std::ios_base::in | std::ios_base::out);
    CHECK(same(out, after("exe.arm64")));
    reseal::Report report = rewrite.report();
    CHECK(report.bytes_in == in.size());
    io::close(rewrite, sink, std::ios_base::out);
    io::close(rewrite, sink, std::ios_base::in);
    CHECK(rewrite.report() == report);
    CHECK(out.size() == in.size());
}

TEST_CASE("a second sequence starts with what the first one left behind") {
    std::string in = before("fat");
    RewriteFilter rewrite(rules());
    reseal::Report first;
    for (int round = 0; round < 3; ++round) {
        std::string out;
        io::filtering_ostream stream;
        stream.push(rewrite);
        stream.push(Taker{&out});
        stream << in;
        stream.reset();
        CHECK(same(out, after("fat")));
        if (round == 0) first = rewrite.report();
        CHECK(rewrite.report() == first);
        CHECK(rewrite.work().pages_hashed > 0);
    }
    CHECK(first.hits.size() == 1);
    CHECK(first.hits[0] > 0);
}

TEST_CASE("report() shows a sequence that is not at its end") {
    std::string in = before("exe.arm64"), out;
    Taker sink{&out};
    RewriteFilter rewrite(rules());
    put(rewrite, sink, in);
    io::close(rewrite, sink, std::ios_base::out);
    reseal::Report report = rewrite.report();
    put(rewrite, sink, "something else");
    CHECK(rewrite.report() == report);
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(rewrite.report().bytes_in == 14);
}

TEST_CASE("reading from a filter that is written to mixes the two sequences") {
    std::string in = before("exe.arm64"), out;
    Taker sink{&out};
    Giver giver{&in};
    RewriteFilter rewrite(rules());
    put(rewrite, sink, std::string_view(in).substr(0, 5000));
    char byte;
    CHECK_THROWS_AS(rewrite.read(giver, &byte, 1), reseal::Error);
    put(rewrite, sink, std::string_view(in).substr(5000));
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(same(out, after("exe.arm64")));
}

}  // namespace reseal::output_test
