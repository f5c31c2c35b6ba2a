// SPDX-License-Identifier: BSL-1.0
#include "fs/temporary_name.hpp"

#include <fcntl.h>
#include <sodium.h>

#include <array>

#include "bytes/hex.hpp"
#include "fs/io_error.hpp"

namespace reseal::fs {
namespace {

constexpr std::string_view reseal_prefix = ".reseal-", suffix = ".tmp";
constexpr std::size_t random_bytes = 8;

}  // namespace

std::string temporary_name() {
    std::array<char, random_bytes> random;
    randombytes_buf(random.data(), random.size());
    return std::string(reseal_prefix).append(to_hex({random.data(), random.size()})).append(suffix);
}

bool is_temporary_name(std::string_view name) {
    if (name.size() != reseal_prefix.size() + 2 * random_bytes + suffix.size()) return false;
    if (!name.starts_with(reseal_prefix) || !name.ends_with(suffix)) return false;
    return name.substr(reseal_prefix.size(), 2 * random_bytes).find_first_not_of("0123456789abcdef") == name.npos;
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
