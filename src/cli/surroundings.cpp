// SPDX-License-Identifier: BSL-1.0
#include "cli/surroundings.hpp"

#include <reseal/error.hpp>

#include <chrono>
#include <filesystem>

#include "explain/cms.hpp"
#include "fs/read_whole.hpp"

#if defined(__APPLE__)
#include <sys/xattr.h>
#endif

namespace reseal::cli {
namespace {

constexpr std::size_t max_sealed_file = std::size_t{64} << 20;  // bytes of an Info.plist or CodeResources

std::optional<std::string> bytes_at(const std::filesystem::path& path, std::size_t most) {
    try {
        return fs::read_regular(path.string(), most);
    } catch (const Error&) {
        return {};
    }
}

/// A program in Contents/MacOS belongs to the bundle that Contents is of.
void add_bundle(Surroundings& around, const std::filesystem::path& path) {
    const std::filesystem::path folder = path.parent_path(), contents = folder.parent_path();
    if (folder.filename() != "MacOS" || contents.filename() != "Contents") return;
    around.in_bundle = true;
    around.profile = bytes_at(contents / "embedded.provisionprofile", explain::max_cms_size);
    around.info_plist = bytes_at(contents / "Info.plist", max_sealed_file);
    around.resources = bytes_at(contents / "_CodeSignature" / "CodeResources", max_sealed_file);
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
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    if (!error) add_bundle(around, absolute);
    around.quarantine = quarantine_of(path);
    return around;
}

}  // namespace reseal::cli
