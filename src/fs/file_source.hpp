// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file as reseal::Source: what verify() and read_hint() look at.
#include <cstdint>
#include <reseal/source.hpp>
#include <string>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// Reads with pread(2), so several may share one descriptor's file. Not a mapping: a file that is cut short meanwhile
/// must be a short read, not a SIGBUS.
class FileSource final : public Source {
public:
    /// Opens a regular file; Error (ErrorCode::io) for anything else.
    static FileSource open(const std::string& path);
    /// Over a second handle on a regular file that somebody else reads from.
    static FileSource share(int fd, const std::string& name);

    std::uint64_t size() const override { return size_; }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override;

private:
    FileSource(Descriptor fd, std::string name);

    Descriptor fd_;
    std::string name_;
    std::uint64_t size_ = 0;
};

}  // namespace reseal::fs
