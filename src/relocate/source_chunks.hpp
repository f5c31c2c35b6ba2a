// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that can be sought, read through in chunks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <reseal/error.hpp>
#include <reseal/source.hpp>
#include <string>
#include <string_view>

namespace reseal::relocate {

class SourceChunks {
public:
    /// The bytes [from, to) of the file, which has them. Both arguments must outlive it; `name` is the file's.
    SourceChunks(const Source& file, const std::string& name, std::uint64_t from, std::uint64_t to)
        : file_(file), name_(name), at_(from), end_(to) {
        buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(end_ - at_, chunk_bytes)));
    }
    SourceChunks(const Source& file, const std::string& name) : SourceChunks(file, name, 0, file.size()) {}

    /// The next chunk, never empty, which holds until the next call; false at the end. Throws Error (ErrorCode::io) when the
    /// file has become shorter.
    bool next(std::string_view& chunk) {
        if (at_ == end_) return false;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - at_, buffer_.size()));
        if (file_.read_at(at_, buffer_.data(), wanted) != wanted)
            throw Error(ErrorCode::io, "the file became shorter while it was read", name_, at_);
        chunk = std::string_view(buffer_).substr(0, wanted);
        at_ += wanted;
        return true;
    }

private:
    static constexpr std::size_t chunk_bytes = std::size_t{256} << 10;

    const Source& file_;
    const std::string& name_;
    std::uint64_t at_, end_;
    std::string buffer_;
};

}  // namespace reseal::relocate
