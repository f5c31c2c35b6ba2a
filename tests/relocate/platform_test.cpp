// SPDX-License-Identifier: BSL-1.0
#include "relocate/platform.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::platform_test {
using namespace relocate;

TEST_CASE("the limit is the target's, by the package's subdir") {
    for (const char* subdir : {"linux-64", "linux-aarch64", "linux-ppc64le", "linux"})
        CHECK(platform_of_subdir(subdir) == Platform::linux_);
    for (const char* subdir : {"osx-64", "osx-arm64"}) CHECK(platform_of_subdir(subdir) == Platform::osx);
    for (const char* subdir : {"", "noarch", "win-64", "emscripten-wasm32", "linuxes-64", "-64"})
        CHECK_FALSE(platform_of_subdir(subdir));
    CHECK(shebang_limit(Platform::linux_) == 127);
    CHECK(shebang_limit(Platform::osx) == 512);
}

TEST_CASE("a program tells its platform, a Java class and a text do not") {
    CHECK(platform_of_magic("\x7f"
                            "ELF\2\1\1") == Platform::linux_);
    for (const std::string magic : {"\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe"})
        CHECK(platform_of_magic(magic + "....") == Platform::osx);
    CHECK(platform_of_magic({"\xca\xfe\xba\xbe\0\0\0\2", 8}) == Platform::osx);
    CHECK(platform_of_magic({"\xca\xfe\xba\xbf\0\0\0\2", 8}) == Platform::osx);
    CHECK_FALSE(platform_of_magic({"\xca\xfe\xba\xbe\0\0\0\x34", 8}));
    CHECK_FALSE(platform_of_magic({"\xca\xfe\xba\xbe\0\0\0\0", 8}));
    CHECK_FALSE(platform_of_magic("\xca\xfe\xba\xbe"));
    CHECK_FALSE(platform_of_magic("#!/bin/sh\n"));
    CHECK_FALSE(platform_of_magic(""));
}

}  // namespace reseal::platform_test
