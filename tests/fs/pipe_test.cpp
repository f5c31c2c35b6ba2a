// SPDX-License-Identifier: BSL-1.0
#include "fs/pipe.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "fs/descriptor.hpp"

namespace reseal::pipe_test {
using fs::Descriptor;

#ifdef F_SETPIPE_SZ
TEST_CASE("a pipe that its owner made larger is not made smaller") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    Descriptor in(ends[0]), out(ends[1]);
    if (::fcntl(out.get(), F_SETPIPE_SZ, 4096) != 4096) return;  // the system allows us nothing
    reseal::fs::widen_pipe(out.get());
    const int wide = ::fcntl(in.get(), F_GETPIPE_SZ);
    CHECK((wide == 1 << 20 || wide == 4096));  // as far as it allows it
    if (::fcntl(in.get(), F_SETPIPE_SZ, 4 << 20) == 4 << 20) {
        reseal::fs::widen_pipe(in.get());
        CHECK(::fcntl(in.get(), F_GETPIPE_SZ) == 4 << 20);
    }
}
#endif

}  // namespace reseal::pipe_test
