// SPDX-License-Identifier: BSL-1.0
#include "fs/replaced_link.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"
#include "fs/modified.hpp"

namespace reseal::replaced_link_test {
using support::Folder;
using support::status_of;

namespace {

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("a link of any length is read whole, and what is no link is none") {
    const Folder folder;
    for (const std::size_t size : {1u, 255u, 256u, 257u, 1024u, 4000u}) {
        const std::string target(size, 't');
        std::filesystem::create_symlink(target, folder / "link");
        CHECK(fs::read_link(folder / "link") == target);
        std::filesystem::remove(folder / "link");
    }
    folder.write("file", "");
    CHECK_THROWS_AS(fs::read_link(folder / "file"), Error);
    CHECK_THROWS_AS(fs::replace_symlink(folder / "file", "x"), Error);
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("a link that comes to lead elsewhere is written through, or gets another time") {
    const Folder folder;
    folder.write("old", "bytes");
    std::filesystem::create_symlink("old", folder / "link");
    const timespec times[2] = {{.tv_sec = 5, .tv_nsec = 0}, {.tv_sec = 1'000'000'000, .tv_nsec = 7}};
    REQUIRE(::utimensat(AT_FDCWD, (folder / "link").c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
    fs::replace_symlink(folder / "link", "new/place");
    CHECK(fs::read_link(folder / "link") == "new/place");
    CHECK(fs::modified(status_of(folder / "link")).tv_sec == 1'000'000'000);
    CHECK(folder.read("old") == "bytes");
    CHECK(folder.names() == Names{"old", "link"});
}

TEST_CASE("a name that becomes another name of a file loses its place or leaves a temporary one") {
    const Folder folder;
    folder.write("one", "new");
    folder.write("two", "old");
    fs::replace_by_hard_link(folder / "two", folder / "one");
    CHECK(status_of(folder / "two").st_ino == status_of(folder / "one").st_ino);
    fs::replace_by_hard_link(folder / "two", folder / "one");  // is one already
    CHECK(status_of(folder / "one").st_nlink == 2);
    CHECK(folder.names() == Names{"one", "two"});
    CHECK_THROWS_AS(fs::replace_by_hard_link(folder / "two", folder / "none"), Error);
    CHECK(folder.read("two") == "new");
}

}  // namespace reseal::replaced_link_test
