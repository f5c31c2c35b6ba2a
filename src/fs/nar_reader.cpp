// SPDX-License-Identifier: BSL-1.0
#include "fs/nar_reader.hpp"

#include <reseal/error.hpp>
#include <utility>

namespace reseal::fs {

// One run of framing may end a folder that it began, and others around it: after it the parser's state is compared with ours.
bool NarReader::next(NarEvent& event) {
    container::Run run;
    for (;;) {
        if (parser_.folder() && !std::exchange(entered_, true)) {
            open_.push_back(name_.empty() ? 0 : path_.size());
            event = {NarEvent::Kind::enter};
            return true;
        }
        if (open_.size() > parser_.depth()) {
            open_.pop_back();
            event = {NarEvent::Kind::leave};
            return true;
        }
        if (!parser_.next(run)) break;
        std::uint64_t offset = std::exchange(offset_, offset_ + run.bytes.size());
        switch (run.kind) {
            case container::RunKind::framing: break;
            case container::RunKind::header:
                if (std::vector<container::Target> targets = parser_.targets(); !targets.empty()) {
                    event = {NarEvent::Kind::symlink, run.bytes.substr(targets[0].offset, targets[0].size)};
                    event.offset = offset + targets[0].offset;
                    return true;
                }
                take_name(parser_.names().at(0));
                break;
            case container::RunKind::contents:
                event = {NarEvent::Kind::contents, run.bytes, run.first, run.last, parser_.executable(), offset};
                return true;
            case container::RunKind::behind: event = {NarEvent::Kind::behind, run.bytes}; return true;
        }
    }
    if (const auto& malformed = parser_.malformed())
        throw Error(ErrorCode::malformed, malformed->what, malformed->entry == "." ? "" : malformed->entry, malformed->offset);
    return false;
}

void NarReader::take_name(std::string_view name) {
    name_ = name;
    entered_ = false;
    path_.resize(open_.back());
    if (!path_.empty()) path_ += '/';
    path_ += name;
}

}  // namespace reseal::fs
