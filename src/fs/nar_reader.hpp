// SPDX-License-Identifier: BSL-1.0
#pragma once
// A Nix archive as what happens in a tree: container::Nar says which bytes are framing, this says what the framing means.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "container/nar.hpp"

namespace reseal::fs {

struct NarEvent {
    enum class Kind {
        enter,     ///< a folder begins; what follows up to its `leave` is in it
        leave,     ///< the innermost folder ends
        symlink,   ///< `bytes`: where it points
        contents,  ///< of a regular file: the next `bytes`
        behind,    ///< `bytes` behind the archive's end
    };
    Kind kind = Kind::behind;
    std::string_view bytes;                                ///< hold until the reader is asked again or fed
    bool first = false, last = false, executable = false;  ///< contents only; an empty file is one empty event
    std::uint64_t offset = 0;                              ///< of `bytes` in the stream
};

class NarReader {
public:
    /// As Parser has them, but that next() throws Error (ErrorCode::malformed) where the stream is none.
    void feed(std::string_view chunk) { parser_.feed(chunk); }
    bool next(NarEvent& event);
    void end() { parser_.end(); }

    /// What the last event is about: its path from the root, which is ".", and its name, which for the root is empty.
    /// A leave tells neither.
    const std::string& path() const { return path_; }
    const std::string& name() const { return name_; }

private:
    void take_name(std::string_view name);

    container::Nar parser_;
    std::string path_ = ".", name_;
    std::vector<std::size_t> open_;  // sizes of the paths of the folders we are in; the root's is 0
    bool entered_ = false;           // the folder that was named last
    std::uint64_t offset_ = 0;
};

}  // namespace reseal::fs
