// SPDX-License-Identifier: BSL-1.0
#include "macho/arch.hpp"

#include <doctest/doctest.h>

namespace reseal::arch_test {
using macho::arch_name;

TEST_CASE("architectures have the names that lipo gives them") {
    CHECK(arch_name(0x0100000c, 0) == "arm64");
    CHECK(arch_name(0x0100000c, 1) == "arm64v8");
    CHECK(arch_name(0x0100000c, 2) == "arm64e");
    CHECK(arch_name(0x01000007, 3) == "x86_64");
    CHECK(arch_name(0x01000007, 8) == "x86_64h");
    CHECK(arch_name(0x0200000c, 1) == "arm64_32");
    CHECK(arch_name(7, 3) == "i386");
    CHECK(arch_name(12, 9) == "armv7");
    CHECK(arch_name(12, 11) == "armv7s");
    CHECK(arch_name(12, 0) == "arm");
    CHECK(arch_name(18, 0) == "ppc");
    CHECK(arch_name(18, 100) == "ppc970");
    CHECK(arch_name(0x01000012, 0) == "ppc64");
}

TEST_CASE("capability bits of the subtype do not hide the architecture") {
    CHECK(arch_name(0x0100000c, 0x80000002) == "arm64e");
    CHECK(arch_name(0x01000007, 0x80000003) == "x86_64");
}

TEST_CASE("an architecture without a name is told by its numbers") { CHECK(arch_name(99, 0x80000005) == "unknown(99,5)"); }

}  // namespace reseal::arch_test
