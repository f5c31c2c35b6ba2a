// SPDX-License-Identifier: BSL-1.0
#include "bundle/shape.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <reseal/error.hpp>

#include "bundle/inside.hpp"
#include "bundle/plist.hpp"
#include "fs/path_parts.hpp"

namespace reseal::bundle {
namespace {

constexpr std::size_t most_of_a_name = 255;

bool is(mode_t type, const std::string& path) {
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 && (status.st_mode & S_IFMT) == type;
}
bool is_folder(const std::string& path) { return is(S_IFDIR, path); }
bool is_file(const std::string& path) { return is(S_IFREG, path); }

/// A name that stands for something in the folder at hand, and nowhere else.
bool is_plain_name(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= most_of_a_name &&
           name.find_first_of(std::string("/\0", 2)) == std::string::npos;
}

/// What Versions/Current leads to; "" where that is no version.
std::string current_version(const std::string& framework) {
    std::string name(most_of_a_name + 1, '\0');
    const std::string versions = framework + "/Versions";
    const ssize_t size = ::readlink((versions + "/Current").c_str(), name.data(), name.size());
    if (size > 0) {
        name.resize(static_cast<std::size_t>(size));
        name = fs::without_slashes(name.starts_with("./") ? name.substr(2) : name);  // "A/" and "./A" are A, too
        return is_plain_name(name) && is_folder(versions + "/" + name) ? versions + "/" + name : "";
    }
    for (const char* usual : {"/Current", "/A"})
        if (is_folder(versions + usual)) return versions + usual;
    return {};
}

/// A folder's name has an extension: F.framework, T.xctest.
bool has_extension(const std::string& folder) {
    const std::string name = fs::name_of(folder);
    const std::size_t dot = name.rfind('.');
    return dot != std::string::npos && dot > 0 && dot + 1 < name.size();
}

std::string name_without_extension(const std::string& folder) {
    const std::string name = fs::name_of(folder);
    return has_extension(folder) ? name.substr(0, name.rfind('.')) : name;
}

/// What Info.plist says, as far as it can be read.
struct Information {
    std::string identifier, executable, fault;
};

Information read_information(const BundlePlace& place) {
    Information found;
    if (place.info_plist.empty() || !plists_available()) return found;
    const std::string name = place.info_plist.substr(place.base.size() + 1);
    try {
        const plist::Value value = parse_plist(Inside(place.base).read(name, max_info_plist), "Info.plist");
        const auto* dict = value.as<plist::Dict>();
        if (!dict) {
            found.fault = "Info.plist: no dictionary";
            return found;
        }
        if (const auto* text = plist::find<std::string>(*dict, "CFBundleIdentifier")) found.identifier = *text;
        if (const auto* text = plist::find<std::string>(*dict, "CFBundleExecutable")) found.executable = *text;
        if (!found.executable.empty() && !is_plain_name(found.executable)) {
            found.fault = "Info.plist: CFBundleExecutable is no name of a file";
            found.executable.clear();
        }
    } catch (const Error& error) {
        found.fault = error.error() == ErrorCode::io ? "Info.plist cannot be read" : error.what();
    }
    return found;
}

}  // namespace

BundlePlace version_of(const std::string& framework, const std::string& folder) {
    BundlePlace place;
    place.shape = BundlePlace::Shape::versioned;
    place.folder = framework;
    place.base = folder;
    return place;
}

std::optional<BundlePlace> shape_of(const std::string& folder) {
    BundlePlace place;
    place.folder = folder;
    const std::string contents = folder + "/Contents";
    if (is_folder(contents) &&
        (is_file(contents + "/Info.plist") || is_folder(contents + "/MacOS") || is_folder(contents + "/_CodeSignature"))) {
        place.shape = BundlePlace::Shape::deep;
        place.base = contents;
        return place;
    }
    const bool framework = folder.ends_with(".framework");
    if (is_folder(folder + "/Versions")) {
        const std::string version = current_version(folder);
        if (!version.empty() &&
            (framework || is_file(version + "/Resources/Info.plist") || is_folder(version + "/_CodeSignature")))
            return version_of(folder, version);
    }
    place.base = folder;
    const bool informed = is_file(folder + "/Info.plist") || (framework && is_file(folder + "/Resources/Info.plist"));
    if (is_file(folder + "/_CodeSignature/CodeResources") || (informed && has_extension(folder))) return place;
    return {};
}

void find_parts(BundlePlace& place) {
    const auto first_file = [&](std::initializer_list<const char*> names) {
        for (const char* name : names)
            if (std::string path = place.base + name; is_file(path)) return path;
        return std::string();
    };
    const bool versioned = place.shape == BundlePlace::Shape::versioned;
    place.info_plist = versioned ? first_file({"/Resources/Info.plist"}) : first_file({"/Info.plist", "/Resources/Info.plist"});
    // Where there is a folder for signatures, what lies outside of it is none.
    place.code_resources = is_folder(place.base + "/_CodeSignature") ? first_file({"/_CodeSignature/CodeResources"})
                                                                     : first_file({"/CodeResources"});
    place.profile = first_file({"/embedded.provisionprofile", "/embedded.mobileprovision"});

    Information information = read_information(place);
    place.identifier = std::move(information.identifier);
    place.fault = std::move(information.fault);
    if (!place.fault.empty()) return;
    const bool named = !information.executable.empty();
    const std::string name = named ? information.executable : name_without_extension(place.folder);
    const std::string programs = place.shape == BundlePlace::Shape::deep ? place.base + "/MacOS/" : place.base + "/";
    if (is_file(programs + name) || (named && !is_file(place.base + "/" + name))) place.executable = programs + name;
    else if (is_file(place.base + "/" + name)) place.executable = place.base + "/" + name;
}

}  // namespace reseal::bundle
