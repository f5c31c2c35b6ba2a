// SPDX-License-Identifier: BSL-1.0
// Renaming a path in all of a cache: how much of the machine's cores it uses.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child.hpp"
#include "data.hpp"
#include "measure.hpp"
#include "sections.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t mib = std::size_t{1} << 20, paths = 64, size = 8 * mib;

const std::string old_path = "/nix/store/" + std::string(32, 'a') + "-foo";
const std::string new_path = "/nix/store/" + std::string(32, 'b') + "-foo";

/// 64 paths of 8 MiB of programs each, all of which refer to one.
void make_cache(const std::string& folder, std::string& origin) {
    const std::string bytes = bench::program_bytes(paths * size, origin);
    const std::string store = folder + "/store/";
    fs::create_directories(store);
    std::vector<std::string> add = {RESEAL_COMMAND, "cache", "add",         folder + "/src", "-q",
                                    "--compress",   "none",  "--store-dir", "/nix/store",    "--from"};
    for (std::size_t i = 0; i < paths; ++i) {
        std::string file = store + std::to_string(10 + i);
        file.append(30, 'c').append("-p");
        std::ofstream(file, std::ios::binary) << old_path << bytes.substr(i * size, size);
        add.push_back(std::move(file));
    }
    std::ofstream(store + old_path.substr(11)) << "foo";
    add.push_back(store + old_path.substr(11));
    bench::run(add);
    fs::remove_all(store);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

namespace bench {

void cache(int rounds) {
    std::string folder = (fs::temp_directory_path() / "reseal-bench-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) std::abort();
    std::string origin;
    make_cache(folder, origin);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::vector<unsigned> jobs = {1, cores};
    std::vector<std::vector<double>> seconds(jobs.size());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            fs::remove_all(folder + "/dst");
            seconds[i].push_back(run({RESEAL_COMMAND, "cache", "rewrite", "-q", folder + "/src", folder + "/dst", "-r",
                                      old_path, new_path, "--jobs", std::to_string(jobs[i])}));
        }
    fs::remove_all(folder);
    std::printf("## cache rewrite: %zu archives of %zu MiB from %s, compression none, in %s\n\n", paths, size / mib,
                origin.c_str(), fs::temp_directory_path().c_str());
    Table table({"jobs", "GB/s", "÷ one job", "wanted", "met"});
    const double one = median(seconds[0]), least = 0.75 * cores;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const double each = median(seconds[i]), ratio = one / each;
        table.row({std::to_string(jobs[i]), number(static_cast<double>(paths * size) / each / 1e9),
                   i == 0 ? "" : number(ratio) + "×", i == 0 ? "" : number(least) + "×",
                   i == 0           ? ""
                   : ratio >= least ? "yes"
                                    : "no"});
    }
    table.print();
}

}  // namespace bench
