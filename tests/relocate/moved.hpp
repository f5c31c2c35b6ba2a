// SPDX-License-Identifier: BSL-1.0
#pragma once
// One relocation of a file, as a value, and the same in every way there is.
#include <cstddef>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Moved {
    std::string output;
    reseal::FileRelocation result;
    bool operator==(const Moved&) const = default;

    /// Whether a finding of this kind is an error, or a note.
    bool has(reseal::Code code, reseal::Severity severity) const;
};

/// As a stream, chunk by chunk.
Moved moved(const std::vector<std::string_view>& chunks, const reseal::Prefixes& prefixes,
            const reseal::FileOptions& options = {.mode = reseal::FileMode::binary});
/// What a patch makes of a file.
std::string patched(std::string_view input, const reseal::FilePatch& patch);
/// Planned first, then written; checks that a patch would have done the same.
Moved planned(std::string_view input, const reseal::Prefixes& prefixes,
              const reseal::FileOptions& options = {.mode = reseal::FileMode::binary});
/// In one chunk, in two cut at every place, byte by byte, and planned: checks that all come to the same.
Moved moved_every_way(std::string_view input, const reseal::Prefixes& prefixes,
                      const reseal::FileOptions& options = {.mode = reseal::FileMode::binary});

}  // namespace support
