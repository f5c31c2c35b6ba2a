// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether a file is text, whose length may change, or binary, whose length must stay: binary with a NUL anywhere, or with a
// magic of a format that gives offsets or lengths. So the answer is there when the whole file has been seen, or at the first
// such sign.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reseal::relocate {

class FileKind {
public:
    static constexpr std::size_t head_size = 8;  ///< so many bytes hold every magic

    void feed(std::string_view chunk);
    /// Of all that was fed; once true, more bytes do not change it.
    bool binary() const { return nul_.has_value() || magic_; }
    /// Whether the file begins with `#!`.
    bool script() const { return head_.starts_with("#!"); }
    /// The offset of the first NUL.
    const std::optional<std::uint64_t>& nul() const { return nul_; }

private:
    std::string head_;
    std::uint64_t size_ = 0;
    std::optional<std::uint64_t> nul_;
    bool magic_ = false;
};

/// Whether `head`, a file's first FileKind::head_size bytes or all there are, begins a program, library, archive or compiled
/// Python module: ELF, Mach-O, PE, ar, zip, pyc.
bool has_binary_magic(std::string_view head);

}  // namespace reseal::relocate
