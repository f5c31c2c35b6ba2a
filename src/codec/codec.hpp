// SPDX-License-Identifier: BSL-1.0
#pragma once
// One direction of one compressed format: the C library that knows it, behind one small interface. Neither direction reads
// ahead or keeps more than the format's own window.
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

#include "codec/compression.hpp"

namespace reseal::codec {

/// The library cannot go on. what() is the end of a sentence that says that the stream is corrupt.
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The stream may well be sound, but not for us. what() says of it what it needs or has.
class Unsupported : public Failure {
public:
    using Failure::Failure;
};

struct Progress {
    std::size_t taken = 0;  ///< bytes of the input
    std::size_t made = 0;   ///< bytes of the output
    bool ended = false;     ///< the stream or member is over: its trailer has been read, or written
};

class Codec {
public:
    virtual ~Codec() = default;
    /// Reads from the front of `in` and writes to the front of `out`, which has room. `last`: nothing comes behind `in`.
    /// Without progress and not ended it needs more input.
    virtual Progress run(std::string_view in, std::span<char> out, bool last) = 0;
};

/// Memory that a decoder may ask for because the stream says so; the formats' own tools make streams that need 65 MiB (xz) and
/// 128 MiB (zstd) at most unless they are told to.
constexpr std::size_t max_decoder_memory = std::size_t{256} << 20;

/// For one member. Not for none.
std::unique_ptr<Codec> make_decoder(Compression compression);
/// The same bytes on every run: no times, names or hosts. Not for none.
std::unique_ptr<Codec> make_encoder(const Choice& choice);

}  // namespace reseal::codec
