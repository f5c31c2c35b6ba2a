// SPDX-License-Identifier: BSL-1.0
#include "fs/rename.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>

namespace reseal::fs {
namespace {

[[maybe_unused]] int unknown() {
    errno = ENOSYS;
    return -1;
}

}  // namespace

#if defined(RENAME_NOREPLACE)
int rename_exclusive(int from_folder, const char* from, int to_folder, const char* to) {
    return ::renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE);
}
int rename_exchange(int from_folder, const char* from, int to_folder, const char* to) {
    return ::renameat2(from_folder, from, to_folder, to, RENAME_EXCHANGE);
}
#elif defined(RENAME_EXCL)
int rename_exclusive(int from_folder, const char* from, int to_folder, const char* to) {
    return ::renameatx_np(from_folder, from, to_folder, to, RENAME_EXCL);
}
int rename_exchange(int from_folder, const char* from, int to_folder, const char* to) {
    return ::renameatx_np(from_folder, from, to_folder, to, RENAME_SWAP);
}
#else
int rename_exclusive(int, const char*, int, const char*) { return unknown(); }
int rename_exchange(int, const char*, int, const char*) { return unknown(); }
#endif

}  // namespace reseal::fs
