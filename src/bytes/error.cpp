// SPDX-License-Identifier: BSL-1.0
#include <reseal/error.hpp>

namespace reseal {

Error::Error(ErrorCode code, const std::string& what, std::string entry, std::optional<std::uint64_t> offset)
    : std::ios_base::failure(what), code_(code), entry_(std::move(entry)), offset_(offset) {
    if (!entry_.empty()) message_ = entry_ + ": ";
    message_ += what;
    if (offset_) message_ += " (offset " + std::to_string(*offset_) + ")";
}

}  // namespace reseal
