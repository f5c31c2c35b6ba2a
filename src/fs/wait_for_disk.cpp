// SPDX-License-Identifier: BSL-1.0
#include "fs/wait_for_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"

namespace reseal::fs {

#ifdef __linux__
void wait_for_disk(const std::vector<std::string>& folders) {
    std::set<dev_t> seen;
    for (const std::string& folder : folders) {
        const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        struct stat status{};
        if (!open || ::fstat(open.get(), &status) != 0) ::sync();  // who knows where it is
        else if (seen.insert(status.st_dev).second && ::syncfs(open.get()) != 0) throw io_error(folder, "sync");
    }
}
#else
void wait_for_disk(const std::vector<std::string>&) { ::sync(); }
#endif

}  // namespace reseal::fs
