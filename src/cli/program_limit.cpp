// SPDX-License-Identifier: BSL-1.0
#include "cli/program_limit.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "seal/file_layout.hpp"

namespace reseal::cli {

bool ProgramLimit::exceeded(const Source& program) {
    if (program.size() <= most_) return false;
    if (!asked_) {
        asked_ = true;
        const std::uint64_t end = seal::declared_end(program).value_or(max_streamed_program);
        most_ = std::min(end, max_streamed_program - max_behind_program) + max_behind_program;
    }
    return program.size() > most_;
}

void refuse_stream(const std::string& name) {
    throw Error(
        ErrorCode::malformed,
        "goes on for more than 256 MiB behind the end of its program; where that is meant, name a file that holds it unpacked",
        name);
}

}  // namespace reseal::cli
