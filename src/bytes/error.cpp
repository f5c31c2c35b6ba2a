// SPDX-License-Identifier: BSL-1.0
#include <reseal/error.hpp>

namespace reseal {

Error::Error(ErrorCode code, const std::string& what, std::string entry, std::optional<std::uint64_t> offset)
    : std::ios_base::failure(what), code_(code), entry_(std::move(entry)), offset_(offset) {
    if (!entry_.empty()) message_.append(entry_).append(": ");
    message_ += what;
    if (offset_) message_.append(" (offset ").append(std::to_string(*offset_)).append(")");
}

}  // namespace reseal
