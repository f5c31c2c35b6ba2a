// SPDX-License-Identifier: BSL-1.0
// Unpacking is the reverse of dumping, at a place where there was nothing.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "fs/folder.hpp"
#include "fs/nar_restored.hpp"
#include "support/chunks.hpp"
#include "support/disk.hpp"
#include "support/trees.hpp"

namespace reseal::nar_restore_test {
using ::support::file;
using support::Folder;
using ::support::folder;
using ::support::nar;
using ::support::Node;
using support::restore;
using support::restore_error;

namespace {

std::string dump(const std::string& path, NarOptions options = {}) {
    StringSink out;
    dump_nar(path, out, options);
    return out.bytes;
}

/// A umask for a while.
class Umask {
public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;
    ~Umask() { ::umask(before_); }

private:
    mode_t before_;
};

/// Nobody special for a while, where we are root, to whom permissions mean nothing.
class Nobody {
public:
    explicit Nobody(const Folder& scratch) : root_(::geteuid() == 0) {
        if (root_) REQUIRE((::chmod(scratch.path().c_str(), 0777) == 0 && ::seteuid(65534) == 0));
    }
    Nobody(const Nobody&) = delete;
    Nobody& operator=(const Nobody&) = delete;
    ~Nobody() {
        if (root_) CHECK(::seteuid(0) == 0);
    }

private:
    bool root_;
};

mode_t mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("restored and dumped again an archive is the same, however it was cut") {
    const std::string archive = nar(::support::odd_tree());
    for (std::size_t chunk : ::support::chunkings) {
        CAPTURE(chunk);
        Folder scratch;
        restore(archive, scratch / "out", {}, chunk);
        CHECK(scratch.names() == std::set<std::string>{"out"});
        CHECK((nar(::support::read_from_disk(scratch / "out")) == archive));
        CHECK((dump(scratch / "out") == archive));
    }
}

TEST_CASE("a tree that was dumped and restored is the same") {
    Folder scratch;
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        CAPTURE(seed);
        Node tree = ::support::random_tree(seed);
        ::support::put_on_disk(scratch / "a", tree);
        restore(dump(scratch / "a"), scratch / "b", {}, ::support::chunkings[seed % ::support::chunkings.size()]);
        CHECK((nar(::support::read_from_disk(scratch / "b")) == nar(tree)));
        std::filesystem::remove_all(scratch / "a");
        std::filesystem::remove_all(scratch / "b");
    }
}

TEST_CASE("whatever is at the destination stays, and nothing comes beside it") {
    Folder scratch;
    scratch.write("file", "mine");
    std::filesystem::create_directory(scratch / "folder");
    REQUIRE(::symlink("nowhere", (scratch / "dangling").c_str()) == 0);
    const std::set<std::string> before = scratch.names();
    for (const char* name : {"file", "folder", "folder/", "dangling"}) {
        CAPTURE(name);
        CHECK(restore_error(nar(file("", "theirs")), scratch / name) == (scratch / name) + ": cannot create: File exists");
        CHECK(restore_error(nar(folder("", {})), scratch / name) == (scratch / name) + ": cannot create: File exists");
    }
    CHECK(scratch.names() == before);
    CHECK(scratch.read("file") == "mine");
    CHECK(std::filesystem::is_empty(scratch / "folder"));
    CHECK(std::filesystem::read_symlink(scratch / "dangling") == "nowhere");
}

TEST_CASE("a destination needs a name of its own in a folder that is there") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "folder");
    for (const std::string& path : {std::string(), std::string("."), std::string(".."), std::string("/"), std::string("//"),
                                    scratch / "folder/.", scratch / "folder/..", scratch / "folder/../"}) {
        CAPTURE(path);
        CHECK_THROWS_WITH_AS(NarRestore{path},
                             ((path.empty() ? "" : path + ": ") + "cannot create: no name for a new file").c_str(), Error);
    }
    CHECK_THROWS_WITH_AS(NarRestore{scratch / "none/x"},
                         ((scratch / "none/x") + ": cannot create: No such file or directory").c_str(), Error);
    restore(nar(folder("", {})), scratch / "new/");
    CHECK(std::filesystem::is_directory(scratch / "new"));
}

TEST_CASE("what takes the destination meanwhile stays, even an empty folder") {
    for (const Node& root : {file("", "theirs"), ::support::link("", "theirs"), folder("", {file("f", "theirs")})})
        for (bool as_folder : {true, false}) {
            Folder scratch;
            NarRestore restore(scratch / "out");
            restore.write(nar(root));
            if (as_folder) std::filesystem::create_directory(scratch / "out");
            else scratch.write("out", "mine");
            CHECK_THROWS_WITH_AS(restore.finish(), ((scratch / "out") + ": cannot create: File exists").c_str(), Error);
            CHECK(scratch.names() == std::set<std::string>{"out"});
            if (as_folder) CHECK(std::filesystem::is_empty(scratch / "out"));
            else CHECK(scratch.read("out") == "mine");
        }
}

