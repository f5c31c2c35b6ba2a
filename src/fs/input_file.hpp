// SPDX-License-Identifier: BSL-1.0
#pragma once
// A stream read from its first byte to its last in big pieces: a named file, a pipe, standard input.
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fs/descriptor.hpp"

namespace reseal::fs {

class InputFile {
public:
    /// 256 KiB fit the second-level cache together with what the substituter does to them; 64 KiB to 1 MiB measure alike.
    static constexpr std::size_t piece = std::size_t{256} * 1024;

    /// Opens `path`; "-" is standard input. Throws Error (ErrorCode::io), for a directory too.
    explicit InputFile(const std::string& path);

    /// The next bytes, at most `piece`; none at the end. They stay valid until the next call. Throws Error (ErrorCode::io).
    std::string_view read();
    /// The next bytes, at least `count` of them; fewer at the end.
    std::string read_at_least(std::size_t count);

    /// As messages name it.
    const std::string& name() const { return name_; }
    int descriptor() const { return fd_.get(); }
    /// Bytes of a regular file that is read from its first byte on, which can therefore be read ahead; none otherwise.
    std::optional<std::uint64_t> size() const { return size_; }
    /// What an output that takes this file's place should be allowed: the permissions of a regular file opened by its
    /// name. The set-id bits only where the output will have the same owner and group.
    std::optional<mode_t> mode() const { return mode_; }

private:
    std::string name_;
    Descriptor fd_;
    std::optional<std::uint64_t> size_;
    std::optional<mode_t> mode_;
    std::unique_ptr<char[]> buffer_;
};

}  // namespace reseal::fs
