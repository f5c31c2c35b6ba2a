// SPDX-License-Identifier: BSL-1.0
#include "fs/read_whole.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"

namespace reseal::read_whole_test {
using support::Folder;

namespace {

std::string said_of(const std::string& path, std::size_t most = 100) {
    try {
        return fs::read_regular(path, most);
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("a pipe in the place of a file is waited for") {
    const Folder folder;
    const std::string pipe = folder / "pipe", link = folder / "link";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    REQUIRE(::symlink("pipe", link.c_str()) == 0);
    for (const std::string& each : {pipe, link, folder.path(), std::string("/dev/null")})
        CHECK(said_of(each) == each + ": is no regular file");
    CHECK(said_of(folder / "none").starts_with(folder / "none: cannot open"));
}

TEST_CASE("a file is cut, or larger than it may be") {
    const Folder folder;
    const std::string file = folder.write("x", std::string(100, 'x')), link = folder / "link";
    REQUIRE(::symlink("x", link.c_str()) == 0);
    CHECK(said_of(file) == std::string(100, 'x'));
    CHECK(said_of(link) == std::string(100, 'x'));
    CHECK(said_of(file, 99) == file + ": more than 99 bytes");
    CHECK(said_of(folder.write("empty", "")) == "");
}

}  // namespace reseal::read_whole_test
