// SPDX-License-Identifier: BSL-1.0
// Merges that end between two renames.
#ifdef __linux__
#include <doctest/doctest.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <reseal/error.hpp>
#include <string>
#include <vector>

#include "fs/folder.hpp"
#include "fs/write_all.hpp"
#include "package/staging.hpp"

namespace {

int renames_left = -1;  // until they fail; -1: they do not
std::vector<std::string> renamed;

}  // namespace

// In place of that of the C library, in this program.
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept(noexcept(::renameat2(0, "", 0, "", 0))) {
    if (renames_left == 0) {
        errno = ENOSPC;
        return -1;
    }
    if (renames_left > 0) --renames_left;
    renamed.emplace_back(to);
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

namespace reseal::merge_failure_test {
using namespace package;
using support::Folder;
namespace stdfs = std::filesystem;

namespace {

const std::string memory = "meta/memory";

void put(Staging& staging, const std::string& path, const std::string& bytes) {
    const auto [folder, name] = staging.place(path);
    const fs::Descriptor file = staging.create(folder, name, path, 0644);
    fs::write_all(file.get(), bytes, path);
    staging.finish(file, 0644, {}, path);
}

/// "" when nothing failed.
std::string merge(const std::string& to, int renames) {
    Staging staging(to, true);
    for (const char* name : {"bin/a", "lib/b", "lib/c", "meta/record", "share/deep/d", "e"}) put(staging, name, name);
    put(staging, memory, "new");
    renames_left = renames;
    renamed.clear();
    std::string why;
    try {
        staging.publish(memory);
    } catch (const Error& error) {
        why = error.what();
    }
    renames_left = -1;
    return why;
}

std::map<std::string, std::string> contents(const Folder& here, const std::string& name) {
    std::map<std::string, std::string> out;
    for (const auto& each : stdfs::recursive_directory_iterator(here / name)) {
        const std::string path = each.path().string().substr(here.path().size() + 1);
        out[path.substr(name.size() + 1)] = each.is_directory() ? "a folder" : here.read(path);
    }
    return out;
}

void make_other(const Folder& here, bool remembers) {
    stdfs::remove_all(here / "env");
    stdfs::create_directories(here / "env/lib");
    here.write("env/lib/mine", "mine");
    if (!remembers) return;
    stdfs::create_directories(here / "env/meta");
    here.write("env/meta/memory", "old");
}

}  // namespace

TEST_CASE("files are there that the memory does not name, or a record without its files") {
    const Folder here;
    for (const bool remembers : {false, true}) {
        make_other(here, remembers);
        REQUIRE(merge(here / "env", -1).empty());
        if (!remembers) REQUIRE(renamed.front() == "memory");
        CHECK(renamed.back() == "record");
        CHECK(std::count(renamed.begin(), renamed.end(), "memory") == (remembers ? 0 : 1));
    }
}

TEST_CASE("what a merge cannot take back is told of by nobody, and stands in its own way") {
    const Folder here;
    for (const bool remembers : {false, true}) {
        make_other(here, remembers);
        REQUIRE(merge(here / "env", -1).empty());
        const auto whole = contents(here, "env");
        const int all = static_cast<int>(renamed.size());
        for (int done = 0; done < all; ++done) {
            CAPTURE(done);
            make_other(here, remembers);
            const std::string why = merge(here / "env", done);  // as if it were killed: nothing goes back either
            const auto left = contents(here, "env");
            bool stayed = false;
            for (const auto& [path, bytes] : left)
                if (bytes == path) {
                    stayed = true;
                    CHECK(left.at(memory) == "new");
                }
            const bool told = why.find("cannot be taken back") != std::string::npos;
            CHECK(why.find("No space left") != std::string::npos);
            CHECK(told == (done > 0));
            if (remembers && !stayed) CHECK(left.at(memory) == "old");
            CHECK(merge(here / "env", -1) == "");
            CHECK(contents(here, "env") == whole);
        }
    }
}

TEST_CASE("something else is taken for the same") {
    const Folder here;
    const auto refuses = [&](const std::string& name) {
        return merge(here / "env", -1) == here / "env: there already: " + name;
    };
    make_other(here, false);
    here.write("env/e", "f");
    CHECK(refuses("e"));
    here.write("env/e", "e ");
    CHECK(refuses("e"));
    here.write("env/e", "e");
    stdfs::permissions(here / "env/e", stdfs::perms::owner_read);
    CHECK(refuses("e"));
    stdfs::remove(here / "env/e");
    stdfs::create_symlink("lib/mine", here / "env/e");
    CHECK(refuses("e"));
    stdfs::remove(here / "env/e");
    REQUIRE(::mkfifo((here / "env/e").c_str(), 0644) == 0);
    CHECK(refuses("e"));
}

}  // namespace reseal::merge_failure_test
#endif
