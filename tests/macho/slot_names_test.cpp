// SPDX-License-Identifier: BSL-1.0
#include "macho/slot_names.hpp"

#include <doctest/doctest.h>

namespace reseal::slot_names_test {
using namespace macho;
using Words = std::vector<std::string>;

TEST_CASE("a slot has another's name") {
    CHECK(slot_name(0) == "CodeDirectory");
    CHECK(slot_name(1) == "Info.plist");
    CHECK(slot_name(7) == "DER entitlements");
    CHECK(slot_name(11) == "library constraint");
    CHECK(slot_name(12) == "");
    CHECK(slot_name(0xfff) == "");
    CHECK(slot_name(0x1000) == "alternate CodeDirectory");
    CHECK(slot_name(0x1004) == "alternate CodeDirectory");
    CHECK(slot_name(0x1005) == "");
    CHECK(slot_name(0x10000) == "CMS signature");
}

TEST_CASE("a bit without a name is left out, or one has another's") {
    CHECK(directory_flag_names(0).empty());
    CHECK(directory_flag_names(0x20002) == Words{"adhoc", "linker-signed"});
    CHECK(directory_flag_names(0x80010004) == Words{"0x4", "runtime", "0x80000000"});
    CHECK(directory_flag_names(0xffffffff).size() == 32);
    CHECK(exec_segment_flag_names(0x11) == Words{"main-binary", "allow-unsigned"});
    CHECK(exec_segment_flag_names(std::uint64_t{1} << 63) == Words{"0x8000000000000000"});
}

TEST_CASE("a file type has another's name") {
    CHECK(file_type_name(2) == "executable");
    CHECK(file_type_name(8) == "bundle");
    CHECK(file_type_name(99) == "file of type 99");
}

}  // namespace reseal::slot_names_test
