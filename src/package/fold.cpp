// SPDX-License-Identifier: BSL-1.0
#include "package/fold.hpp"

#include <algorithm>

#include "bytes/utf8.hpp"
#include "package/utf8_locale.hpp"

namespace reseal::package {
std::string folded(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    while (!name.empty()) {
        const Utf8Character c = first_character(name);
        if (c.size > 0) append_utf8(out, utf8_lower(c.value));
        else out += name[0];
        name.remove_prefix(std::max<std::size_t>(c.size, 1));
    }
    return out;
}

}  // namespace reseal::package
