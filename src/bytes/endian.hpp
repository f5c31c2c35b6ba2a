// SPDX-License-Identifier: BSL-1.0
#pragma once
// Loads and stores of integers in a stated byte order, from any address: the only place where bytes become numbers.
#include <bit>
#include <concepts>
#include <cstring>

namespace reseal::bytes {

using Order = std::endian;

template <std::unsigned_integral T>
constexpr T swap(T value) {
    if constexpr (sizeof(T) == 1) return value;
    else if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    else if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    else return __builtin_bswap64(value);
}

/// The integer whose sizeof(T) bytes stand at `from`.
template <std::unsigned_integral T>
T load(const char* from, Order order) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return order == Order::native ? value : swap(value);
}

/// Puts the bytes of `value` at `to`.
template <std::unsigned_integral T>
void store(char* to, T value, Order order) {
    if (order != Order::native) value = swap(value);
    std::memcpy(to, &value, sizeof value);
}

}  // namespace reseal::bytes
