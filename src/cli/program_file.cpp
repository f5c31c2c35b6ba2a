// SPDX-License-Identifier: BSL-1.0
#include "cli/program_file.hpp"

#include "fs/input_file.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"

namespace reseal::cli {

fs::FileSource open_program(const std::string& path) {
    constexpr std::size_t head_size = 4096;
    fs::InputFile in(path);
    if (in.size()) return fs::FileSource::share(in.descriptor(), in.name());
    const std::string head = in.read_at_least(head_size);
    const bool begins_as_macho = macho::is_thin(head) || macho::is_fat(head);
    return fs::FileSource::spool(in, head, begins_as_macho ? UINT64_MAX : head.size());
}

}  // namespace reseal::cli
