// SPDX-License-Identifier: BSL-1.0
// What a chain sees that reads through the filter.
#include <doctest/doctest.h>
#include <boost/iostreams/close.hpp>
#include <boost/iostreams/compose.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <reseal/filter.hpp>
#include <sstream>

#include "filter/data.hpp"
#include "filter/devices.hpp"

namespace reseal::input_test {
namespace io = boost::iostreams;
using namespace filter_tests;

namespace {
/// Reads `n` bytes a call until the end, or until something is thrown.
std::string drain(RewriteFilter& filter, Giver& giver, std::streamsize n, int* pauses = nullptr) {
    std::string out, buffer(static_cast<std::size_t>(n), '\0');
    while (true) {
        std::streamsize got = filter.read(giver, buffer.data(), n);
        if (got < 0) return out;
        if (got == 0 && pauses != nullptr) ++*pauses;
        out.append(buffer, 0, static_cast<std::size_t>(got));
    }
}
}  // namespace

TEST_CASE("the size of a read changes what is read") {
    std::string in = before("exe.arm64");
    for (std::streamsize n : {1, 2, 3, 7, 4095, 4096, 4097, 16384, 1'000'000}) {
        CAPTURE(n);
        Giver giver{&in};
        RewriteFilter rewrite(rules());
        CHECK(same(drain(rewrite, giver, n), after("exe.arm64")));
        CHECK(rewrite.report().bytes_out == in.size());
    }
}

TEST_CASE("a source with nothing to give for now is taken for one at its end, or spun on") {
    std::string in = before("exe.arm64");
    Giver giver{&in, 1000, false};
    RewriteFilter rewrite(rules());
    int pauses = 0;
    CHECK(same(drain(rewrite, giver, 4096, &pauses), after("exe.arm64")));
    CHECK(pauses > 0);
}

TEST_CASE("a blocking source's short reads come through as short reads of a filter that can block") {
    std::string in = before("exe.arm64"), bytes(10'000, '\0');
    Giver giver{&in, 100};
    RewriteFilter rewrite(rules());
    CHECK(rewrite.read(giver, bytes.data(), 10'000) == 10'000);
}

TEST_CASE("a filtering stream, a streambuf and a composed source read differently") {
    std::string in = before("fat"), composed;
    io::filtering_istream stream(RewriteFilter(rules()) | Giver{&in});
    std::ostringstream streamed;
    streamed << stream.rdbuf();
    CHECK(same(streamed.str(), after("fat")));
    std::istringstream text(in);
    io::filtering_streambuf<io::input> buffer;
    buffer.push(RewriteFilter(rules()));
    buffer.push(text);
    std::ostringstream buffered;
    buffered << &buffer;
    CHECK(same(buffered.str(), after("fat")));
    io::copy(io::compose(RewriteFilter(rules()), Giver{&in}), io::back_inserter(composed));
    CHECK(same(composed, after("fat")));
}

TEST_CASE("the end is reported once and the next read starts over") {
    std::string in = before("exe.arm64");
    Giver giver{&in};
    RewriteFilter rewrite(rules());
    drain(rewrite, giver, 4096);
    giver.at = 0;
    char byte;
    CHECK(rewrite.read(giver, &byte, 1) == -1);
    io::close(rewrite, giver, std::ios_base::in);
    CHECK(rewrite.read(giver, &byte, 1) == 1);
}

TEST_CASE("an empty source leaves the report of an earlier one") {
    std::string in = before("exe.arm64"), empty;
    RewriteFilter rewrite(rules());
    Giver giver{&in};
    drain(rewrite, giver, 4096);
    io::close(rewrite, giver, std::ios_base::in);
    Giver nothing{&empty};
    CHECK(drain(rewrite, nothing, 10) == "");
    CHECK(rewrite.report().bytes_in == 0);
}

TEST_CASE("closing in the middle leaks the rest into the next sequence, or counts as its end") {
    std::string in = before("exe.arm64"), some(5000, '\0');
    RewriteFilter rewrite(rules());
    Giver giver{&in};
    rewrite.read(giver, some.data(), 5000);
    io::close(rewrite, giver, std::ios_base::out);  // never used: nothing happens
    io::close(rewrite, giver, std::ios_base::in);
    CHECK(rewrite.report() == reseal::Report{});
    Giver again{&in};
    CHECK(same(drain(rewrite, again, 4096), after("exe.arm64")));
    io::close(rewrite, again, std::ios_base::in | std::ios_base::out);
    CHECK(rewrite.report().bytes_in == in.size());
}

TEST_CASE("a refused image: bytes are handed out behind the failure, or a later read forgets it") {
    std::string in = broken(), buffer(4096, '\0');
    for (std::size_t chunk : {std::size_t{1000}, std::string::npos}) {
        Giver giver{&in, chunk};
        RewriteFilter rewrite(rules());
        auto read = [&] { return rewrite.read(giver, buffer.data(), 4096); };
        auto read_all = [&] {
            while (read() >= 0) {
            }
        };
        CHECK_THROWS_AS(read_all(), reseal::Error);
        CHECK(giver.at == in.size());  // the rest was read, so that the report is complete
        CHECK(rewrite.report().bytes_in == in.size());
        CHECK(rewrite.report().entries.at(0).status == reseal::EntryStatus::refused);
        CHECK_THROWS_AS(read(), reseal::Error);
        CHECK_THROWS_AS(read(), reseal::Error);
        CHECK_THROWS_AS(io::close(rewrite, giver, std::ios_base::in), reseal::Error);
        io::close(rewrite, giver, std::ios_base::in);
        std::string good = before("exe.arm64");
        Giver next{&good};
        CHECK(same(drain(rewrite, next, 4096), after("exe.arm64")));
    }
}

TEST_CASE("a failing source is read again, or its failure becomes the end") {
    std::string in = before("exe.arm64"), buffer(4096, '\0');
    Giver giver{&in, 1000, true, 20'000};
    RewriteFilter rewrite(rules());
    auto read = [&] { return rewrite.read(giver, buffer.data(), 4096); };
    auto read_all = [&] {
        while (read() >= 0) {
        }
    };
    CHECK_THROWS_AS(read_all(), DiskFull);
    giver.bad = std::string::npos;
    CHECK_THROWS_AS(read(), DiskFull);
    CHECK(giver.at == 20'000);
    CHECK(rewrite.report() == reseal::Report{});
    CHECK_THROWS_AS(io::close(rewrite, giver, std::ios_base::in), DiskFull);
    giver.at = 0;
    CHECK(same(drain(rewrite, giver, 4096), after("exe.arm64")));
}

TEST_CASE("how much is handed out before a source fails depends on the size of a read") {
    const std::string in = before("exe.arm64");
    for (std::streamsize n : {1, 4095, 1'000'000}) {
        CAPTURE(n);
        Giver giver{&in, 1000, true, 20'000};
        RewriteFilter rewrite(rules());
        std::string out, buffer(static_cast<std::size_t>(n), '\0');
        auto read_all = [&] {
            while (true) {
                std::streamsize got = rewrite.read(giver, buffer.data(), n);
                out.append(buffer, 0, static_cast<std::size_t>(got));
            }
        };
        CHECK_THROWS_AS(read_all(), DiskFull);
        CHECK(out.size() > 10'000);
        CHECK(after("exe.arm64").starts_with(out));
        static const std::size_t first = out.size();
        CHECK(out.size() == first);
    }
}

TEST_CASE("a failure that a stream turned into badbit does not come back from close") {
    std::string in = broken();
    io::filtering_istream stream(RewriteFilter(rules()) | Giver{&in});
    std::ostringstream out;
    out << stream.rdbuf();
    CHECK_THROWS_AS(stream.reset(), reseal::Error);
}

}  // namespace reseal::input_test
