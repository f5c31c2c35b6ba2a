// SPDX-License-Identifier: BSL-1.0
// An environment of signed programs that has come to another place: the command against conda-pack's script, which replaces and
// does not sign on this system, and against the same with a codesign(1) that takes as long as Apple's.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "child.hpp"
#include "conda.hpp"
#include "data.hpp"
#include "folder.hpp"
#include "measure.hpp"
#include "sections.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t mib = std::size_t{1} << 20;

// What the script believes: to be on a Mac, where each file that changed is signed in 51 ms.
const std::string stand_in =
    "import platform, runpy, subprocess, sys, time\n"
    "platform.system = lambda: 'Darwin'\n"
    "platform.machine = lambda: 'arm64'\n"
    "subprocess.run = lambda *a, **k: time.sleep(0.051)\n"
    "sys.argv = sys.argv[1:]\n"
    "sys.path.insert(0, sys.argv[0].rsplit('/', 1)[0])\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n";

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

namespace bench {

void conda_unpack(int rounds) {
    if (peer("conda-pack").empty()) {
        std::printf("## conda-unpack: not measured, tests/real/fetch-peers has not been run\n\n");
        return;
    }
    const Folder folder;
    const std::string archive = folder.path + "/env.tar", tree = folder.path + "/tree";
    std::size_t files = 0, bytes = 0;
    {
        std::string origin;
        Environment environment(folder.path + "/made");
        environment.add("many", {.programs = 500, .program_bytes = 626'000'000}, program_bytes(64 * mib, origin));
        environment.pack(archive);
        files = environment.files();
        bytes = environment.bytes();
    }
    fs::remove_all(folder.path + "/made");
    const auto on_two_cores = [](std::vector<std::string> command) {
        command.insert(command.begin(), {"taskset", "-c", "0,1"});
        return command;
    };
    const std::vector<std::string> theirs = on_two_cores({"python3", tree + "/bin/conda-unpack"});
    const std::vector<std::string> signing = on_two_cores({"python3", "-c", stand_in, tree + "/bin/conda-unpack"});
    const std::vector<std::string> ours = on_two_cores({RESEAL_COMMAND, "conda-unpack", "-q", tree});
    const auto fresh = [&] {
        fs::remove_all(tree);
        fs::create_directory(tree);
        run({"tar", "-C", tree, "-xf", archive});
    };
    std::vector<double> their_seconds, our_seconds;
    for (int round = 0; round < rounds; ++round) {
        fresh();
        their_seconds.push_back(run(theirs));
        fresh();
        our_seconds.push_back(run(ours));
    }
    fresh();
    const double signing_seconds = run(signing);
    fresh();
    const double memory = static_cast<double>(peak_memory(ours, "", 0)) / mib;
    run({RESEAL_COMMAND, "verify", tree});

    std::printf("## conda-unpack: %zu signed programs, %zu MB, on two cores, in %s\n\n", files, bytes / 1'000'000,
                place_in_memory().c_str());
    Table table({"", "seconds", "÷ reseal", "wanted", "met"});
    const double own = median(our_seconds);
    const auto row = [&](const char* what, double seconds, double wanted) {
        table.row({what, number(seconds), number(seconds / own) + "×", "≥ " + number(wanted) + "×",
                   seconds / own >= wanted ? "yes" : "no"});
    };
    row("conda-pack's own, nothing signed", median(their_seconds), 2.5);
    row("the same, 51 ms for each file that changed", signing_seconds, 20);
    table.row({"reseal conda-unpack", number(own), "", "", ""});
    table.row({"MiB resident", number(memory), "", "≤ 128", memory <= 128 ? "yes" : "no"});
    table.print();
}

}  // namespace bench
