// SPDX-License-Identifier: BSL-1.0
// Boost's destructors flush and close a chain while an exception unwinds the stack, as if the output was complete.
#include <doctest/doctest.h>
#include <boost/iostreams/close.hpp>
#include <boost/iostreams/compose.hpp>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <reseal/filter.hpp>
#include <stdexcept>

#include "filter/data.hpp"
#include "filter/devices.hpp"

namespace reseal::unwinding_test {
namespace io = boost::iostreams;
using namespace filter_tests;

namespace {
struct Unrelated : std::runtime_error {
    Unrelated() : std::runtime_error("the producer gave up") {}
};
}  // namespace

TEST_CASE("an unrelated exception unwinds past the stream: the half job is finished") {
    std::string in = before("exe.arm64"), out;
    RewriteFilter rewrite(rules());
    auto produce = [&] {
        io::filtering_ostream stream;
        stream.push(rewrite);
        stream.push(Taker{&out});
        stream << in.substr(0, 20'000);
        throw Unrelated();
    };
    CHECK_THROWS_AS(produce(), Unrelated);
    CHECK(out.size() < 20'000);  // what is held back stays so
    CHECK(rewrite.report() == reseal::Report{});
    io::copy(Giver{&in}, io::compose(rewrite, io::back_inserter(out = "")));
    CHECK(same(out, after("exe.arm64")));  // and the next job is not the rest of it
}

TEST_CASE("a stream whose destructor is the first to flush finishes the half job") {
    std::string out;
    RewriteFilter rewrite(reseal::Rules({{"0123456789", "abcdefghij"}}));
    auto produce = [&] {
        io::filtering_ostream stream;
        stream.push(rewrite);
        stream.push(Taker{&out});
        stream << "012";  // still in the stream's buffer when the stack unwinds
        throw Unrelated();
    };
    CHECK_THROWS_AS(produce(), Unrelated);
    CHECK(out == "");
    CHECK(rewrite.report() == reseal::Report{});
}

TEST_CASE("a refused image throws from a destructor that unwinds") {
    auto produce = [&] {
        std::string out;
        io::filtering_ostream stream(RewriteFilter(rules()) | Taker{&out});
        stream << broken() << std::flush;
        throw Unrelated();
    };
    CHECK_THROWS_AS(produce(), Unrelated);
}

TEST_CASE("a job done as a whole while the stack unwinds is dropped") {
    std::string out;
    struct Writer {
        std::string& out;
        ~Writer() { io::copy(Giver{&in}, io::compose(RewriteFilter(rules()), io::back_inserter(out))); }
        std::string in = before("exe.arm64");
    };
    auto produce = [&] {
        Writer writer{out};
        throw Unrelated();
    };
    CHECK_THROWS_AS(produce(), Unrelated);
    CHECK(same(out, after("exe.arm64")));
}

TEST_CASE("a filter made while the stack unwinds drops nothing later on") {
    std::string in = before("exe.arm64"), out;
    std::optional<RewriteFilter> rewrite;
    struct Maker {
        std::optional<RewriteFilter>& filter;
        ~Maker() { filter.emplace(rules()); }
    };
    auto make = [&] {
        Maker maker{rewrite};
        throw Unrelated();
    };
    CHECK_THROWS_AS(make(), Unrelated);
    auto produce = [&] {
        io::filtering_ostream stream;
        stream.push(*rewrite);
        stream.push(Taker{&out});
        stream << in.substr(0, 20'000) << std::flush;
        throw Unrelated();
    };
    CHECK_THROWS_AS(produce(), Unrelated);
    CHECK(out.size() < 20'000);
}

TEST_CASE("a reader that gives up while the stack unwinds leaves its failure to the next sequence") {
    std::string in = broken(), good = before("exe.arm64");
    RewriteFilter rewrite(rules());
    auto consume = [&] {
        io::filtering_istream stream;
        stream.push(rewrite);
        stream.push(Giver{&in});
        stream.exceptions(std::ios::badbit);
        std::string all(in.size(), '\0');
        stream.read(all.data(), static_cast<std::streamsize>(all.size()));
    };
    CHECK_THROWS_AS(consume(), reseal::Error);
    std::string out;
    io::copy(io::compose(rewrite, Giver{&good}), io::back_inserter(out));
    CHECK(same(out, after("exe.arm64")));
}

TEST_CASE("close() raises in a destructor that runs because the stack unwinds") {
    struct Closer {
        RewriteFilter& filter;
        Giver& giver;
        Taker& sink;
        int& raised;
        ~Closer() {
            for (std::ios_base::openmode which : {std::ios_base::in, std::ios_base::out}) {
                try {
                    if (which == std::ios_base::in) io::close(filter, giver, which);
                    else io::close(filter, sink, which);
                } catch (const reseal::Error&) {
                    ++raised;
                }
            }
        }
    };
    std::string in = broken(), out;
    Giver giver{&in};
    Taker sink{&out};
    RewriteFilter rewrite(rules());
    int raised = 0;
    auto read_all = [&] {
        Closer closer{rewrite, giver, sink, raised};
        std::string buffer(4096, '\0');
        while (rewrite.read(giver, buffer.data(), 4096) >= 0) {
        }
    };
    CHECK_THROWS_AS(read_all(), reseal::Error);
    auto write_all = [&] {
        Closer closer{rewrite, giver, sink, raised};
        rewrite.write(sink, in.data(), static_cast<std::streamsize>(in.size()));
        throw Unrelated();
    };
    CHECK_THROWS_AS(write_all(), Unrelated);
    CHECK(raised == 0);
}

}  // namespace reseal::unwinding_test
