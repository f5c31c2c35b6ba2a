// SPDX-License-Identifier: BSL-1.0
#include "fs/output_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"

namespace reseal::output_file_test {
using fs::OutputFile;
using support::Folder;

namespace {

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("without commit there is nothing") {
    Folder folder;
    {
        OutputFile out(folder / "x");
        out.write("abc");
        out.prepare();
        CHECK(folder.names().size() == 1);
        CHECK(!folder.names().contains("x"));
    }
    CHECK(folder.names().empty());
}

TEST_CASE("without commit the old file stays") {
    Folder folder;
    folder.write("x", "old");
    {
        OutputFile out(folder / "x");
        out.write("new");
        CHECK(folder.read("x") == "old");
    }
    CHECK(folder.read("x") == "old");
    CHECK(folder.names() == Names{"x"});
}

TEST_CASE("small and large writes keep their order") {
    Folder folder;
    std::string all;
    OutputFile out(folder / "x");
    for (int round = 0; round < 50; ++round)
        for (unsigned size : {0u, 1u, 7u, 4096u, 65535u, 65536u, 65537u, 300'000u}) {
            std::string bytes(size, static_cast<char>('a' + round % 26));
            out.write(bytes);
            all += bytes;
        }
    out.commit();
    CHECK((folder.read("x") == all));
    CHECK(folder.names() == Names{"x"});
}

TEST_CASE("an empty output is a file too") {
    Folder folder;
    OutputFile(folder / "x").commit();
    CHECK(folder.names() == Names{"x"});
}

TEST_CASE("nobody may read what is to be private before it has its permissions") {
    Folder folder;
    OutputFile out(folder / "x", mode_t{0644});
    struct stat status{};
    REQUIRE(::stat((folder / *folder.names().begin()).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    out.commit();
    REQUIRE(::stat((folder / "x").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0644);
}

TEST_CASE("a folder that took the name meanwhile is an error and leaves nothing else") {
    Folder folder;
    {
        OutputFile out(folder / "x");
        std::filesystem::create_directory(folder / "x");
        CHECK_THROWS_WITH_AS(out.commit(), (folder / "x: cannot rename: Is a directory").c_str(), Error);
    }
    CHECK(folder.names() == Names{"x"});
}

TEST_CASE("a device is written straight through") {
    OutputFile null("/dev/null");
    null.write("abc");
    null.commit();
    OutputFile full("/dev/full");
    full.write("abc");
    CHECK_THROWS_WITH_AS(full.commit(), "/dev/full: cannot write: No space left on device", Error);
}

}  // namespace reseal::output_file_test
