// SPDX-License-Identifier: BSL-1.0
// A restore that fails leaves nothing, and nothing that an archive says reaches beyond the tree.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "fs/folder.hpp"
#include "fs/nar_restored.hpp"
#include "support/disk.hpp"
#include "support/trees.hpp"

namespace reseal::nar_restore_failure_test {
using ::support::file;
using support::Folder;
using ::support::folder;
using ::support::nar;
using ::support::Node;
using support::restore_error;

namespace {

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? std::size_t{1} : 0;
    return count;
}

}  // namespace

TEST_CASE("every beginning of an archive leaves nothing and is an error, however it is cut") {
    const std::string archive = nar(
        folder("", {folder("a", {file("f", "contents", true), folder("g", {folder("h", {})})}), ::support::link("l", "/")}));
    Folder scratch;
    const std::size_t before = open_descriptors();
    for (std::size_t size = 0; size < archive.size(); ++size)
        for (std::size_t chunk : {std::size_t{1}, std::size_t{97}, archive.size()}) {
            CHECK(restore_error(archive.substr(0, size), scratch / "out", {}, chunk).find("the archive ends too early") !=
                  std::string::npos);
            REQUIRE(scratch.names().empty());
        }
    CHECK(open_descriptors() == before);
}

TEST_CASE("without finish() nothing is left") {
    Folder scratch;
    {
        NarRestore restore(scratch / "none");
    }
    {
        NarRestore restore(scratch / "whole");
        restore.write(nar(::support::odd_tree()));
    }
    CHECK(scratch.names().empty());
}

TEST_CASE("the tree is gone with the first failure, which every later call raises again") {
    Folder scratch;
    std::string archive = nar(folder("", {file("a", "x"), file("b", "y")}));
    archive[archive.size() - 5] = 1;  // padding
    NarRestore restore(scratch / "out");
    std::string first = "none";
    try {
        restore.write(archive);
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        CHECK(error.offset() == archive.size() - 16);
        first = error.what();
    }
    CHECK(first.find("non-zero padding") != std::string::npos);
    CHECK(scratch.names().empty());
    CHECK_THROWS_WITH_AS(restore.write("more"), first.c_str(), Error);
    CHECK_THROWS_WITH_AS(restore.finish(), first.c_str(), Error);
    CHECK(scratch.names().empty());
}

TEST_CASE("a hostile archive writes nowhere but in its tree, and that is removed") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "outside");
    scratch.write("outside/there", "mine");
    const Node evil = folder("a", {file("there", "theirs"), file("new", "theirs")});
    auto renamed = [&](std::string name) {
        Node node = evil;
        node.name = std::move(name);
        return node;
    };
    const Node attacks[] = {
        folder("", {::support::link("a", scratch / "outside"), evil}),
        folder("", {::support::link("a", "../outside"), evil}),
        folder("", {::support::link("a", "/"), evil}),
        folder("", {renamed("../outside")}),
        folder("", {renamed("..")}),
        folder("", {renamed(".")}),
        folder("", {renamed("")}),
        folder("", {renamed("/")}),
        folder("", {renamed(scratch / "outside")}),
        folder("", {renamed(std::string("..\0x", 4))}),
        folder("", {::support::link("a", scratch / "outside"), renamed("a/b")}),
        folder("", {::support::link("f", scratch / "outside/there"), file("f", "theirs")}),
        folder("", {::support::link("f", scratch / "outside/new"), file("f", "theirs")}),
    };
    for (bool hack : {false, true})
        for (const Node& attack : attacks)
            for (std::size_t chunk : {1u, 4096u}) {
                CHECK(restore_error(nar(attack), scratch / "out", {.case_hack = hack}, chunk) != "none");
                CHECK(scratch.names() == std::set<std::string>{"outside"});
                CHECK(scratch.read("outside/there") == "mine");
                CHECK_FALSE(std::filesystem::exists(scratch / "outside/new"));
            }
}

TEST_CASE("contents of 2^64 - 1 bytes are not room that is asked for") {
    Folder scratch;
    std::string stream = nar(file("", ""));
    stream.resize(stream.find("contents") + 8);
    CHECK(restore_error(stream + std::string(8, '\xff') + "abc", scratch / "out") ==
          "the archive ends too early (offset " + std::to_string(stream.size() + 8 + 3) + ")");
    CHECK(scratch.names().empty());
}

TEST_CASE("a file that finds no room is named, and leaves nothing") {
    Folder scratch;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto* handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = {100'000, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    std::string error = restore_error(nar(folder("", {file("big", std::string(300'000, 'x'))})), scratch / "out", {}, 4096);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(error == (scratch / "out/big") + ": cannot write: File too large");
    CHECK(scratch.names().empty());
}

TEST_CASE("what the tree's own file system will not have is named") {
    Folder scratch;
    std::filesystem::create_directory(scratch / "parent");
    NarRestore restore(scratch / "parent/out");
    std::filesystem::remove(scratch / "parent");
    try {
        restore.write(nar(folder("", {file("f", "")})));
        CHECK_MESSAGE(false, "the folder is gone");
    } catch (const Error& error) {
        CHECK(error.what() == (scratch / "parent/out") + ": cannot create: No such file or directory");
    }
}

}  // namespace reseal::nar_restore_failure_test
