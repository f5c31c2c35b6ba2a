// SPDX-License-Identifier: BSL-1.0
#pragma once
// An archive's file: read from its first byte on, or at any offset where its format asks for that.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fs/descriptor.hpp"
#include "package/limits.hpp"
#include "package/stream.hpp"

namespace reseal::package {

/// The name of what "-" reads.
inline constexpr const char* standard_input = "standard input";
/// As messages name the file at `path`, or standard input. It leads to the file too, also where that is called so.
std::string name_of_input(const std::string& path);

class Input final : public Stream {
public:
    static constexpr std::size_t piece = std::size_t{256} * 1024;
    /// So many of the first bytes tell what it is.
    static constexpr std::size_t head_size = 4096;

    /// Opens `path`; "-" is standard input. `meter` counts what is read and must outlive it; `stop` is asked while bytes are
    /// waited for, and true ends the reading by Stopped. Throws Error (ErrorCode::io).
    Input(const std::string& path, Meter& meter, std::function<bool()> stop);

    /// By name_of_input().
    const std::string& name() const { return name_; }
    /// The first bytes, fewer only where the file is shorter; not to be called behind them.
    std::string_view head();

    std::string_view read() override;

    /// Its file, where read() could have skipped and what stands there can be read by anybody; else none.
    std::shared_ptr<const fs::Descriptor> shared_file() const { return regular_ ? fd_ : nullptr; }
    /// What would come next does not; not behind its end. Only where there is shared_file(), and head() was read.
    void skip(std::uint64_t count);

    /// From here on read_at() may be called: what comes out of a pipe is copied to a file first.
    void make_seekable();
    std::uint64_t size() const { return size_; }
    /// Up to `count` bytes from `offset`; how many. Fewer only at the end.
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count);

private:
    std::size_t read_more(char* to, std::size_t count);
    void wait() const;

    std::string name_;
    Meter& meter_;
    std::function<bool()> stop_;
    std::shared_ptr<const fs::Descriptor> fd_;
    bool regular_ = false;
    std::uint64_t size_ = 0;
    std::string head_;
    bool head_read_ = false, head_given_ = false;
    std::unique_ptr<char[]> buffer_;
    std::size_t wanted_ = piece;  // at once
};

}  // namespace reseal::package
