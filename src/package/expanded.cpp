// SPDX-License-Identifier: BSL-1.0
#include "package/expanded.hpp"

namespace reseal::package {

/// Enough to tell the format, in as many pieces as it comes.
std::string_view Expanded::begin() {
    std::string_view more = packed_.read();
    if (more.size() < codec::detect_bytes) {
        while (!more.empty() && head_.size() + more.size() < codec::detect_bytes) {
            head_ += more;
            more = packed_.read();
        }
        head_ += more;
        more = head_;
    }
    compression_ = codec::detect(more);
    expander_.emplace(compression_, name_);
    return more;
}

std::string_view Expanded::read() {
    if (!expander_) bytes_ = begin();
    while (!ended_) {
        const std::string_view made = expander_->next(bytes_);
        if (!made.empty()) {
            meter_.unpacked(made.size(), name_);
            return made;
        }
        bytes_ = packed_.read();
        if (!bytes_.empty()) continue;
        ended_ = true;
        expander_->finish();
    }
    return {};
}

}  // namespace reseal::package
