// SPDX-License-Identifier: BSL-1.0
// The command against Nix itself: trees to archives and back, and what rewriting adds to a pipe that dumps a tree.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "child.hpp"
#include "data.hpp"
#include "folder.hpp"
#include "measure.hpp"
#include "sections.hpp"

namespace {

namespace fs = std::filesystem;
using bench::number;

constexpr std::size_t mib = std::size_t{1} << 20;

std::string shell(const std::string& command) { return "set -o pipefail; " + command; }

/// Seconds that each takes, the median over interleaved rounds; `clear` runs before each, untimed.
std::vector<double> medians(const std::vector<std::string>& commands, int rounds, const std::function<void()>& clear) {
    std::vector<std::vector<double>> measured(commands.size());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < commands.size(); ++i) {
            clear();
            measured[i].push_back(bench::run({"bash", "-c", shell(commands[i])}));
        }
    std::vector<double> out;
    for (std::vector<double>& one : measured) {
        std::nth_element(one.begin(), one.begin() + rounds / 2, one.end());
        out.push_back(one[static_cast<std::size_t>(rounds / 2)]);
    }
    return out;
}

void compare(
    bench::Table& table, const std::string& what, const std::string& theirs, const std::string& ours, double most, int rounds,
    const std::function<void()>& clear = [] {}) {
    const std::vector<double> time = medians({theirs, ours}, rounds, clear);
    const double ratio = time[1] / time[0];
    const bool barred = most > 0;
    table.row({what, number(time[0] * 1e3), number(time[1] * 1e3), number(ratio) + "×", barred ? "≤ " + number(most) + "×" : "",
               !barred         ? ""
               : ratio <= most ? "yes"
                               : "no"});
}

void measure_tree(const bench::Folder& folder, const std::string& tree, int rounds) {
    const std::string reseal = RESEAL_COMMAND, archive = folder.path + "/archive.nar", out = folder.path + "/out";
    bench::run({"bash", "-c", "nix-store --dump " + tree + " >" + archive});
    const reseal::Rule rule = bench::make_rules(bench::Kind::hash, 1)[0];
    const auto clear = [&] { fs::remove_all(out); };
    bench::Table table({"", "Nix, ms", "reseal, ms", "ratio", "wanted", "met"});
    compare(table, "dump P >/dev/null", "nix-store --dump " + tree, reseal + " nar dump " + tree, 1, rounds);
    compare(table, "dump P | cat", "nix-store --dump " + tree + " | cat", reseal + " nar dump " + tree + " | cat", 1, rounds);
    compare(table, "restore Q <archive", "nix-store --restore " + out + " <" + archive,
            reseal + " nar restore " + out + " <" + archive, 1, rounds, clear);
    compare(table, "nix-store --dump P | cat, | reseal rewrite", "nix-store --dump " + tree + " | cat",
            "nix-store --dump " + tree + " | " + reseal + " rewrite -q -r " + rule.from + " " + rule.to, 1.2, rounds);
    compare(table, "the whole way: dump | restore, dump | rewrite | restore",
            "nix-store --dump " + tree + " | nix-store --restore " + out,
            reseal + " nar dump " + tree + " | " + reseal + " rewrite -q -r " + rule.from + " " + rule.to + " | " + reseal +
                " nar restore " + out,
            0, rounds, clear);
    table.print();
    clear();
    fs::remove(archive);
}

}  // namespace

namespace bench {

void nar(int rounds) {
    if (std::system("command -v nix-store >/dev/null") != 0) {
        std::printf("## Trees: not measured, there is no nix-store\n\n");
        return;
    }
    {
        const Folder folder;
        const std::string tree = folder.path + "/tree";
        std::string origin;
        const std::vector<std::string> files = programs(300 * mib, origin);
        fs::create_directory(tree);
        for (std::size_t i = 0; i < files.size(); ++i) put(tree + "/" + std::to_string(i), files[i]);
        std::printf("## Trees, in %s: %zu programs of 300 MiB from %s\n\n", place_in_memory().c_str(), files.size(),
                    origin.c_str());
        measure_tree(folder, tree, rounds);
    }
    {
        const Folder folder;
        const std::string tree = folder.path + "/tree", text = store_text(100 * mib);
        for (std::size_t i = 0; i < 100'000; ++i) {
            const std::string one = tree + "/" + std::to_string(i / 1000);
            if (i % 1000 == 0) fs::create_directories(one);
            put(one + "/file-" + std::to_string(i), text.substr(i * 1024, 1024));
        }
        std::printf("## Trees, in %s: 100,000 files of 1 KiB\n\n", place_in_memory().c_str());
        measure_tree(folder, tree, rounds);
    }
}

}  // namespace bench
