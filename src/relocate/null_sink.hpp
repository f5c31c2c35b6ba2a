// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <reseal/sink.hpp>

namespace reseal::relocate {

/// For who wants to know what would come out, and not to have it.
class NullSink final : public Sink {
public:
    void write(std::string_view) override {}
};

}  // namespace reseal::relocate
