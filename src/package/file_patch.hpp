// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file that changes here and there, written where it changes and nowhere else. For files that nobody else can see yet.
#include <cstdint>
#include <reseal/sink.hpp>
#include <reseal/source.hpp>
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"

namespace reseal::package {

/// What is written to it is the file as it is to be, from its first byte on, and no longer than it was.
class FilePatch final : public Sink {
public:
    /// `now` reads what `file` is open to be written. All must outlive it.
    FilePatch(const fs::Descriptor& file, const Source& now, std::string name);

    /// The next bytes of the file as it was, which hold until the next call: what is written as a view into them, where it
    /// stood there, needs no look at the disk.
    void read(std::string_view bytes);
    void write(std::string_view bytes) override;

    /// That differed.
    std::uint64_t bytes_written() const { return bytes_written_; }

private:
    bool stays(std::string_view bytes) const;

    const fs::Descriptor& file_;
    const Source& now_;
    std::string name_;
    std::string_view read_;
    std::uint64_t read_to_ = 0;  // in the file, the end of read_
    std::uint64_t at_ = 0;       // of what is written next
    std::string old_;
    std::uint64_t bytes_written_ = 0;
};

}  // namespace reseal::package
