// SPDX-License-Identifier: BSL-1.0
#include "data.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string_view>

namespace bench {
namespace {

namespace fs = std::filesystem;
using Engine = std::mt19937_64;

std::string base32(Engine& chance, std::size_t count) {
    std::string out(count, '\0');
    for (char& c : out) c = "0123456789abcdfghijklmnpqrsvwxyz"[chance() % 32];
    return out;
}

std::string_view package_name(Engine& chance) {
    static constexpr auto names = std::to_array<std::string_view>(
        {"glibc-2.40-66", "bash-5.2p37", "coreutils-9.5", "python3-3.12.8", "openssl-3.3.2-bin", "gcc-13.3.0-lib",
         "perl-5.40.0", "zlib-1.3.1", "ncurses-6.4", "python3.12-setuptools-75.1.1", "systemd-256.10", "linux-6.6.66",
         "curl-8.11.0", "gnugrep-3.11", "readline-8.2p13", "source-highlight"});
    return names[chance() % names.size()];
}

std::string contents(const fs::path& path) {
    std::string bytes(fs::file_size(path), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

/// Adds the large files below `folder` until they have `size` bytes together.
void add_files(std::vector<std::string>& files, const fs::path& folder, std::size_t size, std::size_t& sum) {
    constexpr std::uintmax_t least = 1 << 20;
    std::error_code ignored;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored) && entry.file_size(ignored) >= least) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (std::size_t i = 0; i < paths.size() && sum < size; ++i) {
        files.push_back(contents(paths[i]));
        sum += files.back().size();
    }
}

fs::path corpus() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && *cache != '\0') return fs::path(cache) / "reseal/corpus/files";
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/") / ".cache/reseal/corpus/files";
}

}  // namespace

std::vector<std::string> programs(std::size_t size, std::string& origin) {
    std::vector<std::string> files;
    std::size_t sum = 0;
    add_files(files, corpus(), size, sum);
    origin = files.empty() ? "" : "the test corpus";
    if (sum < size) {
        add_files(files, "/usr/bin", size, sum);
        origin += origin.empty() ? "/usr/bin" : " and /usr/bin";
    }
    if (sum == 0) files = {"nothing was found"};
    for (std::size_t i = 0; sum < size; ++i) {
        files.push_back(files[i]);
        sum += files.back().size();
    }
    return files;
}

std::string program_bytes(std::size_t size, std::string& origin) {
    std::string bytes;
    for (const std::string& file : programs(size, origin)) bytes += file;
    bytes.resize(size);
    return bytes;
}

std::string store_text(std::size_t size) {
    Engine chance(1);
    std::string text;
    while (text.size() < size) {
        text += chance() % 2 == 0 ? "export PATH=\"" : "  substituteInPlace $out/bin/wrapper --replace ";
        text.append("/nix/store/").append(base32(chance, 32));
        text.append("-").append(package_name(chance)).append("/bin:$PATH\"\n");
    }
    text.resize(size);
    return text;
}

void plant(std::string& bytes, const std::vector<reseal::Rule>& rules, std::size_t distance) {
    Engine chance(2);
    for (std::size_t at = chance() % distance; at < bytes.size(); at += 1 + chance() % (2 * distance)) {
        const std::string& from = rules[chance() % rules.size()].from;
        if (from.size() <= bytes.size() - at) bytes.replace(at, from.size(), from);
    }
}

const char* name(Kind kind) {
    switch (kind) {
        case Kind::hash: return "hashes";
        case Kind::path: return "store paths";
        case Kind::bytes16: return "16 bytes";
        case Kind::bytes8: return "8 bytes";
        case Kind::bytes4: return "4 bytes";
    }
    return "";
}

std::vector<reseal::Rule> make_rules(Kind kind, std::size_t count) {
    Engine chance(3);
    std::vector<reseal::Rule> rules;
    std::set<std::string> known;
    while (rules.size() < count) {
        std::string front;
        std::string back;
        std::size_t length = 32;
        if (kind == Kind::path) {
            front = "/nix/store/";
            back.append("-").append(package_name(chance));
        } else if (kind != Kind::hash) {
            length = kind == Kind::bytes16 ? 16 : kind == Kind::bytes8 ? 8 : 4;
        }
        std::string from = front;
        from.append(base32(chance, length)).append(back);
        std::string to = front;
        to.append(base32(chance, length)).append(back);
        if (known.insert(from).second) rules.push_back({std::move(from), std::move(to)});
    }
    return rules;
}

}  // namespace bench
