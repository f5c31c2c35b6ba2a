// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a page that was changed after signing looks like: most often a path was written over another one.
#include <cstddef>
#include <string>
#include <string_view>

namespace reseal::diagnose {

struct PageLook {
    std::size_t at = 0;     ///< of the string that tells it, in the page
    bool found = false;     ///< there is such a string
    std::string_view what;  ///< a phrase: "a store path stands there"; empty: nothing tells
};

PageLook look_at_page(std::string_view page);
/// The same phrase for a string that runs into the page from the one before it; empty: nothing tells.
std::string_view look_at_text(std::string_view text);

}  // namespace reseal::diagnose
