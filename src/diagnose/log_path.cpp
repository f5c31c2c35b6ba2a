// SPDX-License-Identifier: BSL-1.0
#include "diagnose/log_path.hpp"

#include "diagnose/log_message.hpp"

namespace reseal::diagnose {

std::string_view unquoted(std::string_view text) {
    for (std::string_view mark : {"\"", "\xe2\x80\x9c"})
        if (text.starts_with(mark)) {
            text.remove_prefix(mark.size());
            break;
        }
    for (std::string_view mark : {"\"", "\xe2\x80\x9d", "\xe2\x80\x9c"})
        if (text.ends_with(mark)) {
            text.remove_suffix(mark.size());
            break;
        }
    return text;
}

std::string_view quoted(std::string_view text) {
    for (std::string_view mark : {"\"", "\xe2\x80\x9d"}) {
        const std::size_t end = text.rfind(mark);
        if (end != std::string_view::npos && end > 0) return unquoted(text.substr(0, end + mark.size()));
    }
    return {};
}

void set_path(LogEvent& event, std::string_view path) {
    if (path == "<nil>") return;  // the page is no file's
    event.path = kept(path);
    event.path_cut = path.find("/.../") != std::string_view::npos;
}

}  // namespace reseal::diagnose
