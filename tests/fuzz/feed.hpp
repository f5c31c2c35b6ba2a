// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a fuzz target makes of its bytes: decisions are taken off the front one by one, the rest is payload.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

class Feed {
public:
    Feed(const std::uint8_t* data, std::size_t size) : left_(reinterpret_cast<const char*>(data), size) {}

    /// 0 where the bytes have run out, as for all that follow.
    std::uint8_t u8() {
        if (left_.empty()) return 0;
        auto value = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return value;
    }
    std::uint16_t u16() {
        unsigned high = u8();
        return static_cast<std::uint16_t>(high << 8 | u8());
    }
    /// 0 … limit − 1; at most 65536 values.
    std::size_t below(std::size_t limit) { return limit <= 1 ? 0 : (limit <= 256 ? u8() : u16()) % limit; }
    bool flag() { return (u8() & 1) != 0; }
    std::string_view rest() const { return left_; }

private:
    std::string_view left_;
};

/// A law that does not hold ends the program, which is how a fuzzer learns of it.
inline void require(bool holds, const char* law) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", law);
    std::abort();
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
