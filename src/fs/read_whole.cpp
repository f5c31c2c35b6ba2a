// SPDX-License-Identifier: BSL-1.0
#include "fs/read_whole.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <reseal/error.hpp>

#include "fs/descriptor.hpp"
#include "fs/file_source.hpp"
#include "fs/input_file.hpp"
#include "fs/io_error.hpp"

namespace reseal::fs {
namespace {

[[noreturn]] void refuse_larger(std::size_t most, const std::string& name) {
    throw Error(ErrorCode::io, "more than " + std::to_string(most) + " bytes", name);
}

}  // namespace

std::string read_whole(const std::string& path, std::size_t most) {
    InputFile in(path);
    std::string text;
    for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) {
        if (bytes.size() > most - text.size()) refuse_larger(most, in.name());
        text += bytes;
    }
    return text;
}

std::string read_regular(const std::string& path, std::size_t most) {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) throw io_error(path, "open");
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) throw io_error(path, "open");
    if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::io, "is no regular file", path);
    const FileSource file = FileSource::share(fd.get(), path);
    if (file.size() > most) refuse_larger(most, path);
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    return text;
}

}  // namespace reseal::fs
