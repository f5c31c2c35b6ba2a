// SPDX-License-Identifier: BSL-1.0
#include "fs/absolute_path.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"

namespace reseal::absolute_path_test {
using fs::absolute_path;
using support::Folder;

TEST_CASE("a folder above a link is taken for the one above where it leads, or a path to nothing for an error") {
    const Folder folder;
    const std::string real = std::filesystem::canonical(folder.path()).string();
    std::filesystem::create_directories(folder / "deep/er");
    std::filesystem::create_directory_symlink(folder / "deep/er", folder / "link");
    CHECK(absolute_path(real + "/link/../new") == real + "/deep/new");
    CHECK(absolute_path(real + "/link/../new//") == real + "/deep/new");
    CHECK(absolute_path(real + "/link/..") == real + "/deep");
    CHECK(absolute_path(real + "//link/.//new/") == real + "/link/new");
    CHECK(absolute_path("/../new-and-nowhere") == "/new-and-nowhere");
    CHECK(absolute_path("/") == "/");
    CHECK_THROWS_AS(absolute_path(real + "/gone/../new"), reseal::Error);
    CHECK_THROWS_AS(absolute_path(real + "/gone/.."), reseal::Error);
}

}  // namespace reseal::absolute_path_test
