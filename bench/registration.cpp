// SPDX-License-Identifier: BSL-1.0
// Registering a content-addressed tree of signed programs that refer to themselves, against what Nix has for that.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>
#include <string>
#include <vector>

#include "child.hpp"
#include "data.hpp"
#include "measure.hpp"
#include "sections.hpp"

namespace {

namespace fs = std::filesystem;
using bench::number;

constexpr std::size_t mib = std::size_t{1} << 20, size = 310 * mib;
const std::string self = "dc04vv14dak1c1r48qa0m23vr9jy8sm0";

/// The program with `self` in twenty places, signed as before or ad-hoc.
std::string planted(const std::string& program, std::size_t number) {
    std::mt19937_64 chance(number);
    std::vector<reseal::Rule> rules;
    for (int tries = 0; rules.size() < 20 && tries < 100; ++tries) {
        const std::string from = program.substr(program.size() / 10 + chance() % (program.size() / 2), self.size());
        const bool known = std::any_of(rules.begin(), rules.end(), [&](const reseal::Rule& each) { return each.from == from; });
        if (!known && program.find(from) == program.rfind(from)) rules.push_back({from, self});
    }
    reseal::StringSink out;
    reseal::Options options;
    options.format = reseal::Format::plain;
    options.cms = reseal::CmsPolicy::adhoc;
    options.unsealable = reseal::UnsealablePolicy::keep;
    reseal::Rewriter rewriter(reseal::Rules(rules), out, options);
    rewriter.write(program);
    rewriter.finish();
    return out.bytes;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A store of Nix's own in `folder`, and the tree registered in it under a path that it refers to.
std::string in_nix_store(const std::string& folder, const std::string& tree) {
    for (const auto& [name, value] : std::vector<std::pair<const char*, std::string>>{
             {"HOME", folder},
             {"XDG_CACHE_HOME", folder},
             {"NIX_REMOTE", ""},
             {"NIX_STORE_DIR", folder + "/store"},
             {"NIX_STATE_DIR", folder + "/state"},
             {"NIX_LOG_DIR", folder + "/log"},
             {"NIX_CONF_DIR", folder + "/etc"},
             {"NIX_DATA_DIR", folder + "/share"},
             {"NIX_CONFIG", "build-users-group =\nexperimental-features = nix-command\n"}})
        ::setenv(name, value.c_str(), 1);
    fs::create_directories(folder + "/store");
    const std::string path = folder + "/store/" + self + "-tree";
    std::ofstream(folder + "/there.json") << R"({"version":1,"storeDir":")" << folder << R"(/store","outputs":{"out":{)"
                                          << R"("kind":"input-addressed","path":")" << path << R"(","scratchPath":")" << path
                                          << R"(","tree":")" << tree << R"("}}})";
    bench::run({RESEAL_COMMAND, "register", "--spec", folder + "/there.json", "--registration", folder + "/there"});
    bench::run({"bash", "-c", "nix-store --load-db <" + folder + "/there"});
    return path;
}

}  // namespace

namespace bench {

void registration(int rounds) {
    if (std::system("command -v nix >/dev/null") != 0) {
        std::printf("## Registration: not measured, there is no nix\n\n");
        return;
    }
    std::string folder = (fs::temp_directory_path() / "reseal-bench-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) std::abort();
    std::string origin;
    std::size_t count = 0;
    fs::create_directories(folder + "/tree");
    for (const std::string& each : programs(size, origin)) {
        std::ofstream(folder + "/tree/" + std::to_string(count), std::ios::binary) << planted(each, count);
        ++count;
    }
    const std::string path = in_nix_store(folder, folder + "/tree");
    std::ofstream(folder + "/ours.json") << R"({"version":1,"storeDir":")" << folder << R"(/store","realStore":")" << folder
                                         << R"(/ours","outputs":{"out":{"kind":"ca-floating","name":"tree","scratchPath":")"
                                         << path << R"(","tree":")" << folder << R"(/tree"}}})";
    const std::vector<std::string> theirs = {"nix", "store", "make-content-addressed", path},
                                   ours = {RESEAL_COMMAND, "register", "--spec", folder + "/ours.json"};
    const auto clear = [&] {
        fs::remove_all(folder + "/ours");
        fs::create_directories(folder + "/ours");
        for (const auto& entry : fs::directory_iterator(folder + "/store"))
            if (entry.path().string() != path && entry.path().filename().string().front() != '.')
                run({"nix-store", "--delete", entry.path().string()});
    };
    std::vector<double> their_seconds, our_seconds;
    for (int round = 0; round < rounds; ++round) {
        clear();
        their_seconds.push_back(run(theirs));
        our_seconds.push_back(run(ours));
    }
    clear();
    const double their_memory = static_cast<double>(peak_memory(theirs, "", 0)) / mib;
    const double our_memory = static_cast<double>(peak_memory(ours, "", 0)) / mib;
    clear();
    run({"bash", "-c", "chmod -R u+w " + folder + " && rm -rf " + folder});

    std::printf("## Registration: a tree of %zu MiB that refers to itself, %zu programs from %s\n\n", size / mib, count,
                origin.c_str());
    Table table({"", "nix store make-content-addressed", "reseal register", "ratio", "wanted", "met"});
    const double ratio = median(their_seconds) / median(our_seconds);
    table.row({"seconds", number(median(their_seconds)), number(median(our_seconds)), number(ratio) + "×", "3×",
               ratio >= 3 ? "yes" : "no"});
    table.row({"MiB resident", number(their_memory), number(our_memory), number(their_memory / our_memory) + "×", "≤ 64 MiB",
               our_memory <= 64 ? "yes" : "no"});
    table.print();
}

}  // namespace bench
