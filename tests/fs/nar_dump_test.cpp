// SPDX-License-Identifier: BSL-1.0
// A tree's archive is what the format's description says it is, and what cannot be archived is refused by name.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <functional>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "fs/folder.hpp"
#include "support/disk.hpp"
#include "support/trees.hpp"

namespace reseal::nar_dump_test {
using ::support::file;
using support::Folder;
using ::support::folder;
using ::support::Node;

namespace {

std::string dump(const std::string& path, NarOptions options = {}) {
    StringSink out;
    dump_nar(path, out, options);
    return out.bytes;
}

/// `<path>: <what>` of the error that dumping raises.
std::string refusal(const std::string& path, NarOptions options = {}) {
    StringSink out;
    try {
        dump_nar(path, out, options);
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::io);
        return error.what();
    }
    return "none";
}

Node nested(int depth) {
    Node node = file("f", "");
    for (int i = 0; i < depth; ++i) node = folder("d", {node});
    return node;
}

/// Does something when the first bytes come.
class Meanwhile final : public Sink {
public:
    explicit Meanwhile(std::function<void()> action) : action_(std::move(action)) {}
    void write(std::string_view) override {
        if (action_) action_();
        action_ = nullptr;
    }

private:
    std::function<void()> action_;
};

}  // namespace

TEST_CASE("the archive of a tree with every type of file and odd names is the one that was written by hand") {
    Folder scratch;
    ::support::put_on_disk(scratch / "tree", ::support::odd_tree());
    CHECK((dump(scratch / "tree") == ::support::nar(::support::odd_tree())));
    CHECK((dump(scratch / "tree/") == ::support::nar(::support::odd_tree())));
}

TEST_CASE("the root may be a file, a program, a link, an empty folder") {
    Folder scratch;
    for (const Node& node : {file("", "contents"), file("", "", true), ::support::link("", "/nowhere"), folder("", {})}) {
        ::support::put_on_disk(scratch / "root", node);
        CHECK((dump(scratch / "root") == ::support::nar(node)));
        std::filesystem::remove(scratch / "root");
    }
}

TEST_CASE("a link is never followed, the root's neither") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "folder");
    REQUIRE(::symlink("folder", (scratch / "link").c_str()) == 0);
    CHECK((dump(scratch / "link") == ::support::nar(::support::link("", "folder"))));
}

TEST_CASE("the owner's bit alone makes a program") {
    Folder scratch;
    scratch.write("f", "x");
    for (mode_t mode : {0644u, 0655u, 0611u, 0744u, 0700u, 04755u}) {
        REQUIRE(::chmod((scratch / "f").c_str(), mode) == 0);
        CHECK((dump(scratch / "f") == ::support::nar(file("", "x", (mode & S_IXUSR) != 0))));
    }
}

TEST_CASE("files around the buffer's size, whatever came before them") {
    constexpr std::size_t buffer = std::size_t{64} * 1024;
    Folder scratch;
    for (std::size_t before : {std::size_t{0}, std::size_t{1}, buffer / 2, buffer - 700, buffer + 3}) {
        std::vector<Node> files = {file("0", std::string(before, '0'))};
        for (std::size_t size = buffer - 321; size < buffer + 321; size += 107)
            files.push_back(file(std::to_string(size), std::string(size, 'x')));
        files.push_back(file("last", std::string(3 * buffer + 5, 'y')));
        ::support::put_on_disk(scratch / "tree", folder("", files));
        CHECK((dump(scratch / "tree") == ::support::nar(folder("", files))));
        std::filesystem::remove_all(scratch / "tree");
    }
}

TEST_CASE("hard links are files of their own") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "t");
    scratch.write("t/a", "contents");
    std::filesystem::create_hard_link(scratch / "t/a", scratch / "t/b");
    CHECK((dump(scratch / "t") == ::support::nar(folder("", {file("a", "contents"), file("b", "contents")}))));
}

TEST_CASE("what is no file, folder or link is refused by its path, and does not hang") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "t");
    const std::string odd = scratch / "t/odd";
    REQUIRE(::mkfifo(odd.c_str(), 0600) == 0);
    CHECK(refusal(scratch / "t") == odd + ": neither a regular file nor a folder nor a symbolic link");
    CHECK(refusal(odd) == odd + ": neither a regular file nor a folder nor a symbolic link");
    CHECK(refusal("/dev/null") == "/dev/null: neither a regular file nor a folder nor a symbolic link");
}

TEST_CASE("what is not there or may not be read is an error with its path") {
    Folder scratch;
    CHECK(refusal(scratch / "none") == (scratch / "none") + ": cannot open: No such file or directory");
    CHECK(refusal("") == "cannot open: No such file or directory");
    if (::geteuid() == 0) return;  // may read everything
    scratch.write("closed", "x");
    REQUIRE(::chmod((scratch / "closed").c_str(), 0) == 0);
    CHECK(refusal(scratch.path()) == (scratch / "closed") + ": cannot open: Permission denied");
}

TEST_CASE("64 levels are the deepest") {
    Folder scratch;
    ::support::put_on_disk(scratch / "63", nested(63));
    CHECK((dump(scratch / "63") == ::support::nar(nested(63))));
    ::support::put_on_disk(scratch / "64", nested(64));
    CHECK(refusal(scratch / "64").ends_with("d/f: deeper than the 64 levels of an archive"));
}

TEST_CASE("a file that changes its size while it is read is an error") {
    Folder scratch;
    const std::string big = scratch.write("big", std::string(std::size_t{1} << 20, 'x'));
    for (std::uintmax_t size : {std::uintmax_t{0}, (std::uintmax_t{1} << 20) - 1, (std::uintmax_t{1} << 20) + 1}) {
        CAPTURE(size);
        std::filesystem::resize_file(big, std::size_t{1} << 20);
        Meanwhile out([&] { std::filesystem::resize_file(big, size); });
        CHECK_THROWS_WITH_AS(dump_nar(big, out), (big + ": changed its size while it was being read").c_str(), Error);
    }
}

TEST_CASE("what the sink throws passes through") {
    Folder scratch;
    ::support::put_on_disk(scratch / "tree", ::support::odd_tree());
    Meanwhile out([] { throw std::runtime_error("no room"); });
    CHECK_THROWS_WITH_AS(dump_nar(scratch / "tree", out), "no room", std::runtime_error);
}

TEST_CASE("the case hack's suffix goes, and names in the archive are in order without it") {
    Folder scratch;
    const std::string hack = "~nix~case~hack~";
    // In the archive `a` comes before `ab`.
    Node disk = folder("", {file("B", "1"), file("ab" + hack + "10", "3"), file("a" + hack + "1", "2"), file("b~nix", "4")});
    ::support::put_on_disk(scratch / "t", disk);
    CHECK((dump(scratch / "t") == ::support::nar(disk)));
    Node plain = folder("", {file("B", "1"), file("a", "2"), file("ab", "3"), file("b~nix", "4")});
    CHECK((dump(scratch / "t", {.case_hack = true}) == ::support::nar(plain)));
    scratch.write("t/a", "");
    CHECK(refusal(scratch / "t", {.case_hack = true}) ==
          (scratch / "t") + ": file name collision between 'a" + hack + "1' and 'a'");
    std::filesystem::remove(scratch / "t/a");
    scratch.write("t/" + hack + "1", "");
    CHECK(refusal(scratch / "t", {.case_hack = true}) ==
          (scratch / "t/") + hack + "1: a name of 0 bytes, an archive takes 1 to 255");
}

}  // namespace reseal::nar_dump_test
