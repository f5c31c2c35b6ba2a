// SPDX-License-Identifier: BSL-1.0
#include "fs/input_kind.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/descriptor.hpp"
#include "fs/folder.hpp"

namespace reseal::input_kind_test {
using support::Folder;

TEST_CASE("a pipe is read where it was handed over, and an error where it lies about") {
    Folder folder;
    folder.write("file", "");
    const std::string pipe = folder / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_symlink("pipe", folder / "link");
    CHECK(fs::kind_of_input("-") == fs::Kind::other);
    CHECK(fs::kind_of_input(folder / "file") == fs::Kind::regular);
    CHECK(fs::kind_of_input(folder.path()) == fs::Kind::folder);
    CHECK_THROWS_WITH_AS(fs::kind_of_input(pipe),
                         (pipe + ": is a pipe, neither a file nor a folder; give it as standard input: -").c_str(), Error);
    CHECK_THROWS_AS(fs::kind_of_input(folder / "link"), Error);
    CHECK_THROWS_AS(fs::kind_of_input(folder / "no"), Error);
    const fs::Descriptor open(::open(pipe.c_str(), O_RDWR));
    REQUIRE(open);
    CHECK(fs::kind_of_input("/dev/fd/" + std::to_string(open.get())) == fs::Kind::other);
}

TEST_CASE("a device is an error unless it is standard input") {
    CHECK_THROWS_AS(fs::kind_of_input("/dev/zero"), Error);
    const fs::Descriptor open(::open("/dev/zero", O_RDONLY));
    REQUIRE(open);
    CHECK_THROWS_AS(fs::kind_of_input("/dev/fd/" + std::to_string(open.get())), Error);
}

}  // namespace reseal::input_kind_test
