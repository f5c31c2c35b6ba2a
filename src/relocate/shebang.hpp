// SPDX-License-Identifier: BSL-1.0
#pragma once
// A first line `#!INTERPRETER OPTIONS` in which prefixes were replaced. Kernels cut such a line off at a length and at the
// first blank, so a longer prefix, or one with a space in it, asks for another form of the line. What stands around the
// interpreter stays byte for byte, whatever encoding it is in.
#include <cstddef>
#include <reseal/relocation.hpp>
#include <span>
#include <string>
#include <string_view>

namespace reseal::relocate {

enum class ShebangForm {
    plain,  ///< as it was
    env,    ///< #!/usr/bin/env NAME OPTIONS
    exec,   ///< #!/bin/sh, and a second line that is a command to sh and a string to Python
};

/// A prefix of `length` bytes at `at`, to be replaced by `to`, which its owner keeps.
struct ShebangHit {
    std::size_t at = 0;
    std::size_t length = 0;
    std::string_view to;
    std::size_t pair = 0;
};

class Shebang {
public:
    /// `line` begins with `#!` and holds at most one line end, at its end: LF, CR LF or none. The hits lie in it, in their
    /// order.
    Shebang(std::string_view line, std::span<const ShebangHit> hits);

    /// Whether a kernel takes the plain form for what it means.
    bool fits(Platform platform) const;
    /// Plain where nothing changes, whether it fits or not.
    ShebangForm form(ShebangStyle style, Platform platform) const;
    /// One line, or two, with the line end as it was.
    std::string text(ShebangForm form) const;

private:
    void parse(std::string_view line, std::span<const ShebangHit> hits);
    std::string_view name() const;
    bool can_exec() const;

    std::string lead_;         // `#!` and blanks
    std::string interpreter_;  // as it is written, where a backslash may stand before a space
    std::string path_;         // the same without such backslashes
    std::string options_;      // with the blank before them
    std::string_view end_;
    bool same_ = false;  // whether the prefixes were replaced by the same
};

/// python, python3, python3.12
bool is_python(std::string_view name);

}  // namespace reseal::relocate
