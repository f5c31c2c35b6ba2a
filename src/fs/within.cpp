// SPDX-License-Identifier: BSL-1.0
#include "fs/within.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "fs/descriptor.hpp"

namespace reseal::fs {
namespace {

#ifdef O_PATH
constexpr int only_to_climb = O_PATH;  // needs no right to read
#else
constexpr int only_to_climb = O_RDONLY;
#endif

bool same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

}  // namespace

bool within(const std::string& folder, const std::string& tree) {
    struct stat top{}, here{};
    if (::lstat(tree.c_str(), &top) != 0 || !S_ISDIR(top.st_mode)) return false;
    Descriptor at(::open(folder.c_str(), only_to_climb | O_DIRECTORY | O_CLOEXEC));
    if (!at || ::fstat(at.get(), &here) != 0) return false;
    while (!same(here, top)) {
        const struct stat below = here;
        Descriptor above(::openat(at.get(), "..", only_to_climb | O_DIRECTORY | O_CLOEXEC));
        if (!above || ::fstat(above.get(), &here) != 0 || same(here, below)) return false;
        at = std::move(above);
    }
    return true;
}

}  // namespace reseal::fs
