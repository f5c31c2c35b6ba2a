// SPDX-License-Identifier: BSL-1.0
#pragma once
// How much is kept of a program that comes as a stream, which may be endless.
#include <cstdint>
#include <reseal/source.hpp>
#include <string>

namespace reseal::cli {

/// Behind the last byte that a program's headers tell of: what others append to one, say an archive that unpacks itself.
inline constexpr std::uint64_t max_behind_program = std::uint64_t{256} << 20;
/// Of a program whose headers tell of no end, or of one beyond: a signature's offset has 32 bits, in each slice.
inline constexpr std::uint64_t max_streamed_program = std::uint64_t{8} << 30;

class ProgramLimit {
public:
    /// Whether `program`, as far as it has come, is too long to be one. Asks its headers, once, when it is long.
    bool exceeded(const Source& program);

private:
    std::uint64_t most_ = max_behind_program;
    bool asked_ = false;
};

/// Throws Error (ErrorCode::malformed) for the stream of this name, which exceeds it.
[[noreturn]] void refuse_stream(const std::string& name);

}  // namespace reseal::cli
