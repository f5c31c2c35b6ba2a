// SPDX-License-Identifier: BSL-1.0
#include "cli/fixed_text.hpp"

#include "cli/slot_list.hpp"

namespace reseal::cli {
namespace {

/// "pages 4, 17; special slot -5; sha256/4096"
std::string slots_text(const CodeDirectoryReport& directory) {
    const auto [specials, pages] = split(directory.slots_changed);
    std::string out;
    if (!pages.empty()) out += (pages.size() == 1 ? "page " : "pages ") + slot_list(pages) + "; ";
    if (!specials.empty()) out += special_slot_list(specials) + "; ";
    if (directory.slots_changed.empty()) out += "no hash; ";
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
