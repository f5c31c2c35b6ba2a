// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

namespace reseal {

/// Bytes that can be read at any offset: what verify() and read_hint() look at. Rewriting never needs one.
class Source {
public:
    virtual ~Source() = default;
    /// Length in bytes, fixed for the life of the object.
    virtual std::uint64_t size() const = 0;
    /// Copies up to `count` bytes from `offset` to `to`; returns how many. Fewer than asked for only at the end (a file
    /// that was cut short meanwhile included). Throws Error on an I/O failure.
    virtual std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const = 0;
};

/// A source over bytes in memory, which the caller keeps alive.
class MemorySource final : public Source {
public:
    explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        if (offset >= bytes_.size()) return 0;
        std::string_view part = bytes_.substr(static_cast<std::size_t>(offset), count);
        std::memcpy(to, part.data(), part.size());
        return part.size();
    }

private:
    std::string_view bytes_;
};

}  // namespace reseal
