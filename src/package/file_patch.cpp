// SPDX-License-Identifier: BSL-1.0
#include "package/file_patch.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "fs/io_error.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;

}  // namespace

FilePatch::FilePatch(const fs::Descriptor& file, const Source& now, std::string name)
    : file_(file), now_(now), name_(std::move(name)) {}

void FilePatch::read(std::string_view bytes) {
    read_ = bytes;
    read_to_ += bytes.size();
}

/// Whether these are the very bytes that were read at this place.
bool FilePatch::stays(std::string_view bytes) const {
    const std::uint64_t begin = read_to_ - read_.size();
    if (at_ < begin || at_ - begin > read_.size()) return false;
    const std::string_view same = read_.substr(static_cast<std::size_t>(at_ - begin));
    return bytes.data() == same.data() && bytes.size() <= same.size();
}

void FilePatch::write(std::string_view bytes) {
    if (stays(bytes)) {
        at_ += bytes.size();
        return;
    }
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, piece);
        old_.resize(part.size());
        const bool there = now_.read_at(at_, old_.data(), old_.size()) == old_.size();
        for (std::size_t done = 0; (!there || old_ != part) && done < part.size();) {
            const ssize_t count = ::pwrite(file_.get(), part.data() + done, part.size() - done, static_cast<off_t>(at_ + done));
            if (count < 0 && errno != EINTR) throw fs::io_error(name_, "write");
            if (count > 0) done += static_cast<std::size_t>(count);
            bytes_written_ += count > 0 ? static_cast<std::uint64_t>(count) : 0;
        }
        at_ += part.size();
        bytes.remove_prefix(part.size());
    }
}

}  // namespace reseal::package