TEST_CASE("the tree has its name only when it is complete") {
    Folder scratch;
    NarRestore restore(scratch / "out");
    restore.write(nar(folder("", {file("f", "x")})));
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
    CHECK(scratch.names().size() == 1);
    restore.finish();
    CHECK(scratch.names() == std::set<std::string>{"out"});
    CHECK_THROWS_AS(restore.write("x"), Error);
    CHECK(scratch.read("out/f") == "x");
}

TEST_CASE("permissions are what the umask leaves, also where it keeps ourselves out") {
    Node tree = folder("", {folder("d", {folder("e", {file("f", "x")}), file("g", "y", true)}), file("h", "")});
    for (mode_t mask : {0u, 022u, 077u, 0222u, 0500u, 0777u}) {
        CAPTURE(mask);
        Folder scratch;
        {
            Nobody nobody(scratch);
            Umask umask(mask);
            restore(nar(tree), scratch / "out", {}, 100);
        }
        if (::geteuid() != 0 && (mask & 0700) != 0) {  // to look and to clean up
            CHECK(mode_of(scratch / "out") == (0777 & ~mask));
            ::chmod((scratch / "out").c_str(), 0700);
            continue;
        }
        CHECK(mode_of(scratch / "out") == (0777 & ~mask));
        CHECK(mode_of(scratch / "out/d") == (0777 & ~mask));
        CHECK(mode_of(scratch / "out/d/e") == (0777 & ~mask));
        CHECK(mode_of(scratch / "out/d/e/f") == (0666 & ~mask));
        CHECK(mode_of(scratch / "out/d/g") == (0777 & ~mask));
    }
}

TEST_CASE("a partial tree goes, read-only folders included") {
    Node tree = folder("", {folder("a", {folder("b", {file("f", "x")}), folder("c", {})}), folder("d", {file("g", "y")})});
    std::string archive = nar(tree);
    for (mode_t mask : {0222u, 0777u}) {
        Folder scratch;
        Nobody nobody(scratch);
        Umask umask(mask);
        for (std::size_t size = 8; size < archive.size(); size += 8)
            CHECK(restore_error(archive.substr(0, size), scratch / "out").find("the archive ends too early") !=
                  std::string::npos);
        ::umask(022);
        CHECK(scratch.names().empty());
    }
}

TEST_CASE("bytes behind the archive are counted, not unpacked") {
    Folder scratch;
    for (std::size_t chunk : {1u, 1000u}) {
        NarRestore restore(scratch / ("out" + std::to_string(chunk)));
        const std::string stream = nar(file("", "x")) + std::string(100, '\0') + nar(file("", "y"));
        for (std::string_view each : ::support::cut(stream, chunk)) restore.write(each);
        restore.finish();
        CHECK(restore.bytes_behind() == 100 + nar(file("", "y")).size());
        CHECK(scratch.read("out" + std::to_string(chunk)) == "x");
    }
}

TEST_CASE("names that differ in case only are kept apart, and come together again") {
    const std::string hack = "~nix~case~hack~";
    Node tree = folder("", {file("A", "1"), file("TEST", "2"), folder("Test", {file("X", ""), file("x", "")}), file("a", "3"),
                            file("test", "4"), file("\xc3\x84", "5"), file("\xc3\xa4", "6")});
    Folder scratch;
    restore(nar(tree), scratch / "out", {.case_hack = true}, 10);
    Node disk = ::support::read_from_disk(scratch / "out");
    std::vector<std::string> names;
    for (const Node& child : disk.children) names.push_back(child.name);
    CHECK(names == std::vector<std::string>{"A", "TEST", "Test" + hack + "1", "a" + hack + "1", "test" + hack + "2", "\xc3\x84",
                                            "\xc3\xa4"});
    CHECK(scratch.read("out/a" + hack + "1") == "3");
    CHECK(std::filesystem::exists(scratch / ("out/Test" + hack + "1/x" + hack + "1")));
    CHECK((dump(scratch / "out", {.case_hack = true}) == nar(tree)));
    restore(nar(tree), scratch / "plain");
    CHECK((dump(scratch / "plain") == nar(tree)));
}

TEST_CASE("a name that collides with one that the case hack made is an error") {
    const std::string hack = "~nix~case~hack~1";
    Folder scratch;
    Node before = folder("", {folder("Test", {}), ::support::link("Test" + hack, "/"), folder("test", {file("x", "")})});
    CHECK(restore_error(nar(before), scratch / "out", {.case_hack = true}) ==
          "test: the name collides with the case-hacked name 'test" + hack + "'");
    Node behind = folder("", {file("A", ""), file("a", ""), file("a" + hack, "")});
    CHECK(restore_error(nar(behind), scratch / "out", {.case_hack = true}) ==
          "a" + hack + ": the name collides with the case-hacked name 'a" + hack + "'");
    CHECK(scratch.names().empty());
}

}  // namespace reseal::nar_restore_test
