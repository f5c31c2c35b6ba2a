// SPDX-License-Identifier: BSL-1.0
#pragma once
// An archive written to reseal::NarRestore in chunks.
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <string>

#include "support/chunks.hpp"

namespace support {

inline void restore(const std::string& archive, const std::string& destination, reseal::NarOptions options = {},
                    std::size_t chunk = 1 << 20) {
    reseal::NarRestore restore(destination, options);
    for (std::string_view each : cut(archive, chunk)) restore.write(each);
    restore.finish();
}

/// What the error says, or "none".
inline std::string restore_error(const std::string& archive, const std::string& destination, reseal::NarOptions options = {},
                                 std::size_t chunk = 1 << 20) {
    try {
        restore(archive, destination, options, chunk);
    } catch (const reseal::Error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace support
