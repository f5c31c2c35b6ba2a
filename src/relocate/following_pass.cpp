// SPDX-License-Identifier: BSL-1.0
#include "relocate/following_pass.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "relocate/source_chunks.hpp"

namespace reseal::relocate {

void FollowingPass::follow(std::uint64_t offset, std::string_view chunk) {
    if (decider_.fields().empty() || !decider_.problems().empty()) return;
    if (!pass_) {
        out_.emplace(file_, options_.patch_limit);
        pass_.emplace(prefixes_.index(), decider_.fields(), options_, &*out_);
    }
    const std::uint64_t decided = decider_.decided();
    read_again(std::min(decided, offset));
    if (decided > offset)
        pass(chunk.substr(static_cast<std::size_t>(position_ - offset), static_cast<std::size_t>(decided - position_)));
}

std::optional<FileRelocation> FollowingPass::finish() {
    if (decider_.fields().empty() || !decider_.problems().empty()) return {};
    follow(file_.size(), {});
    pass_->finish();
    if (!pass_->as_planned())
        throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", options_.name);
    return pass_->result();
}

void FollowingPass::read_again(std::uint64_t to) {
    if (position_ >= to) return;
    SourceChunks chunks(file_, options_.name, position_, to);
    for (std::string_view chunk; chunks.next(chunk);) pass(chunk);
}

void FollowingPass::pass(std::string_view bytes) {
    out_->came(position_, bytes);
    pass_->write(bytes);
    position_ += bytes.size();
}

}  // namespace reseal::relocate
