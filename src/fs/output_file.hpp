// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that appears under its name complete or not at all. Always a new inode: a kernel that caches code signatures by
// inode kills a program that was patched in place, however right its bytes are.
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "fs/descriptor.hpp"
#include "fs/temporary_file.hpp"

namespace reseal::fs {

/// Collects the bytes in a temporary file in the same folder; commit() syncs it, gives it its name and syncs the folder.
/// Without commit() nothing is left. What is no regular file (find_target() says) is written straight through.
/// Every failure is an Error (ErrorCode::io) that names the file.
class OutputFile final : public Sink {
public:
    /// `mode`: the permissions it gets; none: 0666 less umask. "-" is standard output.
    explicit OutputFile(const std::string& path, std::optional<mode_t> mode = {});

    /// Whether a reader sees all of it or nothing; false: it is written straight through.
    bool atomic() const { return temporary_ != nullptr; }
    /// Of an atomic one: where it will stand.
    const std::string& folder() const { return folder_; }

    /// Another name in the same folder, for bytes that decide what they are called. Only where atomic(), before commit().
    void call_it(std::string name) { final_ = std::move(name); }

    void write(std::string_view bytes) override;
    /// Hands what was gathered to the system.
    void flush();
    /// Everything that can fail for want of room: flush, permissions, sync. Afterwards only the name is missing.
    void prepare();
    /// prepare(), unless that was done, and the name.
    void commit();

private:
    int descriptor() const { return temporary_ ? temporary_->descriptor() : straight_.get(); }

    std::string name_;  // as messages name it
    std::string folder_;
    std::string final_;  // in the temporary file's folder
    std::optional<mode_t> mode_;
    Descriptor straight_;
    std::unique_ptr<TemporaryFile> temporary_;  // none: straight through
    std::string gathered_;                      // small writes
    std::uint64_t written_ = 0;
    std::uint64_t started_ = 0;  // of these, so many are on their way to the disk
    bool prepared_ = false;
};

}  // namespace reseal::fs
