// SPDX-License-Identifier: BSL-1.0
#pragma once
// One run of a Rewriter, as a value.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Rewritten {
    std::string output;
    reseal::Report report;
    reseal::Work work;
    std::string failure;  ///< what the Error said, for a refused or malformed stream; empty without one
    bool refused() const { return !failure.empty(); }
    /// All but the work, which may depend on the chunks.
    bool operator==(const Rewritten& other) const {
        return output == other.output && report == other.report && failure == other.failure;
    }
};

/// As one chunk.
inline constexpr std::size_t whole = static_cast<std::size_t>(-1);

/// Chunk by chunk. Error (ErrorCode::refused) becomes a value; any other exception passes.
Rewritten rewrite(const reseal::Rules& rules, const std::vector<std::string_view>& chunks, const reseal::Options& options = {});

/// `chunk` bytes at a time (0: sizes by chance that follow from `seed`).
Rewritten rewrite(const reseal::Rules& rules, std::string_view input, const reseal::Options& options = {},
                  std::size_t chunk = whole, std::uint64_t seed = 1);

}  // namespace support
