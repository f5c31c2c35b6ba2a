// SPDX-License-Identifier: BSL-1.0
#include "package/record.hpp"

#include <reseal/error.hpp>

#include "bytes/ascii.hpp"
#include "bytes/byte_string.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t placeholder_shown = 100;  // bytes of a placeholder that a message shows

}  // namespace

std::string checked_placeholder(std::string_view placeholder, const std::string& path, const std::string& where) {
    const auto refuse = [&](const std::string& why) {
        std::string what = std::string("'") + printable(path) + "': the placeholder '";
        what.append(printable(placeholder.substr(0, placeholder_shown)))
            .append(placeholder.size() > placeholder_shown ? "…' " : "' ")
            .append(why);
        throw Error(ErrorCode::malformed, what, where);
    };
    const bool drive = placeholder.size() > 1 && is_letter(placeholder[0]) && placeholder[1] == ':';
    if (drive || placeholder.starts_with('\\')) refuse("is a path of Windows; packages for Windows are not supported");
    if (!placeholder.starts_with('/')) refuse("is not an absolute path");
    if (placeholder.size() > Prefixes::max_length) refuse("is longer than " + std::to_string(Prefixes::max_length) + " bytes");
    if (placeholder.find('\0') != placeholder.npos) refuse("holds a NUL");
    return std::string(placeholder);
}

std::optional<FileMode> file_mode(std::string_view word) {
    for (const FileMode mode : {FileMode::text, FileMode::binary, FileMode::unknown})
        if (word == package::word(mode)) return mode;
    return {};
}

std::string_view word(FileMode mode) {
    switch (mode) {
        case FileMode::text: return "text";
        case FileMode::binary: return "binary";
        case FileMode::unknown: break;
    }
    return "unknown";
}

}  // namespace reseal::package
