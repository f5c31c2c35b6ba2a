// SPDX-License-Identifier: BSL-1.0
#include "diagnose/page_look.hpp"

#include <algorithm>
#include <array>

#include "bytes/zeros.hpp"

namespace reseal::diagnose {
namespace {

struct Telling {
    std::string_view text, what;
};

// What builds and relocations write into programs, the most telling first.
constexpr std::array tellings = std::to_array<Telling>({
    {"/nix/store/", "a Nix store path stands there: rewritten after signing"},
    {"/gnu/store/", "a Guix store path stands there: rewritten after signing"},
    {"_h_env_placehold", "a build's placeholder for a prefix stands there"},
    {"_placehold_placehold", "a build's placeholder for a prefix stands there"},
    {"@@HOMEBREW_", "a Homebrew placeholder stands there"},
});
constexpr std::size_t least_padding = 8;  // a string ends in one NUL, and the next begins

bool is_path_character(char c) { return c > 0x20 && c < 0x7f; }

/// A path with more NULs behind it than a string has: what a longer prefix has left.
bool find_padded_path(std::string_view page, std::size_t& at) {
    for (std::size_t begin = page.find('/'); begin != std::string_view::npos; begin = page.find('/', begin)) {
        std::size_t end = begin;
        while (end < page.size() && is_path_character(page[end])) ++end;
        const bool starts = begin == 0 || page[begin - 1] == '\0';
        const bool padded = end + least_padding < page.size() && bytes::zeros(page.substr(end, least_padding));
        if (starts && padded && page.substr(begin + 1, end - begin - 1).find('/') != std::string_view::npos) {
            at = begin;
            return true;
        }
        begin = end == begin ? begin + 1 : end;
    }
    return false;
}

}  // namespace

PageLook look_at_page(std::string_view page) {
    if (!page.empty() && bytes::zeros(page)) return {0, false, "nothing but zeros stands there"};
    for (const Telling& each : tellings)
        if (const std::size_t at = page.find(each.text); at != std::string_view::npos) return {at, true, each.what};
    PageLook padded{0, true, "a path with room behind it stands there: perhaps a longer one was replaced"};
    if (find_padded_path(page, padded.at)) return padded;
    return {};
}

std::string_view look_at_text(std::string_view text) {
    for (const Telling& each : tellings)
        if (text.find(each.text) != std::string_view::npos) return each.what;
    return {};
}

}  // namespace reseal::diagnose
