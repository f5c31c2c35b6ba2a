// SPDX-License-Identifier: BSL-1.0
#pragma once
// A binary file that is read once: what is found decides how far what came in may go out.
#include <cstdint>
#include <reseal/relocation.hpp>
#include <string_view>

#include "relocate/binary_pass.hpp"
#include "relocate/byte_queue.hpp"
#include "relocate/finder.hpp"

namespace reseal::relocate {

class BinaryStream {
public:
    /// `out` must outlive it.
    BinaryStream(const Prefixes& prefixes, const FileOptions& options, Sink& out);

    void write(std::string_view chunk);
    FileRelocation finish();

private:
    void release(std::string_view chunk);

    Prefixes prefixes_;
    FileOptions options_;
    Finder finder_;
    BinaryPass pass_;
    ByteQueue held_;
    std::uint64_t position_ = 0;  // of the first byte that is not out
};

}  // namespace reseal::relocate
