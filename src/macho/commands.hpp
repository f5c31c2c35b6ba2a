// SPDX-License-Identifier: BSL-1.0
#pragma once
// The load commands of an image, one after the other.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes/endian.hpp"

namespace reseal::macho {

/// How an image begins: which order its numbers have, and how long its header is.
struct Start {
    bytes::Order order;
    bool wide;  ///< 64-bit
    std::size_t size() const { return wide ? 32 : 28; }
};
/// Nothing for bytes that are no image.
std::optional<Start> read_start(std::string_view head);

struct Command {
    std::uint32_t cmd;
    std::size_t offset;      ///< from the image's first byte
    std::string_view bytes;  ///< of the whole command, at least 8
};

/// A cursor over them. It stops in front of the first one that does not hold together.
class Commands {
public:
    /// `head`: the image's first bytes, of which no more than the load commands is read.
    explicit Commands(std::string_view head);

    std::optional<Command> next();
    const std::optional<Start>& start() const { return start_; }
    /// Whether all commands the header counts came out of next().
    bool whole() const { return left_ == 0; }
    /// Where they end in `head`; right behind the header where `head` does not hold them all, or they are too many.
    std::size_t end() const { return end_; }

private:
    std::string_view head_;
    std::optional<Start> start_;
    std::uint32_t left_ = 0;
    std::size_t at_ = 0, end_ = 0;
};

}  // namespace reseal::macho
