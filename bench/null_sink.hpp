// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the benchmarks write to: counts.
#include <cstddef>
#include <reseal/sink.hpp>
#include <string_view>

namespace bench {

struct NullSink final : reseal::Sink {
    void write(std::string_view bytes) override { size += bytes.size(); }
    std::size_t size = 0;
};

}  // namespace bench
