// SPDX-License-Identifier: BSL-1.0
#include "fs/pipe.hpp"

#include <fcntl.h>

namespace reseal::fs {

#ifdef F_SETPIPE_SZ
void widen_pipe(int fd) {
    constexpr int wanted = 1 << 20;  // what an ordinary user may ask for
    if (int has = ::fcntl(fd, F_GETPIPE_SZ); has >= 0 && has < wanted) ::fcntl(fd, F_SETPIPE_SZ, wanted);
}
#else
void widen_pipe(int) {}
#endif

}  // namespace reseal::fs
