// SPDX-License-Identifier: BSL-1.0
#include "fs/tree.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "fs/folder.hpp"

namespace reseal::tree_test {
using support::Folder;

TEST_CASE("a tree is listed in the order of its bytes, regular files only, links not followed") {
    Folder folder;
    for (const char* sub : {"b", "b/deep", "b.d", "empty"}) std::filesystem::create_directory(folder / sub);
    for (const char* file : {"b/deep/x", "b/y", "b.d/z", "a", "c", "\xff"}) folder.write(file, "");
    std::filesystem::create_symlink("b", folder / "link-to-folder");
    std::filesystem::create_symlink("a", folder / "link-to-file");
    std::filesystem::create_symlink("..", folder / "b/up");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);

    std::vector<std::string> expected;
    for (const char* file : {"a", "b/deep/x", "b/y", "b.d/z", "c", "\xff"}) expected.push_back(folder / file);
    fs::Tree tree = fs::list_tree(folder.path());
    CHECK(tree.files == expected);
    CHECK(tree.unreadable.empty());
    CHECK(fs::list_tree(folder.path() + "/").files == expected);
}

TEST_CASE("a folder that cannot be listed is reported") {
    Folder folder;
    fs::Tree tree = fs::list_tree(folder / "no");
    CHECK(tree.files.empty());
    REQUIRE(tree.unreadable.size() == 1);
    CHECK(std::string(tree.unreadable[0].what()) == (folder / "no: cannot list: No such file or directory"));
}

TEST_CASE("kinds, links followed") {
    Folder folder;
    folder.write("file", "");
    std::filesystem::create_symlink("file", folder / "link");
    CHECK(fs::kind_of(folder / "file") == fs::Kind::regular);
    CHECK(fs::kind_of(folder / "link") == fs::Kind::regular);
    CHECK(fs::kind_of(folder.path()) == fs::Kind::folder);
    CHECK(fs::kind_of("/dev/null") == fs::Kind::other);
    CHECK_THROWS_AS(fs::kind_of(folder / "no"), Error);
}

}  // namespace reseal::tree_test
