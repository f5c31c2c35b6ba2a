// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes that are asked for: layers of an archive stand on one another, and the innermost says how much it wants.
#include <cstdint>
#include <string_view>

namespace reseal::package {

class Stream {
public:
    virtual ~Stream() = default;
    /// The next bytes, which hold until the next call; none at the end. Throws Error.
    virtual std::string_view read() = 0;
};

/// Whoever unpacks wants to stop: nobody's fault, so it is no Error.
struct Stopped {};

}  // namespace reseal::package
