// SPDX-License-Identifier: BSL-1.0
#include "fs/spooled_file.hpp"

#include <algorithm>

#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/temporary_file.hpp"
#include "fs/temporary_folder.hpp"
#include "fs/write_all.hpp"

namespace reseal::fs {

void SpooledFile::write(std::string_view bytes) {
    if (!file_ && bytes.size() <= most_in_memory - memory_.size()) {
        memory_ += bytes;
    } else {
        const std::string folder = temporary_folder();
        if (!file_) {
            file_ = TemporaryFile(folder, 0600, folder).make_nameless();
            write_all(file_->get(), std::exchange(memory_, {}), folder);
        }
        write_all(file_->get(), bytes, folder);
    }
    size_ += bytes.size();
}

std::size_t SpooledFile::read_at(std::uint64_t offset, char* to, std::size_t count) const {
    if (!file_) return MemorySource(memory_).read_at(offset, to, count);
    if (offset >= size_) return 0;
    std::size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(file_->get(), to + done, count - done, static_cast<off_t>(offset + done));
        if (got == 0) break;
        if (got > 0) done += static_cast<std::size_t>(got);
        else if (errno != EINTR) throw io_error(temporary_folder(), "read");
    }
    return done;
}

std::unique_ptr<Source> spooled(InputFile& in, std::uint64_t most) {
    if (in.size()) return std::make_unique<FileSource>(FileSource::share(in.descriptor(), in.name()));
    auto file = std::make_unique<SpooledFile>();
    while (file->size() < most) {
        const std::string_view bytes = in.read();
        if (bytes.empty()) break;
        file->write(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most - file->size(), bytes.size()))));
    }
    return file;
}

}  // namespace reseal::fs
