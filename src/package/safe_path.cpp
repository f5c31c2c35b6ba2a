// SPDX-License-Identifier: BSL-1.0
#include "package/safe_path.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "bytes/ascii.hpp"

namespace reseal::package {
namespace {

/// Why nothing is laid down under this name; null: something may be.
const char* defect(std::string_view name) {
    if (name.empty()) return "an empty name";
    if (name.size() > max_path_bytes) return "a name of more than 4096 bytes";
    if (name.find('\0') != name.npos) return "a NUL in a name";
    if (name[0] == '/' || name[0] == '\\') return "an absolute name";
    if (name.size() > 1 && is_letter(name[0]) && name[1] == ':') return "a name with a drive";
    return nullptr;
}

}  // namespace

std::string entry_name(const std::string& archive, std::string_view path) {
    return archive + ": " + std::string(path.empty() ? "." : path);
}

std::optional<std::string> plain_path(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part == "..") return {};
        if (!out.empty()) out += '/';
        out += part;
    }
    return out;
}

std::string safe_path(std::string_view name, const std::string& where, const char* of) {
    const auto refuse = [&](const char* what) {
        throw Error(ErrorCode::malformed, std::string(of) + what + " is refused", where);
    };
    if (const char* what = defect(name)) refuse(what);
    std::optional<std::string> out = plain_path(name);
    if (!out) refuse("a name with ..");
    if (static_cast<std::size_t>(std::count(out->begin(), out->end(), '/')) >= max_path_depth)
        refuse("a name more than 256 folders deep");
    return std::move(*out);
}

}  // namespace reseal::package
