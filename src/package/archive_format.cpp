// SPDX-License-Identifier: BSL-1.0
#include "package/archive_format.hpp"

#include <reseal/error.hpp>
#include <utility>

#include "package/laid_down.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

using Told = std::pair<std::string_view, const char*>;

constexpr Told magics[] = {
    {"hsqs", "a squashfs image is mounted, not unpacked; `unsquashfs -d DEST` and `reseal conda-unpack DEST` do it"},
    {"sqsh", "a squashfs image is mounted, not unpacked; `unsquashfs -d DEST` and `reseal conda-unpack DEST` do it"},
    {"#!", "a script that installs itself has to be run: `bash FILE -b -p DEST`"},
    {"MZ", "a program for Windows, and nothing to unpack here"},
    {"7z\xbc\xaf\x27\x1c", "a 7z archive; only tar and zip are read"},
    {"Rar!", "a rar archive; only tar and zip are read"},
};

constexpr Told entries[] = {
    {"pixi-pack.json", "a pack of packages, which `pixi-unpack` installs"},
    {"environment/pixi-pack.json", "a pack of packages, which `pixi-unpack` installs"},
    {"Scripts/conda-unpack.exe", "an environment for Windows has to be unpacked there"},
    {"Scripts/conda-unpack-script.py", "an environment for Windows has to be unpacked there"},
};

}  // namespace

ArchiveFormat detect_format(std::string_view head, const std::string& name) {
    if (head.empty()) throw Error(ErrorCode::malformed, "the archive is empty", name);
    for (const auto& [magic, why] : magics)
        if (head.starts_with(magic)) throw Error(ErrorCode::malformed, std::string("refused: ") + why, name);
    for (const std::string_view magic : {"PK\3\4", "PK\5\6"})
        if (head.starts_with(magic)) return ArchiveFormat::zip;
    return ArchiveFormat::tar;
}

void check_entry(std::string_view path, const std::string& archive) {
    for (const std::string_view own : {aside_mark, std::string_view(".reseal-private")})
        if (path.starts_with(own))
            throw Error(ErrorCode::malformed, "a name that is kept for reseal is refused", entry_name(archive, path));
    for (const auto& [known, why] : entries)
        if (path == known) throw Error(ErrorCode::malformed, std::string("refused: ") + why, archive);
}

}  // namespace reseal::package
