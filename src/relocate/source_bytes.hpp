// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <reseal/source.hpp>
#include <string>

namespace reseal::relocate {

/// The `count` bytes of `file` from `offset` on, or as many as there are. No more memory is taken than the file is long.
inline std::string source_bytes(const Source& file, std::uint64_t offset, std::size_t count) {
    if (offset >= file.size()) return {};
    std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(count, file.size() - offset)), '\0');
    out.resize(file.read_at(offset, out.data(), out.size()));
    return out;
}

}  // namespace reseal::relocate
