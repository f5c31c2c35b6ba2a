// SPDX-License-Identifier: BSL-1.0
#include "fs/replaced_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "fs/attributes.hpp"
#include "fs/copy_bytes.hpp"
#include "fs/holes.hpp"
#include "fs/io_error.hpp"
#include "fs/path_parts.hpp"
#include "fs/write_all.hpp"
#include "fs/write_at.hpp"

namespace reseal::fs {
// Nobody else may look into a file whose permissions are still to be set.
ReplacedFile::ReplacedFile(const std::string& path, int original)
    : path_(path), original_(original), temporary_(folder_of(path), 0600, path) {
    struct stat status{};
    holes_ = ::fstat(original, &status) == 0 && may_have_holes(status);
}

void ReplacedFile::write(std::string_view bytes) {
    if (gathered_.size() + bytes.size() < gathered_bytes) gathered_ += bytes;
    else hand_over(bytes);
}

/// What was gathered, and `more`.
void ReplacedFile::hand_over(std::string_view more) {
    if (holes_) {
        write_data_at(temporary_.descriptor(), gathered_, written_, path_);
        write_data_at(temporary_.descriptor(), more, written_ + gathered_.size(), path_);
    } else {
        write_all(temporary_.descriptor(), gathered_, more, path_);
    }
    written_ += gathered_.size() + more.size();
    gathered_.clear();
}

std::uint64_t ReplacedFile::copy_original() {
    written_ = copy_bytes(original_, temporary_.descriptor(), path_);
    return written_;
}

void ReplacedFile::overwrite(std::uint64_t offset, std::string_view bytes) {
    write_at(temporary_.descriptor(), bytes, offset, path_);
}

void ReplacedFile::commit(const timespec& modified) {
    hand_over({});
    if (holes_) set_size(temporary_.descriptor(), written_, path_);
    copy_attributes(original_, temporary_.descriptor(), path_);
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, modified};
    if (::futimens(temporary_.descriptor(), times) != 0) throw io_error(path_, "set the time of");
    temporary_.publish_unsynced(name_of(path_));
}

}  // namespace reseal::fs
