// SPDX-License-Identifier: BSL-1.0
#ifdef __linux__
#include "fs/wait_for_disk.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "fs/folder.hpp"

namespace {

int waited_for_all = 0;

}  // namespace

// In place of that of the C library, in this program.
extern "C" void sync() noexcept(noexcept(::sync())) { ++waited_for_all; }

namespace reseal::wait_for_disk_test {

TEST_CASE("nothing is waited for where a folder cannot be opened") {
    const support::Folder here;
    fs::wait_for_disk({here.path(), here.path()});
    CHECK(waited_for_all == 0);
    fs::wait_for_disk({here.path(), here / "none"});
    CHECK(waited_for_all == 1);
}

}  // namespace reseal::wait_for_disk_test
#endif
