// SPDX-License-Identifier: BSL-1.0
#include "diagnose/scan.hpp"

#include "bytes/hex.hpp"

namespace reseal::diagnose {

bool Scan::accept(std::string_view word) {
    if (failed_ || !rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
}

Scan& Scan::expect(std::string_view word) {
    if (!accept(word)) failed_ = true;
    return *this;
}

std::string_view Scan::until(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (failed_ || at == std::string_view::npos) {
        failed_ = true;
        return {};
    }
    const std::string_view before = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return before;
}

void Scan::spaces() {
    while (accept(" ") || accept("\t")) {
    }
}

std::uint64_t Scan::digits(unsigned base) {
    std::uint64_t value = 0;
    std::size_t count = 0;
    while (count < rest_.size()) {
        const int digit = hex_value(rest_[count]);
        if (digit < 0 || static_cast<unsigned>(digit) >= base) break;
        const auto more = static_cast<unsigned>(digit);
        if (value > (UINT64_MAX - more) / base) failed_ = true;
        value = value * base + more;
        ++count;
    }
    if (count == 0) failed_ = true;
    if (failed_) return 0;
    rest_.remove_prefix(count);
    return value;
}

std::uint64_t Scan::hex() { return digits(16); }

std::int64_t Scan::integer() {
    const bool negative = accept("-");
    const std::uint64_t value = digits(10);
    if (value > static_cast<std::uint64_t>(INT64_MAX)) failed_ = true;
    if (failed_) return 0;
    return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

std::uint64_t Scan::number() { return accept("0x") ? hex() : digits(10); }

}  // namespace reseal::diagnose
