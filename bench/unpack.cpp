// SPDX-License-Identifier: BSL-1.0
// Unpacking and relocating in one: against bsdtar, which only unpacks, and against rattler, which does both.
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
using bench::number;

constexpr std::size_t mib = std::size_t{1} << 20;

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Pair {
    double theirs = 0, ours = 0;
};

/// The median seconds of each, in turn; `to` is not there before either.
Pair compare(const std::vector<std::string>& theirs, const std::vector<std::string>& ours, const std::string& to, int rounds) {
    std::vector<double> their_seconds, our_seconds;
    for (int round = 0; round < rounds; ++round) {
        fs::remove_all(to);
        their_seconds.push_back(bench::run(theirs));
        fs::remove_all(to);
        our_seconds.push_back(bench::run(ours));
    }
    fs::remove_all(to);
    return {median(their_seconds), median(our_seconds)};
}

std::string megabytes(const std::string& path) { return number(static_cast<double>(fs::file_size(path)) / 1e6); }

}  // namespace

namespace bench {

void unpack(int rounds) {
    if (peer("conda-pack").empty()) {
        std::printf("## Unpacking: not measured, tests/real/fetch-peers has not been run\n\n");
        return;
    }
    const Folder folder, disk(place_on_disk());
    const std::string to = folder.path + "/to";
    Environment environment(disk.path);
    {
        std::string origin;
        const std::string bytes = program_bytes(64 * mib, origin);
        for (int i = 0; i < 20; ++i)
            environment.add("part" + std::to_string(i),
                            {.programs = 40, .program_bytes = 50'000'000, .others = 960, .other_bytes = 50'000'000}, bytes);
    }
    const std::string tar = disk.path + "/env.tar";
    environment.pack(tar);
    environment.pack(tar + ".gz");
    run({"zstd", "-q", "-9", "-T0", tar});
    std::printf("## Unpacking: %zu files, %zu MB, from %s to %s, relocated\n\n", environment.files(),
                environment.bytes() / 1'000'000, place_on_disk().c_str(), place_in_memory().c_str());
    Table table({"", "MB", "bsdtar -x, s", "reseal unpack, s", "ratio", "wanted", "met", "MiB resident", "wanted", "met"});
    for (const auto& [name, archive] :
         {std::pair("tar.zst", tar + ".zst"), std::pair("tar.gz", tar + ".gz"), std::pair("tar", tar)}) {
        const std::vector<std::string> ours = {RESEAL_COMMAND, "unpack", "-q", archive, to};
        const Pair seconds =
            compare({"bash", "-c", "mkdir \"$1\" && bsdtar -x -C \"$1\" -f \"$2\"", "bash", to, archive}, ours, to, rounds);
        const double memory = static_cast<double>(peak_memory(ours, "", 0)) / mib;
        run({RESEAL_COMMAND, "verify", to});
        const double ratio = seconds.ours / seconds.theirs;
        table.row({name, megabytes(archive), number(seconds.theirs), number(seconds.ours), number(ratio) + "×", "≤ 1.30×",
                   ratio <= 1.3 ? "yes" : "no", number(memory), "≤ 128", memory <= 128 ? "yes" : "no"});
        fs::remove_all(to);
        if (archive != tar) fs::remove(archive);
    }
    table.print();
    fs::remove(tar);

    environment.make_channel();
    std::vector<std::string> install = {peer("python"), RATTLER_INSTALL, disk.path + "/channel"};
    run(install);
    std::vector<std::string> ours = {RESEAL_COMMAND, "unpack", "-q"};
    install.insert(install.end(), {"linux-64", to + "/env", to + "/cache"});
    for (const std::string& stem : environment.packages()) {
        install.push_back(stem.substr(0, stem.find('-')));
        ours.push_back(disk.path + "/channel/linux-64/" + stem + ".conda");
    }
    ours.push_back(to);
    const Pair seconds = compare(install, ours, to, rounds);
    const double memory = static_cast<double>(peak_memory(ours, "", 0)) / mib, ratio = seconds.theirs / seconds.ours;
    std::printf("## Packages: the same files in %zu packages, into an empty cache\n\n", environment.packages().size());
    Table packages({"", "rattler, s", "reseal unpack, s", "ratio", "wanted", "met"});
    packages.row(
        {"seconds", number(seconds.theirs), number(seconds.ours), number(ratio) + "×", "≥ 1.20×", ratio >= 1.2 ? "yes" : "no"});
    packages.row({"MiB resident", number(static_cast<double>(peak_memory(install, "", 0)) / mib), number(memory), "", "≤ 128",
                  memory <= 128 ? "yes" : "no"});
    packages.print();
}

}  // namespace bench
