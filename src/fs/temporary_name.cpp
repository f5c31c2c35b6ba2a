// SPDX-License-Identifier: BSL-1.0
#include "fs/temporary_name.hpp"

#include <fcntl.h>
#include <sodium.h>

#include <array>

#include "fs/io_error.hpp"

namespace reseal::fs {

std::string temporary_name() {
    std::array<unsigned char, 8> random;
    randombytes_buf(random.data(), random.size());
    std::array<char, 2 * random.size() + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
    return std::string(".reseal-") + hex.data() + ".tmp";
}

Descriptor open_for_names(const std::string& path, const std::string& blame) {
    int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifdef O_PATH
    if (folder < 0 && errno == EACCES) folder = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
    if (folder < 0) throw io_error(blame, "create");
    return Descriptor(folder);
}

}  // namespace reseal::fs
