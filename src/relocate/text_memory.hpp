// SPDX-License-Identifier: BSL-1.0
#pragma once
// What has to be remembered of a text file that was moved to a prefix, so that it can be moved to the next one as if its
// placeholders still stood in it: short prefixes stand in many places where no placeholder ever was, and of a `#!` line that
// took another form the interpreter's path is gone.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <vector>

#include "relocate/text_editor.hpp"

namespace reseal::relocate {

/// All of the file as it was with its placeholders: offsets, and the `#!` line, its end included, where one stood in it.
struct TextMemory {
    std::vector<PrefixField> fields;
    std::string shebang;
};

/// What remains to be remembered of a file that held placeholders and was edited.
TextMemory memory_of(const TextChanges& changes);

/// How a text file that was moved before is moved again.
struct TextMove {
    struct Edit {
        std::uint64_t offset = 0;  ///< of the file as it is
        std::size_t length = 0;
        std::size_t needle = 0;  ///< of `prefixes`, whose `to` comes there
    };
    Prefixes prefixes;
    std::size_t head_before = 0;  ///< bytes at the file's beginning that are replaced by `head`
    std::string head;
    std::vector<Edit> edits;  ///< ascending, behind the head
    /// Whether everything stood where the memory has it; else the file was searched.
    bool by_memory = false;
    std::uint64_t size_before = 0, size_after = 0;
    bool changed = false;
    TextMemory memory;  ///< for the move after this one
};

/// Reads the file and decides. `placed` leads from the placeholders to what stands there now, `next` from the same
/// placeholders, in the same order, to what shall stand there; a field's `pair` counts in both. Throws Error: ErrorCode::misuse
/// when the placeholders are not the same; what the file throws.
TextMove plan_text_move(const Source& now, const TextMemory& memory, const Prefixes& placed, const Prefixes& next,
                        TextOptions options);

/// Writes the file as planned.
void write_text_move(const Source& now, const TextMove& move, Sink& out);

}  // namespace reseal::relocate
