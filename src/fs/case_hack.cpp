// SPDX-License-Identifier: BSL-1.0
#include "fs/case_hack.hpp"

#include <algorithm>
#include <reseal/error.hpp>

namespace reseal::fs {
namespace {

constexpr int made_here = -1;  // a name that is on disk only

unsigned char folded(char c) { return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

}  // namespace

std::string_view without_case_hack(std::string_view name) { return name.substr(0, name.find(case_hack_suffix)); }

bool CaseHack::Less::operator()(const std::string& a, const std::string& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char x, char y) { return folded(x) < folded(y); });
}

std::string CaseHack::disk_name(const std::string& name, const std::string& path) {
    auto collision = [&](const std::string& made) {
        return Error(ErrorCode::malformed, "the name collides with the case-hacked name '" + made + "'", path);
    };
    auto [taken, is_new] = names_.emplace(name, 0);
    if (is_new) return name;
    if (taken->second == made_here) throw collision(taken->first);
    std::string made = name + std::string(case_hack_suffix) + std::to_string(++taken->second);
    if (!names_.emplace(made, made_here).second) throw collision(made);
    return made;
}

}  // namespace reseal::fs
