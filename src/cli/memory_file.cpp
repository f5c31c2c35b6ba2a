// SPDX-License-Identifier: BSL-1.0
#include "cli/memory_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <reseal/error.hpp>

#include "fs/io_error.hpp"
#include "fs/output_file.hpp"
#include "fs/path_parts.hpp"
#include "fs/read_whole.hpp"

namespace reseal::cli {

std::optional<package::Memory> load_memory(const std::string& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return {};
        throw fs::io_error(file, "open");
    }
    try {
        return package::read_memory(fs::read_regular(file, package::max_memory_text), file);
    } catch (const Error& error) {
        if (error.error() != ErrorCode::malformed) throw;
        throw Error(ErrorCode::malformed,
                    std::string(error.what()) +
                        "; moves are remembered in this file: if it is another program's, it needs another name or place");
    }
}

void save_memory(const package::Memory& memory, const std::string& file) {
    const std::string text = package::write_memory(memory, file);
    const std::string folder = fs::folder_of(file);
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) throw fs::io_error(folder, "create");
    fs::OutputFile out(file);
    out.write(text);
    out.commit();
}

}  // namespace reseal::cli
