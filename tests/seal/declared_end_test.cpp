// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include "seal/file_layout.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"

namespace reseal::declared_end_test {
using support::build;
using support::ImageSpec;

namespace {

std::optional<std::uint64_t> end_of(const std::string& bytes) { return seal::declared_end(MemorySource(bytes)); }

std::string segment_command(std::string name, std::uint64_t offset, std::uint64_t size) {
    name.resize(16);
    const auto word = [](std::uint64_t value) { return support::integer(value, 8, false); };
    return support::integer(0x19, 4, false) + support::integer(72, 4, false) + name + word(0) + word(0) + word(offset) +
           word(size) + std::string(16, '\0');
}

}  // namespace

TEST_CASE("a program ends with its signature, whatever is appended to it") {
    const std::string program = build(ImageSpec{}).bytes;
    CHECK(end_of(program) == program.size());
    CHECK(end_of(program + std::string(1000, 'x')) == program.size());
    CHECK(end_of(program.substr(0, 4096)) == program.size());
}

TEST_CASE("symbols kept apart end with what a debugger reads, which stands behind __LINKEDIT") {
    const std::uint64_t gigabyte = 1 << 30;
    ImageSpec symbols{.filetype = 10, .commands = {segment_command("__LINKEDIT", 8192, 5000)}, .has_signature = false};
    symbols.commands.push_back(segment_command("__DWARF", 16384, gigabyte));
    CHECK(end_of(build(symbols).bytes).value_or(0) == 16384 + gigabyte);
    symbols.commands.back() = segment_command("__DWARF", 16384, UINT64_MAX);
    CHECK(end_of(build(symbols).bytes).value_or(0) == UINT64_MAX);
}

TEST_CASE("a universal file ends with its last slice") {
    for (const bool wide : {false, true}) {
        const support::Fat fat =
            support::fat({build(ImageSpec{}), build(ImageSpec{.cputype = support::cpu_x86_64, .code_size = 50'000})}, wide);
        CHECK(end_of(fat.bytes + "appended").value_or(0) == fat.bytes.size());
    }
    support::FatSpec endless{.slices = {build(ImageSpec{})}, .wide = true};
    endless.slices[0].size = UINT64_MAX;
    CHECK(end_of(build(endless).bytes) == 0);  // its end would be beyond what 64 bits count
}

TEST_CASE("what does not hold together ends at once, an object file nowhere") {
    CHECK(end_of("no program") == 0);
    CHECK(end_of("") == 0);
    CHECK(end_of(std::string("\xcf\xfa\xed\xfe", 4) + std::string(100, '\xff')) == 0);
    ImageSpec object{.filetype = 1};
    object.has_signature = false;
    const std::string bytes = build(object).bytes;
    CHECK(end_of(bytes) == (bytes.find("__LINKEDIT") == std::string::npos ? std::optional<std::uint64_t>() : bytes.size()));
}

}  // namespace reseal::declared_end_test
