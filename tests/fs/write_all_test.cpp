// SPDX-License-Identifier: BSL-1.0
#include "fs/write_all.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <reseal/error.hpp>
#include <thread>

#include "fs/descriptor.hpp"

namespace reseal::write_all_test {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends;
        REQUIRE(::pipe(ends.data()) == 0);
        reader = fs::Descriptor(ends[0]);
        writer = fs::Descriptor(ends[1]);
    }
    fs::Descriptor reader;
    fs::Descriptor writer;
};

}  // namespace

TEST_CASE("a pipe that takes little at a time, and one that is non-blocking, get everything") {
    for (bool blocking : {true, false}) {
        Pipe pipe;
        if (!blocking) REQUIRE(::fcntl(pipe.writer.get(), F_SETFL, O_NONBLOCK) == 0);
        std::string first(300'000, 'a');
        std::string second(500'000, 'b');
        std::string got;
        std::thread reader([&] {
            std::array<char, 1000> part;
            for (ssize_t count; (count = ::read(pipe.reader.get(), part.data(), part.size())) > 0;)
                got.append(part.data(), static_cast<std::size_t>(count));
        });
        fs::write_all(pipe.writer.get(), first, second, "pipe");
        CHECK(pipe.writer.close());
        reader.join();
        CHECK((got == first + second));
    }
}

TEST_CASE("nothing is written for nothing") { CHECK_NOTHROW(fs::write_all(-1, "", "", "closed")); }

TEST_CASE("a failed write says of which file and why") {
    CHECK_THROWS_WITH_AS(fs::write_all(-1, "x", "out"), "out: cannot write: Bad file descriptor", Error);
    Pipe pipe;
    CHECK(pipe.reader.close());
    auto before = std::signal(SIGPIPE, SIG_IGN);
    CHECK_THROWS_WITH_AS(fs::write_all(pipe.writer.get(), "x", "out"), "out: cannot write: Broken pipe", Error);
    std::signal(SIGPIPE, before);
}

}  // namespace reseal::write_all_test
