// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whether two names of a command line lead to one file, so that one would destroy what the other holds.
#include <string>

namespace reseal::cli {

struct FileName {
    const std::string& name;
    int standard;  ///< the descriptor that "-" stands for
};

/// A file that is there is known by its inode, under whatever name; one that is still to be made by the folder and the name
/// that its name leads to. Devices are no files: two words may well go to /dev/null.
bool same_file(const FileName& one, const FileName& other);

}  // namespace reseal::cli
