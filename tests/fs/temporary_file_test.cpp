// SPDX-License-Identifier: BSL-1.0
#include "fs/temporary_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <reseal/error.hpp>
#include <thread>
#include <vector>

#include "fs/entries.hpp"
#include "fs/folder.hpp"

namespace reseal::temporary_file_test {
using fs::TemporaryFile;
using support::Folder;

namespace {

std::unique_ptr<TemporaryFile> make(const Folder& folder) { return std::make_unique<TemporaryFile>(folder.path(), 0600, "x"); }

// Runs `work` in a child, and says by which signal that died.
template <class Work>
int signal_of_child(Work work) {
    pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        for (int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);  // doctest has handlers of its own
        fs::remove_temporaries_on_signals();
        work();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("temporary files go one by one, in whatever order") {
    for (std::size_t first : {0u, 1u, 2u}) {
        Folder folder;
        std::vector<std::unique_ptr<TemporaryFile>> files(3);
        for (auto& file : files) file = make(folder);
        CHECK(folder.names().size() == 3);
        files[first].reset();
        CHECK(folder.names().size() == 2);
        files[(first + 1) % 3].reset();
        CHECK(folder.names().size() == 1);
        files[(first + 2) % 3].reset();
        CHECK(folder.names().empty());
    }
}

TEST_CASE("a published file stays") {
    Folder folder;
    {
        auto other = make(folder);
        auto file = make(folder);
        REQUIRE(::write(file->descriptor(), "abc", 3) == 3);
        file->publish("name");
    }
    CHECK(folder.names() == std::set<std::string>{"name"});
    CHECK(folder.read("name") == "abc");
}

TEST_CASE("a nameless file can still be written and read") {
    Folder folder;
    fs::Descriptor file = TemporaryFile(folder.path(), 0600, "x").make_nameless();
    CHECK(folder.names().empty());
    REQUIRE(::write(file.get(), "abc", 3) == 3);
    char back[3];
    CHECK(::pread(file.get(), back, 3, 0) == 3);
}

TEST_CASE("a deadly signal removes all of them and is still deadly") {
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Folder folder;
        CHECK(signal_of_child([&] {
                  auto one = make(folder);
                  auto two = make(folder);
                  make(folder)->publish("name");
                  ::raise(signal);
              }) == signal);
        CHECK(folder.names() == std::set<std::string>{"name"});
    }
}

TEST_CASE("a signal that was ignored stays ignored") {
    Folder folder;
    int died_of = signal_of_child([&] {
        std::signal(SIGHUP, SIG_IGN);
        fs::remove_temporaries_on_signals();
        auto file = make(folder);
        ::raise(SIGHUP);
        file->publish("name");
    });
    CHECK(died_of == 0);
    CHECK(folder.names() == std::set<std::string>{"name"});
}

TEST_CASE("another run takes a file that has just begun for one that was abandoned") {
    Folder folder;
    std::atomic<bool> over = false;
    std::thread other([&] {
        while (!over)
            for (const std::string& name : fs::list_entries({folder.path()}).abandoned) fs::remove_abandoned(name);
    });
    std::size_t lost = 0;
    for (int i = 0; i < 2000; ++i) {
        auto file = make(folder);
        try {
            file->publish_unsynced("name");
        } catch (const Error&) {
            ++lost;
        }
    }
    over = true;
    other.join();
    CHECK(lost == 0);
    CHECK(folder.names() == std::set<std::string>{"name"});
}

TEST_CASE("the file somebody asked for is the one that is blamed") {
    Folder folder;
    CHECK_THROWS_WITH_AS(TemporaryFile(folder / "no", 0600, "asked"), "asked: cannot create: No such file or directory", Error);
}

}  // namespace reseal::temporary_file_test
