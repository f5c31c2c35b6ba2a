// SPDX-License-Identifier: BSL-1.0
#include "diagnose/last_page.hpp"

#include <algorithm>

#include "digest/digest.hpp"

namespace reseal::diagnose {
namespace {

// Where code may have ended before something made it longer or shorter: signatures begin at multiples of 16, and to try every
// byte with zeros behind it would be to hash a megabyte a hundred times.
constexpr std::size_t step = 4, alignment = 16;

std::string bytes_of(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace

std::string last_page_variant(HashType type, std::string_view hash, std::string_view page, std::string_view beyond,
                              std::uint64_t page_size) {
    digest::Hasher whole(type);
    whole.update(page);
    const auto is = [&](digest::Hasher hasher, std::string_view more) {
        hasher.update(more);
        return hasher.finish().bytes() == hash;
    };
    const auto rest = static_cast<std::size_t>(page_size - page.size());
    if (rest > 0 && is(whole, std::string(rest, '\0'))) return "filled up with zeros to a whole page";
    if (rest > 0 && beyond.size() == rest && is(whole, beyond))
        return "together with what stands behind the code, to a whole page";
    digest::Hasher part(type);
    for (std::size_t count = 0; count < page.size(); count += step) {
        if (is(part, "")) return "only its first " + bytes_of(count) + " of " + std::to_string(page.size());
        if (rest > 0 && count > 0 && count % alignment == 0 &&
            is(part, std::string(static_cast<std::size_t>(page_size) - count, '\0')))
            return "its first " + bytes_of(count) + ", filled up with zeros to a whole page";
        part.update(page.substr(count, step));
    }
    return "";
}

}  // namespace reseal::diagnose
