// SPDX-License-Identifier: BSL-1.0
#include "cli/program_limit.hpp"

#include <doctest/doctest.h>

#include "support/image_builder.hpp"

namespace reseal::program_limit_test {
using cli::max_behind_program;
using cli::max_streamed_program;
using cli::ProgramLimit;

namespace {

/// As far as a stream has come: zeros behind its first bytes.
class Come final : public Source {
public:
    Come(std::string first, std::uint64_t size) : first_(std::move(first)), size_(size) {}
    std::uint64_t size() const override { return size_; }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        std::memset(to, 0, count);
        return std::max(MemorySource(first_).read_at(offset, to, count), count);
    }

private:
    std::string first_;
    std::uint64_t size_;
};

/// Of how many bytes the first is refused, when so many come at a time.
std::uint64_t refused_at(const std::string& first, std::uint64_t step) {
    ProgramLimit limit;
    std::uint64_t size = step;
    while (!limit.exceeded(Come(first, size))) size += step;
    return size;
}

}  // namespace

TEST_CASE("a program may have something behind it, but no end of it") {
    const std::string program = support::build(support::ImageSpec{.code_size = 1'000'000}).bytes;
    CHECK(refused_at(program, 1 << 20) == ((program.size() + max_behind_program) >> 20 << 20) + (1 << 20));
}

TEST_CASE("nothing is kept without an end: not of an object file, not for headers that lie") {
    support::ImageSpec object{.filetype = 1};
    object.has_signature = false;
    CHECK(refused_at(support::build(object).bytes, 1 << 30) <= max_streamed_program + (1 << 30));
    support::ImageSpec far;
    far.signature_dataoff = 0xfffffff0;
    CHECK(refused_at(support::build(far).bytes, 1 << 30) <= (std::uint64_t{5} << 30));
    CHECK(refused_at(std::string("\xcf\xfa\xed\xfe", 4) + std::string(100, '\xff'), 1 << 20) == max_behind_program + (1 << 20));
}

}  // namespace reseal::program_limit_test
