// SPDX-License-Identifier: BSL-1.0
#include "package/laid_file.hpp"

#include <utility>

#include "fs/io_error.hpp"
#include "fs/modified.hpp"

namespace reseal::package {
namespace {

LaidFile looked_at(const Staging& staging, const std::string& path, Staging::Folder folder, std::string name,
                   fs::Descriptor file) {
    LaidFile out{path, std::move(folder), std::move(name), std::move(file), {}};
    if (::fstat(out.file.get(), &out.status) != 0) throw fs::io_error(staging.blame(path), "look at");
    return out;
}

}  // namespace

LaidFile LaidFile::open(const Staging& staging, const std::string& path, Staging::Folder folder, std::string name) {
    fs::Descriptor file = staging.open(folder, name, path);
    return looked_at(staging, path, std::move(folder), std::move(name), std::move(file));
}

std::optional<LaidFile> LaidFile::open_to_change(const Staging& staging, const std::string& path, const Staging::Folder& folder,
                                                 const std::string& name) {
    fs::Descriptor file = staging.open_to_change(folder, name);
    if (!file) return {};
    return looked_at(staging, path, folder, name, std::move(file));
}

fs::FileSource LaidFile::source(const Staging& staging) const { return fs::FileSource::share(file.get(), staging.blame(path)); }

Entry LaidFile::entry() const {
    const timespec modified = fs::modified(status);
    Entry out;
    out.path = path;
    out.mode = status.st_mode & 0777u;
    out.modified = Time{modified.tv_sec, modified.tv_nsec};
    return out;
}

}  // namespace reseal::package
