// SPDX-License-Identifier: BSL-1.0
#include "fs/entries.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/folder.hpp"
#include "fs/temporary_file.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::entries_test {
using support::Folder;

namespace {

std::vector<std::string> names_of(const fs::DiskEntries& listed) {
    std::vector<std::string> out;
    for (const fs::DiskEntry& each : listed.entries) out.push_back(each.name);
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("links below are followed, or what is neither file nor link is listed") {
    const Folder folder;
    for (const char* sub : {"b", "b/deep", "b.d"}) std::filesystem::create_directory(folder / sub);
    for (const char* file : {"b/deep/x", "b.d/z", "a", "\xff"}) folder.write(file, "12");
    std::filesystem::create_symlink("b", folder / "link");
    std::filesystem::create_symlink("nowhere", folder / "b/gone");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    const fs::DiskEntries listed = fs::list_entries({folder.path()});
    CHECK(names_of(listed) == Names{"a", "b/deep/x", "b/gone", "b.d/z", "link", "\xff"});
    CHECK(listed.entries[0].path == (folder / "a"));
    CHECK(listed.entries[0].size == 2);
    CHECK(listed.entries[2].type == fs::DiskEntry::Type::symlink);
    CHECK(listed.unreadable.empty());
}

TEST_CASE("what two of the paths lead to is listed twice") {
    const Folder folder;
    std::filesystem::create_directory(folder / "b");
    folder.write("b/x", "");
    folder.write("a", "");
    std::filesystem::create_symlink(folder.path(), folder / "b/up");
    std::filesystem::create_symlink("b", folder / "link");
    const std::string& root = folder.path();
    CHECK(names_of(fs::list_entries({root, root})) == Names{"a", "b/up", "b/x", "link"});
    CHECK(names_of(fs::list_entries({root, root + "/b", root + "/b/x", root + "/link/"})) == Names{"a", "b/up", "b/x", "link"});
    CHECK(names_of(fs::list_entries({root + "/b/x", root + "/link/x", root + "/b/../b/x"})) == Names{"x"});
    CHECK(names_of(fs::list_entries({root + "/link"})) == Names{"up", "x"});
    CHECK_THROWS_AS(fs::list_entries({root + "/none"}), Error);
    CHECK_THROWS_AS(fs::list_entries({"/dev/null"}), Error);
}

TEST_CASE("a link that leads nowhere, given as a path, is taken for an error") {
    const Folder folder;
    std::filesystem::create_directory(folder / "b");
    std::filesystem::create_symlink("/no/such/place", folder / "b/link");
    const std::string link = folder.path() + "/b/link";
    const fs::DiskEntries listed = fs::list_entries({link, link});
    CHECK(names_of(listed) == Names{"link"});
    CHECK(listed.entries[0].type == fs::DiskEntry::Type::symlink);
    CHECK(names_of(fs::list_entries({link, folder.path()})) == Names{"b/link"});
    CHECK_THROWS_AS(fs::list_entries({link + "/"}), Error);
}

TEST_CASE("a temporary file whose owner lives is removed, or one whose owner does not stays") {
    const Folder folder;
    const fs::TemporaryFile alive(folder.path(), 0600, "x");
    const std::string dead = fs::temporary_name(), link = fs::temporary_name();
    folder.write(dead, "half");
    std::filesystem::create_symlink("somewhere", folder / link);
    const fs::DiskEntries listed = fs::list_entries({folder.path()});
    CHECK(listed.entries.empty());
    REQUIRE(listed.abandoned.size() == 3);
    for (const std::string& each : listed.abandoned) fs::remove_abandoned(each);
    CHECK(folder.names().size() == 1);
    CHECK(!folder.names().contains(dead));
    CHECK(!folder.names().contains(link));
}

}  // namespace reseal::entries_test
