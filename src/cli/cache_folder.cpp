// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <reseal/error.hpp>

#include "cli/message.hpp"
#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"
#include "fs/output_file.hpp"
#include "fs/temporary_name.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

constexpr std::string_view suffix = ".narinfo", info_name = "nix-cache-info", store_dir_line = "StoreDir: ";

/// All of a small regular file; a pipe that somebody put there would be waited for.
std::string contents(const std::string& path, std::size_t most) {
    if (fs::kind_of(path) != fs::Kind::regular) throw Error(ErrorCode::io, "not a regular file", path);
    const fs::FileSource file = fs::FileSource::open(path);
    if (file.size() > most) throw Error(ErrorCode::malformed, "more than " + std::to_string(most) + " bytes", path);
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    return text;
}

bool exists(const std::string& path) {
    std::error_code none;
    return std::filesystem::exists(std::filesystem::symlink_status(path, none));
}

void make_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw fs::io_error(path, "create", error.value());
}

}  // namespace

CacheFolder CacheFolder::open(const std::string& path) {
    if (fs::kind_of(path) != fs::Kind::folder) throw fs::io_error(path, "open", ENOTDIR);
    CacheFolder cache(path);
    constexpr std::size_t most = std::size_t{64} << 10;
    const std::string info = cache.file(std::string(info_name));
    if (exists(info)) cache.info_ = contents(info, most);
    return cache;
}

CacheFolder CacheFolder::create(const std::string& path, const std::string& store_dir, std::string_view info) {
    make_folder(path + "/nar");
    CacheFolder cache(path);
    cache.lock();
    if (cache.locked_) cache.remove_leftovers();
    cache.info_ = open(path).info_;
    if (cache.info_.empty()) {
        fs::OutputFile out(cache.file(std::string(info_name)));
        out.write(info);
        out.commit();
        cache.info_ = info;
    }
    if (const std::optional<std::string> theirs = cache.store_dir(); theirs && *theirs != store_dir)
        throw Error(ErrorCode::misuse, "a cache of " + *theirs + ", not of " + store_dir, path);
    return cache;
}

std::optional<std::string> CacheFolder::store_dir() const {
    for (std::size_t at = 0; at < info_.size();) {
        const std::size_t end = std::min(info_.find('\n', at), info_.size());
        const std::string_view line = std::string_view(info_).substr(at, end - at);
        if (line.starts_with(store_dir_line)) return std::string(line.substr(store_dir_line.size()));
        at = end + 1;
    }
    return {};
}

// A file system without locks is used without: only two commands at once would be in each other's way there.
void CacheFolder::lock() {
    fs::Descriptor folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) throw fs::io_error(path_, "open");
    int got = ::flock(folder.get(), LOCK_EX | LOCK_NB);
    if (got != 0 && errno == EWOULDBLOCK) {
        message("note: " + path_ + ": waiting for another reseal to be done with it");
        do got = ::flock(folder.get(), LOCK_EX);
        while (got != 0 && errno == EINTR);
    }
    if (got == 0) locked_ = std::move(folder);
}

void CacheFolder::remove_leftovers() const {
    for (const std::string& path : {path_, path_ + "/nar"}) {
        fs::OpenFolder folder(AT_FDCWD, path.c_str());
        if (!folder) throw fs::io_error(path, "open");
        for (const fs::OpenFolder::Entry& entry : folder.entries(path))
            if (fs::is_temporary_name(entry.name)) ::unlink((path + "/" + entry.name).c_str());
    }
}

std::vector<std::string> CacheFolder::narinfo_names() const {
    fs::OpenFolder folder(AT_FDCWD, path_.c_str());
    if (!folder) throw fs::io_error(path_, "open");
    std::vector<std::string> names;
    for (fs::OpenFolder::Entry& entry : folder.entries(path_))
        if (entry.name.ends_with(suffix)) names.push_back(std::move(entry.name));
    std::sort(names.begin(), names.end());
    return names;
}

store::NarInfo CacheFolder::read(const std::string& narinfo_name) const {
    const std::string path = file(narinfo_name);
    store::NarInfo info = store::parse_narinfo(contents(path, store::max_narinfo_size), path);
    if (store::narinfo_name(info.path) != narinfo_name)
        throw Error(ErrorCode::malformed, "line 1: StorePath: a path of another hash part, " + info.path.base(), path);
    return info;
}

std::optional<store::NarInfo> CacheFolder::find(const store::StorePath& path) const {
    const std::string name = store::narinfo_name(path);
    if (!exists(file(name))) return {};
    return read(name);
}

void CacheFolder::check_same(const std::optional<store::NarInfo>& there, const store::NarInfo& info,
                             const std::string& source) {
    if (there && (there->path != info.path || there->nar_hash != info.nar_hash))
        throw Error(ErrorCode::misuse, "the cache has another " + there->path.base() + ", of " + there->nar_hash.nix32(),
                    source);
}

void CacheFolder::publish(const store::NarInfo& info) const {
    fs::OutputFile out(file(store::narinfo_name(info.path)));
    out.write(info.text());
    out.commit();
}

}  // namespace reseal::cli
