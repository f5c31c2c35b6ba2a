// SPDX-License-Identifier: BSL-1.0
#include <charconv>
#include <reseal/error.hpp>
#include <reseal/store.hpp>

namespace reseal::store {
namespace {

/// Digits at the front, which are taken away.
std::optional<unsigned> number(std::string_view& text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool dot(std::string_view& text) {
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

bool hashes_positions(std::string_view regime) {
    if (regime == "lix") return false;
    std::string_view rest = regime;
    const std::optional<unsigned> major = number(rest);
    const std::optional<unsigned> minor = major && dot(rest) ? number(rest) : std::nullopt;
    const bool patch = minor && (rest.empty() || (dot(rest) && number(rest) && rest.empty()));
    if (!patch) throw Error(ErrorCode::misuse, "not a version of Nix: '" + std::string(regime) + "'; X.Y or lix");
    const std::pair version(*major, *minor);
    return version <= std::pair(2u, 16u) || version >= std::pair(2u, 35u);
}

}  // namespace reseal::store
