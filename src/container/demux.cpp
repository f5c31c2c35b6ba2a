// SPDX-License-Identifier: BSL-1.0
#include "container/demux.hpp"

#include <algorithm>
#include <utility>

#include "container/detect.hpp"

namespace reseal::container {

Demux::Demux(Format format, std::string name) : format_(format), name_(std::move(name)) {
    if (format_ != Format::automatic && format_ != Format::nar_or_plain) begin(format_);
}

void Demux::begin(Format format) {
    format_ = format;
    parser_ = make_parser(format, name_);
}

void Demux::feed(std::string_view chunk) {
    if (parser_) return parser_->feed(chunk);
    std::size_t missing = std::min(detect_bytes - head_.size(), chunk.size());
    head_.append(chunk.substr(0, missing));
    if (head_.size() < detect_bytes) return;
    begin(detect(head_, format_));
    rest_ = chunk.substr(missing);
    parser_->feed(head_);
}

bool Demux::next(Run& run) {
    if (!parser_) return false;
    for (;;) {
        if (parser_->next(run)) return true;
        if (parser_->malformed()) return false;
        if (!rest_.empty()) {
            parser_->feed(std::exchange(rest_, {}));
        } else if (std::exchange(ended_, false)) {
            parser_->end();
        } else {
            return false;
        }
    }
}

void Demux::end() {
    if (!parser_) {
        begin(detect(head_, format_));
        parser_->feed(head_);
    }
    ended_ = true;
}

}  // namespace reseal::container
