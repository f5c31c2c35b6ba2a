// SPDX-License-Identifier: BSL-1.0
#include "conda.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <random>

#include "child.hpp"
#include "digest/digest.hpp"
#include "folder.hpp"
#include "support/image_builder.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;
using Engine = std::mt19937_64;

/// Sizes that sum up to about `sum`, of which some are ten times the mean.
std::vector<std::size_t> sizes(Engine& chance, std::size_t count, std::size_t sum, std::size_t least) {
    std::vector<double> weights(count);
    for (double& weight : weights) weight = -std::log((static_cast<double>(chance() >> 11) + 1) * 0x1p-53);
    const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::size_t> out;
    for (const double weight : weights)
        out.push_back(std::max(least, static_cast<std::size_t>(weight / whole * static_cast<double>(sum))));
    return out;
}

std::string_view some(Engine& chance, std::string_view bytes, std::size_t size) {
    size = std::min(size, bytes.size());
    return bytes.substr(chance() % (bytes.size() - size + 1), size);
}

std::string program(Engine& chance, std::string_view bytes, std::size_t size) {
    constexpr std::size_t head = 16384;
    support::ImageSpec spec;
    spec.code_size = size;
    spec.seed = chance();
    spec.rpath = placeholder() + "/lib";
    spec.plants.push_back({head, std::string(some(chance, bytes, size - head))});
    const std::size_t places = chance() % 4;
    for (std::size_t i = 0; i < places; ++i) {
        const std::size_t room = (size - head) / places;
        spec.plants.push_back({head + i * room + chance() % (room - 1000), '\0' + placeholder() + "/share/it" + '\0'});
    }
    return support::build(spec).bytes;
}

std::string text(Engine& chance, std::string_view bytes, std::size_t size) {
    std::string out(some(chance, bytes, size));
    for (char& c : out)
        if (c == '\0') c = '\n';
    return out + "prefix=" + placeholder() + "\nlibdir=" + placeholder() + "/lib\n";
}

std::string entry(const std::string& name, const std::string& bytes, const char* mode) {
    std::string out = R"({"_path":")" + name + R"(","path_type":"hardlink","sha256":")" +
                      reseal::digest::digest(reseal::HashType::sha256, bytes).hex() + R"(","size_in_bytes":)" +
                      std::to_string(bytes.size());
    if (mode != nullptr)
        out.append(R"(,"file_mode":")").append(mode).append(R"(","prefix_placeholder":")" + placeholder() + '"');
    return out + '}';
}

}  // namespace

std::string placeholder() {
    std::string out = "/build/work/bench_1700000000000/_h_env";
    while (out.size() < 255) out += "_placehold";
    out.resize(255);
    return out;
}

Environment::Environment(std::string folder) : folder_(std::move(folder)) { put(folder_ + "/env/conda-meta/history", ""); }

void Environment::add(const std::string& name, const Contents& contents, std::string_view bytes) {
    Engine chance(packages_.size() + 1);
    const std::string stem = name + "-1.0-0", source = folder_ + "/pkgs/" + stem;
    std::string paths, list;
    const auto keep = [&](const std::string& file, const std::string& data, const char* mode) {
        put(source + "/" + file, data);
        fs::create_directories(fs::path(folder_ + "/env/" + file).parent_path());
        fs::create_hard_link(source + "/" + file, folder_ + "/env/" + file);
        paths.append(paths.empty() ? "" : ",\n").append(entry(file, data, mode));
        list.append(list.empty() ? "" : ",").append('"' + file + '"');
        ++files_;
        bytes_ += data.size();
    };
    std::size_t count = 0;
    for (const std::size_t size : sizes(chance, contents.programs, contents.program_bytes, 64 << 10))
        keep("lib/" + name + "/program-" + std::to_string(count++), program(chance, bytes, size), "binary");
    for (const std::size_t size : sizes(chance, contents.others, contents.other_bytes, 100)) {
        const std::string file = "share/" + name + "/" + std::to_string(count / 100) + "/file-" + std::to_string(count);
        if (count++ % 16 == 0) keep(file, text(chance, bytes, size), "text");
        else keep(file, std::string(some(chance, bytes, size)), nullptr);
    }
    const std::string common =
        R"("name":")" + name + R"(","version":"1.0","build":"0","build_number":0,"subdir":"linux-64","depends":[])";
    const std::string data = R"({"paths_version":1,"paths":[)" + paths + "]}";
    put(source + "/info/index.json", "{" + common + "}");
    put(source + "/info/about.json", "{}");
    put(source + "/info/paths.json", data);
    put(folder_ + "/env/conda-meta/" + stem + ".json",
        "{" + common + R"(,"fn":")" + stem + R"(.conda","url":"","channel":"","link":{"source":")" + source +
            R"(","type":1},"files":[)" + list + R"(],"paths_data":)" + data + "}");
    packages_.push_back(stem);
}

bool Environment::pack(const std::string& archive) const {
    const std::string command = peer("conda-pack");
    if (command.empty()) return false;
    run({command, "-q", "-p", folder_ + "/env", "-o", archive, "-j", "4", "-f"});
    return true;
}

void Environment::make_channel() const {
    const std::string channel = folder_ + "/channel/linux-64";
    fs::create_directories(channel);
    for (const std::string& stem : packages_) {
        const std::string work = folder_ + "/work";
        put(work + "/metadata.json", R"({"conda_pkg_format_version": 2})");
        constexpr const char* script =
            "set -eo pipefail; cd \"$1/pkgs/$2\"; tar -cf - $(ls | grep -vx info) | zstd -q -T0 -9 >\"$3/pkg-$2.tar.zst\"; "
            "tar -cf - info | zstd -q -9 >\"$3/info-$2.tar.zst\"; cd \"$3\"; zip -q -0 \"$4/$2.conda\" *";
        run({"bash", "-c", script, "bash", folder_, stem, work, channel});
        fs::remove_all(work);
    }
}

std::string peer(const std::string& name) {
    const auto variable = [](const char* which) {
        const char* value = std::getenv(which);
        return std::string(value != nullptr ? value : "");
    };
    std::string folder = variable("RESEAL_PEERS");
    if (folder.empty()) {
        const std::string cache = variable("XDG_CACHE_HOME");
        folder = (cache.empty() ? variable("HOME") + "/.cache" : cache) + "/reseal/peers";
    }
    const std::string path = folder + "/venv/bin/" + name;
    return fs::exists(path) ? path : std::string();
}

}  // namespace bench
