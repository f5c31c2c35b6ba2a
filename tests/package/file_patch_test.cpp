// SPDX-License-Identifier: BSL-1.0
#include "package/file_patch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <reseal/error.hpp>

#include "fs/file_source.hpp"
#include "fs/folder.hpp"

namespace reseal::file_patch_test {
using namespace package;
using support::Folder;

namespace {

struct Open {
    // clang-tidy takes what a constructor in another file sets for not set.
    // NOLINTBEGIN(clang-analyzer-optin.cplusplus.UninitializedObject)
    explicit Open(const std::string& path, int flags = O_RDWR)
        : file(::open(path.c_str(), flags)), now(fs::FileSource::share(file.get(), path)), patch(file, now, path) {}
    // NOLINTEND(clang-analyzer-optin.cplusplus.UninitializedObject)
    fs::Descriptor file;
    fs::FileSource now;
    FilePatch patch;
};

}  // namespace

TEST_CASE("a patch writes what has not changed") {
    const Folder here;
    const std::string before = "abcdefghij";
    here.write("f", before);
    Open open(here / "f");
    const std::string_view all = before;
    open.patch.read(all.substr(0, 6));
    open.patch.write(all.substr(0, 3));   // as it was read
    open.patch.write(std::string("dX"));  // a copy, changed
    open.patch.read(all.substr(6));       // with one byte held back
    open.patch.write(std::string("f"));   // which comes late and as it was
    open.patch.write(all.substr(6, 2));
    open.patch.write(all.substr(8));
    CHECK(here.read("f") == "abcdXfghij");
    CHECK(open.patch.bytes_written() == 2);
}

TEST_CASE("a patch takes bytes of another place for those that stand there") {
    const Folder here;
    const std::string before = "aabb";
    here.write("f", before);
    Open open(here / "f");
    open.patch.read(before);
    open.patch.write(std::string_view(before).substr(2));
    open.patch.write(std::string_view(before).substr(0, 2));
    CHECK(here.read("f") == "bbaa");
}

TEST_CASE("a patch that cannot be written passes for done") {
    const Folder here;
    here.write("f", "abc");
    Open open(here / "f", O_RDONLY);
    open.patch.read("abc");
    CHECK_THROWS_AS(open.patch.write("abd"), Error);
}

}  // namespace reseal::file_patch_test
