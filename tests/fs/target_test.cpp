// SPDX-License-Identifier: BSL-1.0
#include "fs/target.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"

namespace reseal::target_test {
using fs::find_target;
using fs::Target;
using support::Folder;

namespace {

void check_replaced(const std::string& path, const std::string& folder, const std::string& name) {
    Target target = find_target(path);
    CHECK(target.folder == folder);
    CHECK(target.name == name);
    CHECK(!target.straight);
}

}  // namespace

TEST_CASE("a regular file and a new one are replaced in their folder") {
    Folder folder;
    folder.write("old", "");
    check_replaced(folder / "old", folder.path(), "old");
    check_replaced(folder / "new", folder.path(), "new");
    check_replaced("new-in-the-current-folder", ".", "new-in-the-current-folder");
    check_replaced("/new-in-the-root", "/", "new-in-the-root");
}

TEST_CASE("links are followed to what they lead to, relative ones from where they are") {
    Folder folder;
    std::filesystem::create_directory(folder / "deep");
    folder.write("deep/old", "");
    std::filesystem::create_symlink("old", folder / "deep/link");
    std::filesystem::create_symlink("deep/link", folder / "link");
    std::filesystem::create_symlink(folder / "deep/new", folder / "absolute");
    check_replaced(folder / "link", folder / "deep", "old");
    check_replaced(folder / "absolute", folder / "deep", "new");
}

TEST_CASE("links that lead in a circle") {
    Folder folder;
    std::filesystem::create_symlink("b", folder / "a");
    std::filesystem::create_symlink("a", folder / "b");
    CHECK_THROWS_AS(find_target(folder / "a"), Error);
}

TEST_CASE("forty links are fine, forty-one are not") {
    Folder folder;
    folder.write("0", "");
    for (int i = 1; i <= 41; ++i) std::filesystem::create_symlink(std::to_string(i - 1), folder / std::to_string(i));
    check_replaced(folder / "40", folder.path(), "0");
    CHECK_THROWS_AS(find_target(folder / "41"), Error);
}

TEST_CASE("what is no regular file is opened") {
    Target null = find_target("/dev/null");
    CHECK(null.straight);
    CHECK(null.name == "");
}

TEST_CASE("a descriptor of ours is duplicated, not opened again from its first byte") {
    Folder folder;
    fs::Descriptor file(::open(folder.write("x", "0123").c_str(), O_RDWR));
    REQUIRE(::lseek(file.get(), 0, SEEK_END) == 4);
    for (const char* kind : {"/dev/fd/", "/proc/self/fd/"}) {
        Target target = find_target(kind + std::to_string(file.get()));
        REQUIRE(target.straight);
        CHECK(::lseek(target.straight.get(), 0, SEEK_CUR) == 4);
    }
    CHECK_THROWS_AS(find_target("/dev/fd/99999"), Error);
}

TEST_CASE("folders cannot be written") {
    Folder folder;
    CHECK_THROWS_WITH_AS(find_target(folder.path()), (folder.path() + ": cannot write: Is a directory").c_str(), Error);
    CHECK_THROWS_AS(find_target(folder / "new/"), Error);
    CHECK_THROWS_AS(find_target(""), Error);
    folder.write("file", "");
    CHECK_THROWS_AS(find_target(folder / "file/x"), Error);
}

}  // namespace reseal::target_test
