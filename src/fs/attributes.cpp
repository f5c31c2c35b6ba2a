// SPDX-License-Identifier: BSL-1.0
#include "fs/attributes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "fs/attribute_names.hpp"
#include "fs/io_error.hpp"

#if defined(__APPLE__)
#include <copyfile.h>
#elif defined(__linux__)
#include <sys/xattr.h>
#endif

namespace reseal::fs {
namespace {

constexpr mode_t set_id = S_ISUID | S_ISGID;

/// The permissions that go with the owner it has now.
mode_t copy_owner(const struct stat& from, int to, const std::string& name) {
    struct stat now{};
    if (::fstat(to, &now) != 0) throw io_error(name, "look at");
    mode_t mode = from.st_mode & 07777;
    if (now.st_uid != from.st_uid || now.st_gid != from.st_gid) {
        if (::fchown(to, from.st_uid, from.st_gid) != 0) {
            // The group alone is often ours to give.
            const bool group = ::fchown(to, static_cast<uid_t>(-1), from.st_gid) == 0;
            if (now.st_uid != from.st_uid) mode &= ~static_cast<mode_t>(S_ISUID);
            if (!group && now.st_gid != from.st_gid) mode &= ~set_id;
        }
    }
    return mode;
}

#if defined(__linux__)

/// Those that a system keeps for itself may be refused to us without the file being any the worse.
bool dispensable(std::string_view attribute) {
    return attribute.starts_with("security.") || attribute.starts_with("trusted.") || attribute.starts_with("system.nfs");
}

std::vector<char> value_of(int from, const std::string& attribute) {
    std::vector<char> value;
    for (;;) {
        const ssize_t size = ::fgetxattr(from, attribute.c_str(), nullptr, 0);
        if (size <= 0) return {};
        value.resize(static_cast<std::size_t>(size));
        const ssize_t got = ::fgetxattr(from, attribute.c_str(), value.data(), value.size());
        if (got < 0 && errno == ERANGE) continue;  // it has grown meanwhile
        value.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return value;
    }
}

/// `of_system`: access lists and their like, or all else.
void copy_extended(int from, int to, const std::string& name, bool of_system) {
    for (const std::string& attribute : attribute_names(from)) {
        if (attribute.starts_with("system.") != of_system) continue;
        const std::vector<char> value = value_of(from, attribute);
        if (::fsetxattr(to, attribute.c_str(), value.data(), value.size(), 0) == 0) continue;
        if (!dispensable(attribute)) throw io_error(name, "keep the attribute " + attribute + " of");
    }
}

#endif

}  // namespace

void copy_attributes(int from, int to, const std::string& name) {
    struct stat status{};
    if (::fstat(from, &status) != 0) throw io_error(name, "look at");
    const mode_t mode = copy_owner(status, to, name);
#if defined(__linux__)
    // What users attach can be set as long as the permissions let the file be written, whatever it was opened for; an access
    // list says more than the permissions, and so comes behind them.
    copy_extended(from, to, name, false);
#endif
    if (::fchmod(to, mode) != 0) throw io_error(name, "set the permissions");
#if defined(__linux__)
    copy_extended(from, to, name, true);
#elif defined(__APPLE__)
    if (::fcopyfile(from, to, nullptr, COPYFILE_XATTR | COPYFILE_ACL) != 0) throw io_error(name, "keep the attributes of");
#endif
}

}  // namespace reseal::fs
