// SPDX-License-Identifier: BSL-1.0
#include "fs/writable_folders.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace reseal::fs {

WritableFolders::WritableFolders(const std::vector<std::string>& folders) {
    for (const std::string& path : folders) {
        struct stat status{};
        if (::access(path.c_str(), W_OK | X_OK) == 0 || ::stat(path.c_str(), &status) != 0) continue;
        const mode_t mode = status.st_mode & 07777;
        if (status.st_uid != ::geteuid() || ::chmod(path.c_str(), mode | S_IWUSR | S_IXUSR) != 0) continue;
        changed_.push_back({path, mode});
    }
}

WritableFolders::~WritableFolders() {
    for (const Changed& each : changed_) ::chmod(each.path.c_str(), each.mode);
}

}  // namespace reseal::fs
