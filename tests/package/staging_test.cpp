// SPDX-License-Identifier: BSL-1.0
#include "package/staging.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <reseal/error.hpp>

#include "fs/folder.hpp"
#include "fs/write_all.hpp"
#include "package/crew.hpp"
#include "package/merge.hpp"

namespace reseal::staging_test {
using namespace package;
using support::Folder;
namespace stdfs = std::filesystem;

namespace {

void put(Staging& staging, const std::string& path, const std::string& bytes, unsigned mode = 0644) {
    const auto [folder, name] = staging.place(path);
    const fs::Descriptor file = staging.create(folder, name, path, mode);
    fs::write_all(file.get(), bytes, path);
    staging.finish(file, mode, Time{1000000000, 5}, path);
}

template <class Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::io);
        return error.what();
    }
    return "";
}

mode_t mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

Entry folder(std::string path, unsigned mode) {
    Entry out;
    out.path = std::move(path);
    out.type = EntryType::folder;
    out.mode = mode;
    out.modified = Time{900000000, 0};
    return out;
}

Entry link(std::string path) {
    Entry out;
    out.path = std::move(path);
    out.type = EntryType::symlink;
    return out;
}

}  // namespace

TEST_CASE("a tree is seen before it is complete, or left behind") {
    const Folder here;
    {
        Staging staging(here / "env", false);
        put(staging, "lib/x", "x");
        CHECK(here.names().size() == 1);
        CHECK_FALSE(here.names().contains("env"));
    }
    CHECK(here.names().empty());
    {
        Staging staging(here / "env", false);
        put(staging, "lib/x", "x", 0640);
        staging.hard_link("lib/y", "lib/x");
        staging.symlink(link("bin/s"), "../lib/x");
        staging.note_folder(folder("lib", 0555));
        staging.publish();
    }
    CHECK(here.names() == std::set<std::string>{"env"});
    CHECK(here.read("env/lib/y") == "x");
    CHECK(stdfs::read_symlink(here / "env/bin/s") == "../lib/x");
    CHECK(mode_of(here / "env/lib/x") == 0640);
    CHECK(mode_of(here / "env/lib") == 0555);
    CHECK(mode_of(here / "env") != 0700);
    struct stat status{};
    REQUIRE(::stat((here / "env/lib/x").c_str(), &status) == 0);
    CHECK(status.st_mtime == 1000000000);
    REQUIRE(::stat((here / "env/lib").c_str(), &status) == 0);
    CHECK(status.st_mtime == 900000000);
    ::chmod((here / "env/lib").c_str(), 0755);
}

TEST_CASE("what was at the destination is lost") {
    const Folder here;
    here.write("file", "mine");
    stdfs::create_directory(here / "full");
    here.write("full/mine", "mine");
    stdfs::create_symlink("nowhere", here / "dangling");
    CHECK(refusal([&] { Staging(here / "file", true); }).find("cannot create") != std::string::npos);
    CHECK(refusal([&] { Staging(here / "dangling", true); }).find("a symbolic link") != std::string::npos);
    CHECK(refusal([&] { Staging(here / "full", false); }).find("the folder is not empty") != std::string::npos);
    CHECK(here.names() == std::set<std::string>{"dangling", "file", "full"});
    CHECK(refusal([&] {
              Staging staging(here / "late", false);
              put(staging, "x", "x");
              here.write("late", "mine");
              staging.publish();
          }) != "");
    CHECK(here.read("late") == "mine");
}

TEST_CASE("a merge overwrites, writes through a link or stops half-way") {
    const Folder here;
    stdfs::create_directories(here / "env/lib");
    stdfs::create_directory(here / "elsewhere");
    here.write("env/lib/mine", "mine");
    stdfs::create_symlink(here / "elsewhere", here / "env/out");
    {
        Staging staging(here / "env", true);
        put(staging, "bin/new", "new");
        put(staging, "lib/mine", "theirs");
        put(staging, "out/x", "theirs");
        const std::string why = refusal([&] { staging.publish(); });
        CHECK(why == here / "env: there already: lib/mine, out");
    }
    CHECK(here.read("env/lib/mine") == "mine");
    CHECK_FALSE(stdfs::exists(here / "env/bin"));
    CHECK(stdfs::is_empty(here / "elsewhere"));
    {
        Staging staging(here / "env", true);
        put(staging, "bin/new", "new");
        put(staging, "lib/theirs", "theirs");
        staging.note_folder(folder("lib", 0700));
        staging.note_folder(folder("bin", 0555));
        staging.publish();
    }
    CHECK(here.read("env/lib/mine") == "mine");
    CHECK(here.read("env/lib/theirs") == "theirs");
    CHECK(here.read("env/bin/new") == "new");
    CHECK(mode_of(here / "env/bin") == 0555);
    CHECK(mode_of(here / "env/lib") != 0700);
    CHECK(std::distance(stdfs::directory_iterator(here / "env"), {}) == 3);
    ::chmod((here / "env/bin").c_str(), 0755);
}

