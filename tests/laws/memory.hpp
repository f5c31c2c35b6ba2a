// SPDX-License-Identifier: BSL-1.0
#pragma once
// How much memory is in use, by an operator new of this program's own.
#include <cstddef>

namespace laws {

/// The most bytes in use at one time during an object's life, beyond those that were when it was made.
class MemoryGauge {
public:
    MemoryGauge();
    std::size_t peak() const;

private:
    std::size_t before_;
};

}  // namespace laws
