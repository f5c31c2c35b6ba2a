// SPDX-License-Identifier: BSL-1.0
#include "relocate/fill.hpp"

#include <algorithm>

namespace reseal::relocate {
namespace {

constexpr std::size_t suffix_safety = 7;  // Spack's

/// Whether the path that begins with a prefix goes on behind it, or ends there.
bool path_goes_on_or_ends(std::string_view after, Encoding encoding) {
    if (after.empty()) return true;
    std::string begun(
        after.substr(0, width(encoding)));  // of the last unit the file may not hold all: NULs, where it says nothing
    begun.resize(width(encoding));
    const std::uint32_t unit = first_unit(begun, encoding);
    if (unit > 0x7f) return false;
    const char c = static_cast<char>(unit);
    return c == '\0' || std::string_view("/:;\"'` \t\n\v\f\r").find(c) != std::string_view::npos;
}

bool ends_in_slash(const Replacement& replacement) {
    return first_unit(replacement.from.substr(replacement.from.size() - width(replacement.encoding)), replacement.encoding) ==
           '/';
}

std::string_view last(std::string_view text, std::size_t count) {
    return text.substr(text.size() - std::min(text.size(), count));
}

/// Spack's rule: linkers let one string be the end of another, so a string's last bytes must stay, or it must be cut so far in
/// front of them that they do. Of wide strings Spack knows nothing: those are padded.
FillChoice spack_fill(const Replacement& replacement, std::string_view after) {
    const std::size_t nul = after.substr(0, suffix_safety + 1).find('\0');
    const bool same = replacement.from.size() == replacement.to.size();
    if (nul != std::string_view::npos && replacement.encoding == Encoding::utf8) {
        std::string before(replacement.from), behind(replacement.to);
        before += after.substr(0, nul);
        behind += after.substr(0, nul);
        if (last(before, suffix_safety) != last(behind, suffix_safety)) {
            if (replacement.from.size() - replacement.to.size() > suffix_safety) return {Fill::cut, {}};
            return {Fill::left, Code::prefix_unpaddable};
        }
    }
    return {same ? Fill::none : Fill::front, {}};
}

bool is_path(const Replacement& replacement) {
    return replacement.to.size() >= width(replacement.encoding) && first_unit(replacement.to, replacement.encoding) == '/';
}

}  // namespace

Replacement replacement_of(const PrefixIndex& index, const PrefixField& field) {
    const std::size_t rule = index.rule_of(field.pair, field.encoding).value();
    return {index.rules()[rule].from, index.needle(rule).to, field.encoding};
}

FillChoice early_fill(const Replacement& replacement, const PrefixOptions& options, std::string_view after) {
    if (options.padding == Padding::nul && options.tail != Tail::patched) return {Fill::left, {}, true};
    if (replacement.to.size() > replacement.from.size()) return {Fill::left, Code::prefix_too_long};
    const bool same = replacement.to.size() == replacement.from.size();
    switch (options.padding) {
        case Padding::slash:
            if (same) return {Fill::none, {}};
            if (!is_path(replacement)) return {Fill::left, Code::prefix_unpaddable};
            if (path_goes_on_or_ends(after, replacement.encoding) || ends_in_slash(replacement)) return {Fill::behind, {}};
            return {Fill::front, {}};
        case Padding::nul: return {same ? Fill::none : Fill::end, {}};
        case Padding::spack:
            if (!same && !is_path(replacement)) return {Fill::left, Code::prefix_unpaddable};
            return spack_fill(replacement, after);
        case Padding::refuse:
            if (same) return {Fill::none, {}};
            return {Fill::left, Code::prefix_unpaddable};
    }
    return {};
}

FillChoice late_fill(const Replacement& replacement, bool terminated, Tail tail) {
    const bool same = replacement.to.size() == replacement.from.size();
    if (!terminated && tail == Tail::left) return {Fill::left, {}};
    if (replacement.to.size() > replacement.from.size()) return {Fill::left, Code::prefix_too_long};
    if (same) return {Fill::none, {}};
    if (terminated || tail == Tail::patched) return {Fill::end, {}};
    if (!is_path(replacement)) return {Fill::left, Code::prefix_unpaddable};
    return {Fill::front, {}};
}

FillChoice command_fill(const Replacement& replacement, const PrefixOptions& options) {
    if (replacement.to.size() > replacement.from.size()) return {Fill::left, Code::prefix_too_long};
    if (replacement.to.size() == replacement.from.size()) return {Fill::none, {}};
    if (options.padding == Padding::refuse) return {Fill::left, Code::prefix_unpaddable};
    return {Fill::end, {}};
}

std::string filled(const Replacement& replacement, Fill fill, std::string_view after) {
    const std::size_t room = replacement.from.size() - replacement.to.size();
    const std::string slashes =
        fill == Fill::behind || fill == Fill::front ? units(room / width(replacement.encoding), '/', replacement.encoding) : "";
    std::string out = fill == Fill::front ? slashes : std::string();
    out += replacement.to;
    if (fill == Fill::behind) out += slashes;
    if (fill == Fill::cut) {
        out += after.substr(0, after.find('\0') + 1);
        out += replacement.from.substr(out.size());
    }
    return out;
}

bool two_slashes(const Replacement& replacement, Fill fill) {
    if (fill != Fill::front) return false;
    const std::size_t unit = width(replacement.encoding);
    if (replacement.from.size() - replacement.to.size() != unit) return false;
    const std::string_view rest = replacement.to.substr(unit);
    return rest.size() < unit || first_unit(rest, replacement.encoding) != '/';
}

}  // namespace reseal::relocate
