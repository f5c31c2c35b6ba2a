// SPDX-License-Identifier: BSL-1.0
#pragma once
// Puts a rewritten archive back into the tree it was read from, where the two differ and nowhere else. For trees that nobody
// else can see yet: files are written in place.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"
#include "fs/nar_reader.hpp"

namespace reseal::fs {

class TreePatch {
public:
    explicit TreePatch(std::string tree) : tree_(std::move(tree)) {}

    /// The next bytes of the archive as it was read.
    void before(std::string_view chunk);
    /// The next bytes as they are to be, of which there must not be more than were read. Throws Error (ErrorCode::io).
    void after(std::string_view chunk);
    /// The end of both.
    void finish();

    /// Of contents and targets, written so far.
    std::uint64_t bytes_written() const { return bytes_written_; }

private:
    /// A part of the archive that is also a part of the tree.
    struct Part {
        std::uint64_t at;    // in the archive
        std::uint64_t size;  // bytes
        std::uint64_t from;  // in the file
        std::string path;    // from the root, which is "."
        bool symlink;
    };

    void note_parts();
    void forget_parts(std::uint64_t to);
    void differs(std::uint64_t from, std::string_view bytes);
    void write(const Part& part, std::uint64_t from, std::string_view bytes);
    void relink(const Part& part, std::uint64_t from, std::string_view bytes);

    std::string tree_;
    NarReader reader_;
    std::deque<Part> parts_;      // those that end behind position_
    std::string held_;            // bytes read and not yet compared
    std::size_t compared_ = 0;    // so many of held_ are done with
    std::uint64_t position_ = 0;  // in the archive, of what comes after
    std::uint64_t file_size_ = 0;
    std::string open_path_;
    Descriptor open_;
    std::uint64_t bytes_written_ = 0;
};

}  // namespace reseal::fs