TEST_CASE("the file that tells of the others comes behind them, or stays when they are taken back") {
    const Folder here;
    stdfs::create_directories(here / "env/meta");
    const std::string first = "meta/memory";
    here.write("env/meta/memory", "old");
    const auto lay_down = [&](Staging& staging) {
        put(staging, "a", "new");
        put(staging, first, "new");
        put(staging, "meta/z", "new");
    };
    {
        Staging staging(here / "env", true);
        lay_down(staging);
        Merge merge(staging.folder({})->get(), here / "env", first);
        here.write("env/meta/z", "mine");
        CHECK(refusal([&] { merge.apply(); }) == here / "env/meta/z: cannot create: File exists");
    }
    CHECK(here.read("env/meta/memory") == "old");
    CHECK(here.read("env/meta/z") == "mine");
    CHECK_FALSE(stdfs::exists(here / "env/a"));
    stdfs::remove(here / "env/meta/z");
    {
        Staging staging(here / "env", true);
        lay_down(staging);
        CHECK(refusal([&] { staging.publish(); }) == here / "env: there already: meta/memory");
        staging.publish(first);
    }
    CHECK(here.read("env/meta/memory") == "new");
    CHECK(here.read("env/meta/z") == "new");
    stdfs::create_directories(here / "other");
    {
        Staging staging(here / "other", true);
        lay_down(staging);
        Merge merge(staging.folder({})->get(), here / "other", first);
        stdfs::create_directory(here / "other/meta");
        CHECK(refusal([&] { merge.apply(); }) == here / "other/meta: cannot create: File exists");
        CHECK_FALSE(stdfs::exists(here / "other/a"));
    }
}

TEST_CASE("permissions are those of the umask, not of the archive") {
    const Folder here;
    const mode_t mask = ::umask(0);
    for (const mode_t each : {0022u, 0077u, 0777u}) {
        ::umask(each);
        Staging staging(here / "env", false);
        put(staging, "open", "x", 0666);
        put(staging, "closed", "x", 0400);
        put(staging, "none", "x", 0);
        CHECK(mode_of(staging.tree() + "/open") == 0666);
        CHECK(mode_of(staging.tree() + "/closed") == 0400);
        CHECK(mode_of(staging.tree() + "/none") == 0);
    }
    ::umask(mask);
}

TEST_CASE("a path below a link is opened") {
    const Folder here;
    Staging staging(here / "env", false);
    staging.symlink(link("out"), here.path());
    CHECK(refusal([&] { put(staging, "out/x", "x"); }) == here / "env/out: cannot open the folder: Not a directory");
    CHECK(refusal([&] { put(staging, "out", "x"); }) == here / "env/out: cannot create: File exists");
    CHECK(refusal([&] { staging.open(staging.folder({}), "out", "out"); }).find("cannot open") != std::string::npos);
}

TEST_CASE("files come out changed, in part or never") {
    std::mutex mutex;
    std::map<std::string, std::string> done;
    Crew crew(3, [&](const FileTask& task, Crew::Contents& contents) {
        std::string all;
        for (std::string_view part = contents.read(); !part.empty(); part = contents.read()) all += part;
        const std::lock_guard lock(mutex);
        done[task.name] = all;
    });
    std::map<std::string, std::string> expected;
    for (std::size_t i = 0; i < 40; ++i) {
        std::string bytes(i % 10 == 9 ? std::size_t{3} << 20 : i * 1000, static_cast<char>('a' + i % 26));
        crew.begin({i, {}, nullptr, std::to_string(i)});
        for (std::size_t at = 0; at < bytes.size(); at += 100000) crew.write(std::string_view(bytes).substr(at, 100000));
        crew.end();
        expected[std::to_string(i)] = std::move(bytes);
    }
    crew.wait();
    CHECK(done == expected);
}

TEST_CASE("a writer that fails leaves the reader waiting") {
    Crew crew(2, [](const FileTask& task, Crew::Contents& contents) {
        if (task.number == 3) throw Error(ErrorCode::io, "full", task.name);
        while (!contents.read().empty()) continue;
    });
    const std::string megabyte(std::size_t{1} << 20, 'x');
    CHECK_THROWS_WITH_AS(
        [&] {
            for (std::size_t i = 0; i < 100; ++i) {
                crew.begin({i, {}, nullptr, "f" + std::to_string(i)});
                for (int part = 0; part < 3; ++part) crew.write(megabyte);
                crew.end();
            }
            crew.wait();
        }(),
        "f3: full", Error);
}

}  // namespace reseal::staging_test
