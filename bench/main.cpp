// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "child.hpp"
#include "measure.hpp"
#include "sections.hpp"

int main(int argc, char** argv) {
    if (argc > 2 && argv[1] == bench::measure_word) return bench::measure({argv + 2, argv + argc});
    const std::pair<std::string_view, void (*)(int)> sections[] = {
        {"search", bench::search},     {"references", bench::ref_scan},   {"sealing", bench::sealing},
        {"archives", bench::archives}, {"command", bench::command},       {"nar", bench::nar},
        {"cache", bench::cache},       {"register", bench::registration}, {"conda-unpack", bench::conda_unpack},
        {"unpack", bench::unpack},     {"verify", bench::verify}};
    int rounds = 7;
    std::vector<std::string_view> wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const bool known =
            std::any_of(std::begin(sections), std::end(sections), [&](const auto& one) { return one.first == argument; });
        if (known) {
            wanted.push_back(argument);
        } else if (int number = std::atoi(argv[i]); number > 0) {
            rounds = number;
        } else {
            std::fprintf(
                stderr,
                "usage: reseal-bench [ROUNDS] [search] [references] [sealing] [archives] [command] [nar] [cache] [register] "
                "[conda-unpack] [unpack] [verify]\n");
            return 1;
        }
    }
    std::printf("%s; the median of %d interleaved rounds.\n\n", bench::circumstances().c_str(), rounds);
    for (const auto& [name, run] : sections)
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) run(rounds);
}
