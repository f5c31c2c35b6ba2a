// SPDX-License-Identifier: BSL-1.0
#include "relocate/boundary.hpp"

namespace reseal::relocate {
namespace {

bool is_word(char c) {
    const auto within = [c](char first, char last) { return first <= c && c <= last; };
    return within('a', 'z') || within('A', 'Z') || within('0', '9') || c == '_' || c == '-';
}

/// What a compiler takes with a path right behind it.
bool is_option(std::string_view word) {
    for (std::string_view option : {"-I", "-L", "-F", "-B", "-R", "-isystem", "-iquote", "-iframework", "-idirafter", "-rpath"})
        if (word == option) return true;
    return false;
}

bool begins(std::string_view before, std::string_view prefix) {
    if (before.empty() || (prefix.front() != '/' && !is_word(prefix.front()))) return true;
    if (prefix.front() == '/' && before.back() == '.') return false;  // ../usr/local
    if (!is_word(before.back())) return true;
    std::size_t word = before.size();
    while (word > 0 && is_word(before[word - 1])) --word;
    return is_option(before.substr(word));
}

}  // namespace

bool stands_alone(std::string_view before, std::string_view prefix, std::string_view after) {
    return begins(before, prefix) && (after.empty() || !is_word(prefix.back()) || !is_word(after.front()));
}

}  // namespace reseal::relocate
