// SPDX-License-Identifier: BSL-1.0
#include "fs/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "fs/io_error.hpp"
#include "fs/target.hpp"
#include "fs/write_all.hpp"

namespace reseal::fs {
namespace {

// Fewer, larger writes; a larger piece goes out at once, together with what was gathered before it, without being copied.
constexpr std::size_t gather = 64 * 1024;

}  // namespace

OutputFile::OutputFile(const std::string& path, std::optional<mode_t> mode)
    : name_(path == "-" ? "standard output" : path), mode_(mode) {
    Target target = find_target(path);
    straight_ = std::move(target.straight);
    if (straight_) return;
    final_ = target.name;
    // Nobody else may look into a file whose permissions are still to be set.
    temporary_ = std::make_unique<TemporaryFile>(target.folder, mode ? 0600 : 0666, name_);
}

void OutputFile::write(std::string_view bytes) {
    if (gathered_.size() + bytes.size() < gather) {
        gathered_ += bytes;
        return;
    }
    write_all(descriptor(), gathered_, bytes, name_);
    gathered_.clear();
}

void OutputFile::flush() {
    write_all(descriptor(), gathered_, name_);
    gathered_.clear();
}

void OutputFile::prepare() {
    flush();
    if (temporary_) {
        if (mode_ && ::fchmod(descriptor(), *mode_) != 0) throw io_error(name_, "set the permissions");
        if (::fsync(descriptor()) != 0) throw io_error(name_, "sync");
    }
    prepared_ = true;
}

void OutputFile::commit() {
    if (!prepared_) prepare();
    if (temporary_) temporary_->publish(final_);
    else if (!straight_.close()) throw io_error(name_, "close");
}

}  // namespace reseal::fs
