// SPDX-License-Identifier: BSL-1.0
#include "diagnose/place_text.hpp"

#include <algorithm>

namespace reseal::diagnose {
namespace {

constexpr std::size_t shortest_around = 4, shortest_elsewhere = 8;

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

/// Two parts at least: a single slash stands in many strings, and in code.
bool looks_like_path(std::string_view text) {
    return text.size() >= shortest_elsewhere && text.front() == '/' && text.find('/', 1) != std::string_view::npos;
}

PlaceText cut_text(std::string_view bytes, std::size_t begin, std::size_t end, std::size_t at) {
    constexpr std::size_t before = max_place_text / 4;
    if (end - begin > max_place_text && at > begin + before) begin = std::min(at - before, end - max_place_text);
    return {begin, bytes.substr(begin, std::min(end - begin, max_place_text))};
}

std::size_t run_end(std::string_view bytes, std::size_t at) {
    while (at < bytes.size() && is_printable(bytes[at])) ++at;
    return at;
}

}  // namespace

PlaceText find_place_text(std::string_view bytes, std::size_t at, std::size_t from, std::size_t to) {
    if (at < bytes.size() && is_printable(bytes[at])) {
        std::size_t begin = at;
        while (begin > 0 && is_printable(bytes[begin - 1])) --begin;
        const std::size_t end = run_end(bytes, at);
        if (end - begin >= shortest_around) return cut_text(bytes, begin, end, at);
    }
    PlaceText first;
    for (std::size_t begin = from; begin < std::min(to, bytes.size());) {
        const std::size_t end = run_end(bytes, begin);
        const std::string_view run = bytes.substr(begin, end - begin);
        if (run.size() >= shortest_elsewhere && end < bytes.size() && bytes[end] == '\0') {
            if (looks_like_path(run)) return cut_text(bytes, begin, end, begin);
            if (first.text.empty()) first = cut_text(bytes, begin, end, begin);
        }
        begin = end + 1;
    }
    return first;
}

}  // namespace reseal::diagnose
