// SPDX-License-Identifier: BSL-1.0
#pragma once
// What threads ring so that the one that waits for signals, too (Interruption), looks up.
#include "fs/descriptor.hpp"

namespace reseal::cli {

class Bell {
public:
    /// Throws Error (ErrorCode::io).
    Bell();

    /// From any thread. A bell that rings already rings.
    void ring();
    /// Can be read while it rings.
    int descriptor() const { return read_.get(); }
    void quiet();

private:
    fs::Descriptor read_, write_;
};

}  // namespace reseal::cli
