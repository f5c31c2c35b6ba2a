// SPDX-License-Identifier: BSL-1.0
#include "fs/private_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "fs/folder.hpp"

namespace reseal::private_folder_test {
using fs::PrivateFolder;
using support::Folder;
using support::status_of;

TEST_CASE("a kill at any moment leaves a folder behind that nobody sweeps up") {
    const Folder folder;
    for (unsigned i = 0; i < 150; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0)
            for (;;) PrivateFolder{folder.path()};
        ::usleep(500 + i * 7 % 400);
        ::kill(child, SIGKILL);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
    }
    {
        const PrivateFolder last(folder.path());
    }
    CHECK(folder.names().empty());
}

TEST_CASE("folders that are made side by side are swept up by each other") {
    const Folder folder;
    std::vector<std::thread> threads;
    std::vector<int> lost(4);
    for (int& count : lost)
        threads.emplace_back([&folder, &count] {
            for (int i = 0; i < 200; ++i) {
                const PrivateFolder one(folder.path());
                const std::string inside = one.path() + "/inside";
                count += ::mkdir(inside.c_str(), S_IRWXU) == 0 ? 0 : 1;
            }
        });
    for (std::thread& each : threads) each.join();
    CHECK(lost == std::vector<int>(4));
    CHECK(folder.names().empty());
}

TEST_CASE("others may enter, or the owner may not") {
    const Folder folder;
    const mode_t before = ::umask(0777);
    std::optional<PrivateFolder> one;
    one.emplace(folder.path());
    ::umask(before);
    CHECK((status_of(one->path()).st_mode & 07777) == 0700);
    one.reset();
    CHECK(folder.names().empty());
}

}  // namespace reseal::private_folder_test
