// SPDX-License-Identifier: BSL-1.0
#pragma once
// The compressed formats a stream may come in, and how they are told apart.
#include <optional>
#include <string_view>

namespace reseal::codec {

enum class Compression { none, gzip, bzip2, xz, zstd };

/// "none", "gzip", "bzip2", "xz", "zstd".
std::string_view name(Compression compression);

/// The largest number of bytes that detect() looks at.
constexpr std::size_t detect_bytes = 10;
/// By the first bytes of a stream; none when they begin none of the others.
Compression detect(std::string_view head);

struct Levels {
    int least, most, usual;  ///< what the format's own tool takes, and takes unasked
};
Levels levels(Compression compression);

/// What to compress with.
struct Choice {
    Compression compression = Compression::none;
    int level = 0;  ///< within levels()
};

/// "none", "gzip", "zstd:19"; nothing when it is no such thing.
std::optional<Choice> parse_choice(std::string_view text);

}  // namespace reseal::codec
