// SPDX-License-Identifier: BSL-1.0
#pragma once
// Carries out on a binary file what is decided about it, while the rest of it is still being searched: so a file is read once,
// and how it comes out is known when its end has been seen. What cannot be decided yet is read again when it is.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string_view>

#include "relocate/binary_pass.hpp"
#include "relocate/field_decider.hpp"
#include "relocate/patch_sink.hpp"

namespace reseal::relocate {

class FollowingPass {
public:
    /// All must outlive it.
    FollowingPass(const Source& file, const FieldDecider& decider, const Prefixes& prefixes, const FileOptions& options)
        : file_(file), decider_(decider), prefixes_(prefixes), options_(options) {}

    /// The bytes at `offset`, which `decider` has seen. Nothing happens before a prefix was found.
    void follow(std::uint64_t offset, std::string_view chunk);
    /// The file ends, as `decider` knows. None when nothing was found, or is wrong with what was; throws Error (ErrorCode::io)
    /// when the file is no longer what it was.
    std::optional<FileRelocation> finish();
    /// After finish().
    std::optional<FilePatch> take_patch() { return out_->take(); }

private:
    void read_again(std::uint64_t to);
    void pass(std::string_view bytes);

    const Source& file_;
    const FieldDecider& decider_;
    const Prefixes& prefixes_;
    const FileOptions& options_;
    std::uint64_t position_ = 0;  // of what passes next
    std::optional<PatchSink> out_;
    std::optional<BinaryPass> pass_;
};

}  // namespace reseal::relocate
