// SPDX-License-Identifier: BSL-1.0
#pragma once
// By what package managers know an archive again. Found out by another reading: its parts are not unpacked in their order, nor
// all of them.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace reseal::package {

struct ArchiveFacts {
    std::uint64_t size = 0;
    std::string sha256;              ///< 32 bytes
    std::optional<std::string> md5;  ///< 16 bytes; none where nothing computes it
};

/// None for what is no regular file. Throws Error, or Stopped when `stop` said so.
std::optional<ArchiveFacts> find_facts(const std::string& archive, const std::function<bool()>& stop);

}  // namespace reseal::package
