// SPDX-License-Identifier: BSL-1.0
#pragma once
// A cursor over a line that was printed by a known format, with sticky failure as bytes::Reader has it: read the whole line,
// judge once. Numbers that do not fit fail, too.
#include <cstdint>
#include <optional>
#include <string_view>

namespace reseal::diagnose {

class Scan {
public:
    explicit Scan(std::string_view text) : rest_(text) {}

    /// Passes `word` where it is next.
    bool accept(std::string_view word);
    /// Fails where it is not.
    Scan& expect(std::string_view word);
    /// What stands before the next `end`, and passes both; fails where there is none.
    std::string_view until(std::string_view end);
    void spaces();

    /// Hexadecimal digits without 0x, at least one.
    std::uint64_t hex();
    /// Decimal digits, with a sign or without, at least one.
    std::int64_t integer();
    /// Either, as 0x says.
    std::uint64_t number();

    bool ok() const { return !failed_; }
    std::string_view rest() const { return rest_; }

private:
    std::uint64_t digits(unsigned base);
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace reseal::diagnose
