// SPDX-License-Identifier: BSL-1.0
// What becomes of a failure in write(), in every way Boost 1.74 has of losing one: its sync() swallows exceptions, its chains
// close their filters as if all was well, and its destructors close them too.
#include <doctest/doctest.h>
#include <boost/iostreams/close.hpp>
#include <boost/iostreams/compose.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <reseal/filter.hpp>

#include "filter/data.hpp"
#include "filter/devices.hpp"

namespace reseal::failure_test {
namespace io = boost::iostreams;
using namespace filter_tests;

namespace {
/// A chain of a rewriting filter and a device that takes `room` bytes and throws once. Unbuffered, so that the filter meets
/// the failure itself.
struct Chain {
    explicit Chain(std::size_t room, std::streamsize buffer = 0) {
        stream.push(rewrite, buffer != 0 ? buffer : 100'000);
        stream.push(Thrower{&got, room, &thrown}, 0);
    }
    std::string got;
    int thrown = 0;
    RewriteFilter rewrite{rules()};
    io::filtering_ostream stream;
};
const std::size_t room = 10'000;
}  // namespace

TEST_CASE("an error inside write() does not survive Boost's close()") {
    Chain chain(room);
    chain.stream << before("exe.arm64");  // gathered: write() is called by the close
    CHECK_THROWS_AS(io::close(chain.stream), DiskFull);
    CHECK(chain.thrown == 1);
    CHECK(after("exe.arm64").starts_with(chain.got));
}

TEST_CASE("an error inside write() does not survive reset()") {
    Chain chain(room);
    chain.stream << before("exe.arm64");
    CHECK_THROWS_AS(chain.stream.reset(), DiskFull);
    CHECK(chain.thrown == 1);
    CHECK(chain.got.size() <= room);
}

TEST_CASE("an error inside write() does not survive flush()") {
    Chain chain(room);
    chain.stream.exceptions(std::ios::badbit);
    chain.stream << before("exe.arm64");
    CHECK_THROWS_AS(chain.stream.flush(), std::ios_base::failure);  // Boost keeps the fact only
    CHECK_THROWS_AS(chain.stream.reset(), DiskFull);
    CHECK(chain.got.size() <= room);
}

TEST_CASE("a write larger than the buffer, no mask, destructor: something is written after the failure") {
    std::string got;
    int thrown = 0;
    {
        io::filtering_ostream stream;
        stream.push(RewriteFilter(rules()), 1000);
        stream.push(Thrower{&got, room, &thrown}, 0);
        stream << before("exe.arm64");
        CHECK(stream.bad());
        stream << "more";
    }
    CHECK(thrown == 1);
    CHECK(got.size() <= room);
}

TEST_CASE("a write larger than the buffer, with exceptions on: the original exception is lost") {
    Chain chain(room, 1000);
    chain.stream.exceptions(std::ios::badbit);
    CHECK_THROWS_AS(chain.stream << before("exe.arm64"), DiskFull);
    CHECK_THROWS_AS(chain.stream.reset(), DiskFull);
    CHECK(chain.got.size() <= room);
}

TEST_CASE("io::copy into a composed filter writes a trailer after the failure") {
    std::string in = before("exe.arm64"), got;
    int thrown = 0;
    io::array_source source(in.data(), in.size());
    CHECK_THROWS_AS(io::copy(source, io::compose(RewriteFilter(rules()), Thrower{&got, room, &thrown})), DiskFull);
    CHECK(thrown == 1);
    CHECK(got.size() <= room);
}

TEST_CASE("a failing device is written to again by the next write, or the failure outlives close") {
    std::string in = before("exe.arm64"), got;
    int thrown = 0;
    Thrower sink{&got, room, &thrown};
    RewriteFilter rewrite(rules());
    auto write = [&] { rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size())); };
    CHECK_THROWS_AS(write(), DiskFull);
    std::string first = got;
    CHECK_THROWS_AS(write(), DiskFull);
    CHECK_THROWS_AS(write(), DiskFull);
    CHECK_THROWS_AS(io::close(rewrite, sink, std::ios_base::out), DiskFull);
    CHECK(thrown == 1);
    CHECK(same(got, first));
    got.clear();
    write();
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(same(got, after("exe.arm64")));
}

TEST_CASE("a failure met while closing is not raised, or comes back") {
    std::string in = before("exe.arm64"), got;
    int thrown = 0;
    Thrower sink{&got, in.size() - 1, &thrown};
    RewriteFilter rewrite(rules());
    auto run = [&] {
        rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size()));
        io::close(rewrite, sink, std::ios_base::out);
    };
    CHECK_THROWS_AS(run(), DiskFull);
    CHECK(got.size() < in.size());
    io::close(rewrite, sink, std::ios_base::out);
    got.clear();
    run();
    CHECK(same(got, after("exe.arm64")));
}

TEST_CASE("a refused image throws before the rest was read, or something is written behind it") {
    std::string in = broken().append(before("exe.arm64")), got;
    Taker sink{&got};
    RewriteFilter rewrite(rules());
    rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size()));
    std::size_t written = got.size();
    CHECK(written < in.size());
    rewrite.write(sink, "more", 4);
    CHECK(rewrite.report() == reseal::Report{});
    CHECK_THROWS_AS(io::close(rewrite, sink, std::ios_base::out), reseal::Error);
    CHECK(got.size() == written);
    CHECK(rewrite.report().bytes_in == in.size() + 4);
    CHECK(rewrite.report().entries.at(0).status == reseal::EntryStatus::refused);
    got.clear();
    std::string good = before("exe.arm64");
    rewrite.write(sink, good.data(), static_cast<std::streamsize>(good.size()));
    io::close(rewrite, sink, std::ios_base::out);
    CHECK(same(got, after("exe.arm64")));
    CHECK(rewrite.report().findings.empty());
}

TEST_CASE("a refused image is lost between a chain's sync() and close()") {
    std::string got;
    RewriteFilter rewrite(rules());
    io::filtering_ostream stream;
    stream.push(rewrite);
    stream.push(Taker{&got});
    stream << broken();
    CHECK_THROWS_AS(io::close(stream), reseal::Error);
    CHECK(rewrite.report().findings.size() == 1);
}

}  // namespace reseal::failure_test
