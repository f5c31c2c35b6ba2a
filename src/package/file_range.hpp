// SPDX-License-Identifier: BSL-1.0
#pragma once
// Contents of a file that stand in an archive as they are: whoever writes them takes them from there, so the thread that reads
// the archive has nothing to do with them.
#include <cstdint>
#include <memory>
#include <string>

#include "fs/descriptor.hpp"

namespace reseal::package {

struct FileRange {
    std::shared_ptr<const fs::Descriptor> file;
    std::string name;  ///< of the archive
    std::uint64_t offset = 0, size = 0;
};

}  // namespace reseal::package
