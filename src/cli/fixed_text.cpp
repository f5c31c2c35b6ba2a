// SPDX-License-Identifier: BSL-1.0
#include "cli/fixed_text.hpp"

#include <algorithm>
#include <span>

namespace reseal::cli {
namespace {

constexpr std::size_t fixed_listed = 8;

std::string numbers(std::span<const std::int64_t> slots) {
    std::string out;
    for (const std::int64_t slot : slots.first(std::min(slots.size(), fixed_listed)))
        out += (out.empty() ? "" : ", ") + std::to_string(slot);
    return slots.size() > fixed_listed ? out + " … and " + std::to_string(slots.size() - fixed_listed) + " more" : out;
}

/// "pages 4, 17; special slot -5; sha256/4096"
std::string slots_text(const CodeDirectoryReport& directory) {
    const std::span<const std::int64_t> slots(directory.slots_changed);
    const auto first_page = std::partition_point(slots.begin(), slots.end(), [](std::int64_t slot) { return slot < 0; });
    const auto specials = slots.first(static_cast<std::size_t>(first_page - slots.begin()));
    const auto pages = slots.subspan(specials.size());
    std::string out;
    if (!pages.empty()) out += (pages.size() == 1 ? "page " : "pages ") + numbers(pages) + "; ";
    if (!specials.empty()) out += (specials.size() == 1 ? "special slot " : "special slots ") + numbers(specials) + "; ";
    if (slots.empty()) out += "no hash; ";
    return out.append(name(directory.hash)).append("/").append(std::to_string(directory.page_size));
}

const char* fixed_word(ImageStatus status) {
    switch (status) {
        case ImageStatus::resealed: return "fixed";
        case ImageStatus::downgraded: return "fixed, ad-hoc now";
        case ImageStatus::unbound: return "fixed, to be signed again";
        case ImageStatus::refused: return "refused";
        case ImageStatus::untouched:
        case ImageStatus::unsigned_:
        case ImageStatus::unsealed: break;
    }
    return "right";
}

}  // namespace

std::string fixed_text(const ImageReport& image) {
    std::string out = fixed_word(image.status);
    std::string separator = "  ";
    for (const CodeDirectoryReport& directory : image.codedirectories) {
        out += separator + slots_text(directory);
        separator = " | ";
    }
    return out;
}

}  // namespace reseal::cli
