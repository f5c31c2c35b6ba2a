// SPDX-License-Identifier: BSL-1.0
#include "cli/surroundings.hpp"

#include <reseal/bundle.hpp>
#include <reseal/error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "diagnose/cms.hpp"
#include "fs/read_whole.hpp"

#if defined(__APPLE__)
#include <sys/xattr.h>
#endif

namespace reseal::cli {
namespace {

constexpr std::size_t max_sealed_file = std::size_t{64} << 20;  // bytes of an Info.plist or CodeResources

std::optional<std::string> bytes_at(const std::string& path, std::size_t most) {
    try {
        return fs::read_regular(path, most);
    } catch (const Error&) {
        return {};
    }
}

bool looks_for_profile(std::string_view folder) {
    constexpr std::array kinds{".app", ".appex", ".xpc", ".systemextension"};
    return std::any_of(kinds.begin(), kinds.end(), [&](const char* each) { return folder.ends_with(each); });
}

/// `path` with as many of its last names taken away as `below` has more than `folder`: what the folder is called there. As
/// it was given where that is not so, behind a `..` or a link.
std::string same_folder(const std::string& path, const std::string& below, const std::string& folder) {
    const auto depth = [](const std::string& of) { return std::count(of.begin(), of.end(), '/'); };
    std::filesystem::path out = path;
    for (auto left = depth(below) - depth(folder); left > 0; --left) out = out.parent_path();
    return out.filename() == std::filesystem::path(folder).filename() ? out.string() : folder;
}

void add_bundle(Surroundings& around, const std::string& path) {
    const std::optional<BundlePlace> place = bundle_of(path);
    std::error_code error;
    if (!place || place->executable.empty() || !std::filesystem::equivalent(place->executable, path, error)) return;
    around.in_bundle = looks_for_profile(place->folder);
    around.bundle = same_folder(path, place->executable, place->folder);
    if (!place->profile.empty()) around.profile = bytes_at(place->profile, diagnose::max_cms_size);
    if (!place->info_plist.empty()) around.info_plist = bytes_at(place->info_plist, max_sealed_file);
    if (!place->code_resources.empty()) around.resources = bytes_at(place->code_resources, max_sealed_file);
}

std::string quarantine_of([[maybe_unused]] const std::string& path) {
#if defined(__APPLE__)
    std::string value(256, '\0');
    const ssize_t size = ::getxattr(path.c_str(), "com.apple.quarantine", value.data(), value.size(), 0, 0);
    if (size > 0) return value.substr(0, static_cast<std::size_t>(size));
#endif
    return {};
}

}  // namespace

Surroundings surroundings_of(const std::string& path, const std::string& processor) {
    Surroundings around;
    around.path = path;
    around.processor = processor;
    around.now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    if (path == "-") return around;
    add_bundle(around, path);
    around.quarantine = quarantine_of(path);
    return around;
}

}  // namespace reseal::cli
