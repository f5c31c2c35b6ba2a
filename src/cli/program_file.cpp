// SPDX-License-Identifier: BSL-1.0
#include "cli/program_file.hpp"

#include <reseal/error.hpp>

#include "cli/program_limit.hpp"
#include "fs/file_source.hpp"
#include "fs/input_file.hpp"
#include "fs/spooled_file.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"

namespace reseal::cli {

std::unique_ptr<Source> open_program(const std::string& path) {
    constexpr std::size_t head_size = 4096;
    fs::InputFile in(path);
    if (in.size()) return std::make_unique<fs::FileSource>(fs::FileSource::share(in.descriptor(), in.name()));
    const std::string head = in.read_at_least(head_size);
    auto program = std::make_unique<fs::SpooledFile>();
    program->write(head);
    if (!macho::is_thin(head) && !macho::is_fat(head)) return program;
    ProgramLimit limit;
    for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) {
        program->write(bytes);
        if (limit.exceeded(*program)) refuse_stream(in.name());
    }
    return program;
}

}  // namespace reseal::cli
