// SPDX-License-Identifier: BSL-1.0
#include "bundle/inside.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"

namespace reseal::bundle {
namespace {

constexpr std::size_t most_of_a_link = 4096;  // PATH_MAX of every system that we run on is no more

}  // namespace

Inside::Inside(const std::string& folder) : folder_(folder) {
    // Behind the slash a link to a folder is that folder.
    fd_ = fs::Descriptor(::open(std::string(folder).append("/.").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd_) throw fs::io_error(folder, "open");
}

std::string Inside::path(const std::string& name) const { return name.empty() ? folder_ : folder_ + "/" + name; }

fs::Descriptor Inside::folder_of(const std::string& name, std::string& last) const {
    fs::Descriptor at(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    std::size_t begin = 0;
    for (std::size_t slash = name.find('/'); at && slash != std::string::npos; slash = name.find('/', begin)) {
        const std::string part = name.substr(begin, slash - begin);
        if (part == "..") throw Error(ErrorCode::io, "leads out of the bundle", path(name));
        at = fs::Descriptor(::openat(at.get(), part.empty() ? "." : part.c_str(), fs::folder_flags));
        begin = slash + 1;
    }
    last = name.substr(begin);
    if (!at) throw fs::io_error(path(name), "open");
    if (last.empty() || last == "." || last == ".." || name.find('\0') != std::string::npos)
        throw Error(ErrorCode::io, "names no file", path(name));
    return at;
}

fs::Descriptor Inside::open(const std::string& name) const {
    std::string last;
    const fs::Descriptor at = folder_of(name, last);
    fs::Descriptor fd(::openat(at.get(), last.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW));
    if (!fd) throw fs::io_error(path(name), "open");
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) throw fs::io_error(path(name), "open");
    if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::io, "is no regular file", path(name));
    return fd;
}

fs::OpenFolder Inside::open_folder(const std::string& name) const {
    if (name.empty()) return fs::OpenFolder(fd_.get(), ".");
    try {
        std::string last;
        const fs::Descriptor at = folder_of(name, last);
        return fs::OpenFolder(at.get(), last.c_str());
    } catch (const Error&) {
        errno = ENOENT;
        return fs::OpenFolder(AT_FDCWD, "");
    }
}

std::string Inside::read(const std::string& name, std::size_t most) const {
    const fs::Descriptor fd = open(name);
    const fs::FileSource file = fs::FileSource::share(fd.get(), path(name));
    if (file.size() > most) throw Error(ErrorCode::io, "more than " + std::to_string(most) + " bytes", path(name));
    std::string bytes(static_cast<std::size_t>(file.size()), '\0');
    bytes.resize(file.read_at(0, bytes.data(), bytes.size()));
    return bytes;
}

std::string Inside::link_target(const std::string& name) const {
    std::string last;
    const fs::Descriptor at = folder_of(name, last);
    std::string target(most_of_a_link, '\0');
    const ssize_t size = ::readlinkat(at.get(), last.c_str(), target.data(), target.size());
    if (size < 0) throw fs::io_error(path(name), "read the link");
    target.resize(static_cast<std::size_t>(size));
    return target;
}

}  // namespace reseal::bundle
