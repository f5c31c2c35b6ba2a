// SPDX-License-Identifier: BSL-1.0
#pragma once
// A text file on its way out: editor → sink, and what that came to.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string_view>

#include "digest/digest.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/text_editor.hpp"

namespace reseal::relocate {

class TextPass {
public:
    /// `out` must outlive it; it may be null: then nothing is written, nor hashed.
    TextPass(const Prefixes& prefixes, const FileOptions& options, Sink* out);

    void write(std::string_view bytes);
    void finish();
    /// Whether it is a script with bytes behind it that are no text: an archive that unpacks itself counts its own bytes.
    bool payload() const { return kind_.script() && kind_.nul(); }
    /// At the end.
    FileRelocation result();

private:
    void drain();

    TextEditor editor_;
    FileKind kind_;
    std::string name_;
    Sink* out_;
    std::optional<digest::Hasher> after_;
};

}  // namespace reseal::relocate
