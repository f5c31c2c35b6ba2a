// SPDX-License-Identifier: BSL-1.0
#include "fs/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/write_all.hpp"

namespace reseal::fs {

void write_new_file(const std::string& path, std::string_view bytes, mode_t mode) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!file) throw io_error(path, "create");
    try {
        if (::fchmod(file.get(), mode) != 0) throw io_error(path, "set the permissions");
        write_all(file.get(), bytes, path);
        if (::fsync(file.get()) != 0) throw io_error(path, "sync");
    } catch (const Error&) {
        ::unlink(path.c_str());
        throw;
    }
}

}  // namespace reseal::fs
