// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that comes as a stream and has to be sought: kept in memory while it is small, else in a temporary file that has no
// name any more.
#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/source.hpp>
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"
#include "fs/input_file.hpp"

namespace reseal::fs {

class SpooledFile final : public Source {
public:
    /// Beyond so many bytes a file is not kept in memory.
    static constexpr std::size_t most_in_memory = std::size_t{4} << 20;

    /// Throws Error (ErrorCode::io), named after the folder of temporary files. Not while others read.
    void write(std::string_view bytes);

    /// Of them in memory.
    std::size_t held() const { return memory_.size(); }

    std::uint64_t size() const override { return size_; }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override;

private:
    std::uint64_t size_ = 0;
    std::string memory_;  // all of it, until there is a file
    std::optional<Descriptor> file_;
};

/// What `in` brings, at most `most` bytes of a stream. Of a regular file nothing is copied. Throws Error (ErrorCode::io).
std::unique_ptr<Source> spooled(InputFile& in, std::uint64_t most);

}  // namespace reseal::fs
