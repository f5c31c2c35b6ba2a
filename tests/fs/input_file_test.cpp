// SPDX-License-Identifier: BSL-1.0
#include "fs/input_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <reseal/error.hpp>
#include <thread>

#include "fs/folder.hpp"

namespace reseal::input_file_test {
using fs::InputFile;
using support::Folder;

namespace {

std::string all_of(InputFile& file) {
    std::string out;
    for (std::string_view bytes = file.read(); !bytes.empty(); bytes = file.read()) {
        CHECK(bytes.size() <= InputFile::piece);
        out += bytes;
    }
    return out;
}

}  // namespace

TEST_CASE("a file is read to its end, in pieces") {
    Folder folder;
    for (std::size_t size :
         {std::size_t{0}, std::size_t{1}, InputFile::piece - 1, InputFile::piece, 3 * InputFile::piece + 1}) {
        std::string bytes(size, 'x');
        InputFile file(folder.write("x", bytes));
        CHECK(file.size() == size);
        CHECK(all_of(file) == bytes);
        CHECK(file.read() == "");
    }
}

TEST_CASE("the permissions an output should have are those of a regular file") {
    Folder folder;
    std::string path = folder.write("x", "");
    REQUIRE(::chmod(path.c_str(), 0751) == 0);
    CHECK(InputFile(path).mode() == mode_t{0751});
    CHECK(!InputFile("/dev/null").mode());
}

TEST_CASE("a FIFO has no size and lends no permissions") {
    Folder folder;
    std::string path = folder / "fifo";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::string bytes(1'000'000, 'x');
    std::thread writer([&] { folder.write("fifo", bytes); });
    InputFile file(path);
    CHECK(!file.size());
    CHECK(!file.mode());
    CHECK(all_of(file) == bytes);
    writer.join();
}

TEST_CASE("what cannot be read is named") {
    Folder folder;
    CHECK_THROWS_WITH_AS(InputFile(folder.path()), (folder.path() + ": cannot read: Is a directory").c_str(), Error);
    CHECK_THROWS_WITH_AS(InputFile(folder / "no"), (folder / "no: cannot open: No such file or directory").c_str(), Error);
}

}  // namespace reseal::input_file_test
