// SPDX-License-Identifier: BSL-1.0
#include "child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace bench {
namespace {

[[noreturn]] void give_up(const std::string& what) {
    std::fprintf(stderr, "reseal-bench: %s\n", what.c_str());
    std::exit(1);
}

// Starts the program between two descriptors, which it gets as its standard input and output.
pid_t start(const std::vector<std::string>& arguments, int in, int out) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    if (posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) != 0) give_up("cannot run " + arguments[0]);
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

rusage finish(pid_t child, const std::string& name) {
    int status = 0;
    rusage usage{};
    if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up(name + " failed");
    return usage;
}

int open_null() { return open("/dev/null", O_RDWR | O_CLOEXEC); }

}  // namespace

double run(const std::vector<std::string>& arguments) {
    static const int null = open_null();
    const auto begin = std::chrono::steady_clock::now();
    finish(start(arguments, null, null), arguments[0]);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::uint64_t peak_memory(const std::vector<std::string>& arguments, std::string_view block, std::uint64_t count) {
    std::vector<std::string> helper = {"/proc/self/exe", std::string(measure_word)};
    helper.insert(helper.end(), arguments.begin(), arguments.end());
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");
    const pid_t child = start(helper, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    std::signal(SIGPIPE, SIG_IGN);
    for (std::uint64_t i = 0; i < count; ++i) {
        for (std::string_view left = block; !left.empty();) {
            const ssize_t written = write(in[1], left.data(), left.size());
            if (written < 0) give_up(arguments[0] + " stopped reading");
            left.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    close(in[1]);
    char answer[32] = {};
    const ssize_t size = read(out[0], answer, sizeof answer - 1);
    close(out[0]);
    finish(child, arguments[0]);
    return size > 0 ? std::strtoull(answer, nullptr, 10) : 0;
}

int measure(const std::vector<std::string>& arguments) {
    const rusage usage = finish(start(arguments, 0, open_null()), arguments[0]);
    std::printf("%llu", static_cast<unsigned long long>(usage.ru_maxrss) * 1024);
    return 0;
}

}  // namespace bench
