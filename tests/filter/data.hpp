// SPDX-License-Identifier: BSL-1.0
#pragma once
// Inputs of the filter's tests: real signed programs from testdata/, and how they fail.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <reseal/rules.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace filter_tests {

inline const char* const programs[] = {"bundle.arm64", "dylib.arm64", "exe.arm64",        "exe.x86_64",     "fat",
                                       "fat64",        "half-signed", "info-plist.arm64", "unsigned.arm64", "unsigned.x86_64"};

inline std::string data(const std::filesystem::path& name) {
    std::ifstream file(std::getenv("RESEAL_TESTDATA") / name, std::ios::binary);
    if (!file) throw std::runtime_error(name.string().append(" is not in testdata/"));
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}
/// The program NAME, built for the one path and for the other.
inline std::string before(const std::string& name) { return data(std::filesystem::path("a") / name); }
inline std::string after(const std::string& name) { return data(std::filesystem::path("b") / name); }

/// Equality whose failure does not print two whole programs.
inline bool same(const std::string& one, const std::string& other) { return one == other; }

/// From before to after.
inline reseal::Rules rules() { return reseal::Rules(reseal::parse_rules(data("a-to-b.rules"), "a-to-b.rules")); }

/// From after to before.
inline reseal::Rules back() {
    std::vector<reseal::Rule> rules = reseal::parse_rules(data("a-to-b.rules"), "a-to-b.rules");
    for (reseal::Rule& rule : rules) std::swap(rule.from, rule.to);
    return reseal::Rules(rules);
}

/// A program with a byte broken in a page that holds the path too: its slot is stale, so the image is refused.
inline std::string broken() {
    std::string bytes = before("exe.arm64");
    bytes[6000] = static_cast<char>(bytes[6000] ^ 1);
    return bytes;
}

}  // namespace filter_tests
