// SPDX-License-Identifier: BSL-1.0
#include "fs/file_source.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <limits>
#include <reseal/error.hpp>

#include "fs/folder.hpp"

namespace reseal::file_source_test {
using fs::FileSource;
using support::Folder;

namespace {

std::string read(const Source& source, std::uint64_t offset, std::size_t count) {
    std::string out(count, '?');
    out.resize(source.read_at(offset, out.data(), count));
    return out;
}

}  // namespace

TEST_CASE("a file source reads at any offset, and less only at the end") {
    Folder folder;
    FileSource source = FileSource::open(folder.write("x", "0123456789"));
    CHECK(source.size() == 10);
    CHECK(read(source, 0, 10) == "0123456789");
    CHECK(read(source, 3, 4) == "3456");
    CHECK(read(source, 8, 100) == "89");
    CHECK(read(source, 10, 1) == "");
    CHECK(read(source, 5, 0) == "");
}

TEST_CASE("an offset no file can have is behind the end") {
    Folder folder;
    FileSource source = FileSource::open(folder.write("x", "0123456789"));
    CHECK(read(source, std::numeric_limits<std::uint64_t>::max(), 8) == "");
    CHECK(read(source, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()), 8) == "");
}

TEST_CASE("a file that is cut short meanwhile is a short read") {
    Folder folder;
    FileSource source = FileSource::open(folder.write("x", "0123456789"));
    REQUIRE(::truncate((folder / "x").c_str(), 4) == 0);
    CHECK(source.size() == 10);
    CHECK(read(source, 2, 8) == "23");
}

TEST_CASE("sharing does not move the stream somebody else reads") {
    Folder folder;
    fs::Descriptor fd(::open(folder.write("x", "0123456789").c_str(), O_RDONLY));
    FileSource source = FileSource::share(fd.get(), "x");
    CHECK(read(source, 5, 5) == "56789");
    CHECK(::lseek(fd.get(), 0, SEEK_CUR) == 0);
}

TEST_CASE("what cannot be read at an offset is refused") {
    Folder folder;
    CHECK_THROWS_WITH_AS(FileSource::open(folder.path()), (folder.path() + ": cannot read: Is a directory").c_str(), Error);
    CHECK_THROWS_WITH_AS(FileSource::open(folder / "no"), (folder / "no: cannot open: No such file or directory").c_str(),
                         Error);
    std::array<int, 2> ends;
    REQUIRE(::pipe(ends.data()) == 0);
    fs::Descriptor reader(ends[0]);
    fs::Descriptor writer(ends[1]);
    CHECK_THROWS_AS(FileSource::share(reader.get(), "pipe"), Error);
}

}  // namespace reseal::file_source_test
