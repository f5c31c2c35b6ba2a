// SPDX-License-Identifier: BSL-1.0
#include "fs/tree.hpp"

#include <sys/stat.h>

#include "fs/io_error.hpp"
#include "fs/names_in.hpp"

namespace reseal::fs {
namespace {

Kind kind_of(const struct stat& status) {
    return S_ISREG(status.st_mode) ? Kind::regular : S_ISDIR(status.st_mode) ? Kind::folder : Kind::other;
}

// One level of recursion a folder: a path has at most PATH_MAX / 2 of them.
void add(const std::string& folder, Tree& tree) {
    std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    try {
        for (const std::string& name : names_in(folder)) {
            std::string path = prefix + name;
            struct stat status{};
            if (::lstat(path.c_str(), &status) != 0) tree.unreadable.push_back(io_error(path, "open"));
            else if (kind_of(status) == Kind::regular) tree.files.push_back(path);
            else if (kind_of(status) == Kind::folder) add(path, tree);
        }
    } catch (const Error& error) {
        tree.unreadable.push_back(error);
    }
}

}  // namespace

Kind kind_of(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) throw io_error(path, "open");
    return kind_of(status);
}

Tree list_tree(const std::string& folder) {
    Tree tree;
    add(folder, tree);
    return tree;
}

}  // namespace reseal::fs
