// SPDX-License-Identifier: BSL-1.0
#pragma once
// A cursor over untrusted bytes with sticky failure: after the first read that does not fit, every read gives zero, the
// offset stays where it was, and ok() says so. A format is read without a check per field and judged once at the end.
#include <cstdint>
#include <string_view>

#include "bytes/endian.hpp"

namespace reseal::bytes {

class Reader {
public:
    Reader(std::string_view bytes, Order order) : bytes_(bytes), order_(order) {}

    std::uint8_t u8() { return integer<std::uint8_t>(); }
    std::uint16_t u16() { return integer<std::uint16_t>(); }
    std::uint32_t u32() { return integer<std::uint32_t>(); }
    std::uint64_t u64() { return integer<std::uint64_t>(); }

    /// The next `count` bytes as they stand.
    std::string_view take(std::uint64_t count) {
        if (!fits(count)) return {};
        std::string_view part = bytes_.substr(offset_, static_cast<std::size_t>(count));
        offset_ += part.size();
        return part;
    }
    void skip(std::uint64_t count) { take(count); }

    /// Moves to an absolute offset; the end itself is allowed.
    void seek(std::uint64_t offset) {
        if (failed_ || offset > bytes_.size()) failed_ = true;
        else offset_ = static_cast<std::size_t>(offset);
    }

    bool ok() const { return !failed_; }
    std::size_t offset() const { return offset_; }
    std::size_t left() const { return failed_ ? 0 : bytes_.size() - offset_; }

private:
    bool fits(std::uint64_t count) {
        if (failed_ || count > bytes_.size() - offset_) failed_ = true;
        return !failed_;
    }
    template <class T>
    T integer() {
        if (!fits(sizeof(T))) return 0;
        T value = load<T>(bytes_.data() + offset_, order_);
        offset_ += sizeof(T);
        return value;
    }

    std::string_view bytes_;
    Order order_;
    std::size_t offset_ = 0;
    bool failed_ = false;
};

}  // namespace reseal::bytes
