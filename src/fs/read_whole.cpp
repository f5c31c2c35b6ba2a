// SPDX-License-Identifier: BSL-1.0
#include "fs/read_whole.hpp"

#include <reseal/error.hpp>

#include "fs/input_file.hpp"

namespace reseal::fs {

std::string read_whole(const std::string& path, std::size_t most) {
    InputFile in(path);
    std::string text;
    for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) {
        if (bytes.size() > most - text.size())
            throw Error(ErrorCode::io, "more than " + std::to_string(most) + " bytes", in.name());
        text += bytes;
    }
    return text;
}

}  // namespace reseal::fs
