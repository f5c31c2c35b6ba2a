// SPDX-License-Identifier: BSL-1.0
#include "package/file_patch.hpp"

#include <utility>

#include "fs/write_at.hpp"

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
        if (!there || old_ != part) {
            fs::write_at(file_.get(), part, at_, name_);
            bytes_written_ += part.size();
        }
        at_ += part.size();
        bytes.remove_prefix(part.size());
    }
}

}  // namespace reseal::package
