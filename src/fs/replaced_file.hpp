// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file of a tree gets other bytes and stays the same in everything else. Always a new inode: a kernel that caches code
// signatures by inode kills a program that was patched in place, a program that runs cannot be written, and a hard link to a
// file elsewhere (a package cache) must keep the old bytes.
#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"
#include "fs/temporary_file.hpp"

namespace reseal::fs {

/// Collects the bytes beside the file; commit() puts them in its place. Without commit() nothing has changed and nothing is
/// left. Nothing is synced. Where the original has holes, blocks of zeros become holes. Every failure is an Error
/// (ErrorCode::io) that names the file.
class ReplacedFile final : public Sink {
public:
    /// `path`: a regular file, no link to one. `original`: open for reading, and what attributes are taken from.
    ReplacedFile(const std::string& path, int original);

    void write(std::string_view bytes) override;
    /// Instead of write(): all the bytes of the original, as many as it returns.
    std::uint64_t copy_original();
    /// Instead of those that stand at `offset` of the copy.
    void overwrite(std::uint64_t offset, std::string_view bytes);
    /// Attributes, time of modification (as utimensat(2) has it; the time of access is left to the system), and the name.
    void commit(const timespec& modified);

private:
    void hand_over(std::string_view more);

    std::string path_;
    int original_;
    TemporaryFile temporary_;
    std::string gathered_;  // small writes
    bool holes_ = false;    // the original has some
    std::uint64_t written_ = 0;
};

}  // namespace reseal::fs
