// SPDX-License-Identifier: BSL-1.0
#include "package/archive_reader.hpp"

#include <algorithm>
#include <array>
#include <reseal/error.hpp>
#include <utility>

#include "package/safe_path.hpp"
#include "package/utf8_locale.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t zip_piece = std::size_t{128} * 1024;
constexpr std::size_t max_remarks = 100;
constexpr std::uint64_t tar_block = 512;
constexpr std::uint64_t least_range = std::uint64_t{32} * 1024;
constexpr std::array<char, std::size_t{64} * 1024> zeros{};

/// In bytes as they stand there, where they could be had as such.
std::string text(const char* narrow, const char* utf8) {
    if (narrow != nullptr) return narrow;
    return utf8 != nullptr ? utf8 : "";
}

}  // namespace

ArchiveReader::ArchiveReader(Meter& meter, std::string name)
    : meter_(meter), name_(std::move(name)), open_(::archive_read_new()) {
    if (!open_) throw std::bad_alloc();
}

ArchiveReader::ArchiveReader(Expanded& from, Meter& meter, std::string name, Input* file)
    : ArchiveReader(meter, std::move(name)) {
    from_ = &from;
    if (file != nullptr && file->shared_file()) file_ = file;
    ::archive_read_support_format_tar(open_.get());
    if (file_ != nullptr) ::archive_read_set_skip_callback(open_.get(), &ArchiveReader::skip);
    open();
}

ArchiveReader::ArchiveReader(Input& zip, Meter& meter) : ArchiveReader(meter, zip.name()) {
    zip_ = &zip;
    buffer_.reset(new char[zip_piece]);
    ::archive_read_support_format_zip_seekable(open_.get());
    ::archive_read_set_seek_callback(open_.get(), &ArchiveReader::seek);
    open();
}

void ArchiveReader::open() {
    const Utf8Locale utf8;
    ::archive_read_set_read_callback(open_.get(), &ArchiveReader::give);
    ::archive_read_set_callback_data(open_.get(), this);
    const int status = ::archive_read_open1(open_.get());
    if (failure_) std::rethrow_exception(failure_);
    if (status != ARCHIVE_OK) fail(name_);
}

// Called by libarchive, through which nothing may be thrown.
la_ssize_t ArchiveReader::give(archive*, void* self, const void** bytes) {
    ArchiveReader& me = *static_cast<ArchiveReader*>(self);
    try {
        if (me.failure_) return ARCHIVE_FATAL;
        std::string_view given;
        if (me.zip_ == nullptr) given = me.from_->read();
        else given = {me.buffer_.get(), me.zip_->read_at(me.position_, me.buffer_.get(), zip_piece)};
        me.position_ += given.size();
        me.given_ = given;
        *bytes = given.data();
        return static_cast<la_ssize_t>(given.size());
    } catch (...) {
        me.failure_ = std::current_exception();
        return ARCHIVE_FATAL;
    }
}

/// Not behind the end, for what is cut short there has to be found so; and nothing that is compressed.
la_int64_t ArchiveReader::skip(archive*, void* self, la_int64_t count) {
    ArchiveReader& me = *static_cast<ArchiveReader*>(self);
    try {
        if (me.failure_ || me.position_ == 0 || me.from_->compressed() || me.position_ > me.file_->size()) return 0;
        const auto skipped =
            std::min(static_cast<std::uint64_t>(std::max<la_int64_t>(count, 0)), me.file_->size() - me.position_);
        if (skipped > 0) me.file_->skip(skipped);
        me.position_ += skipped;
        me.meter_.unpacked(skipped, me.name_);
        return static_cast<la_int64_t>(skipped);
    } catch (...) {
        me.failure_ = std::current_exception();
        return ARCHIVE_FATAL;
    }
}

la_int64_t ArchiveReader::seek(archive*, void* self, la_int64_t offset, int whence) {
    ArchiveReader& me = *static_cast<ArchiveReader*>(self);
    const auto size = static_cast<la_int64_t>(me.zip_->size());
    const la_int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_END ? size : static_cast<la_int64_t>(me.position_);
    if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
    me.position_ = static_cast<std::uint64_t>(base + offset);
    return base + offset;
}

void ArchiveReader::fail(const std::string& where) {
    const char* why = ::archive_error_string(open_.get());
    std::string what = zip_ != nullptr ? "the zip file cannot be read" : "the tape archive cannot be read";
    if (why != nullptr) what.append(": ").append(why);
    if (why != nullptr && std::string_view(why) == "Unrecognized archive format")
        what = "neither a tape archive nor a zip file";
    throw Error(ErrorCode::malformed, what, where);
}

void ArchiveReader::check(int status) {
    if (failure_) std::rethrow_exception(failure_);
    if (status == ARCHIVE_OK) return;
    if (status != ARCHIVE_WARN) fail(entry_.empty() ? name_ : "behind " + entry_);
    const char* why = ::archive_error_string(open_.get());
    if (why != nullptr && remarks_.size() < max_remarks) remarks_.emplace_back(why);
}

bool ArchiveReader::next(Entry& entry) {
    const Utf8Locale utf8;
    archive_entry* header = nullptr;
    contents_ = false;
    const int status = ::archive_read_next_header(open_.get(), &header);
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN || status == ARCHIVE_EOF) check_range();
    if (status == ARCHIVE_EOF && !failure_) {
        finish();
        return false;
    }
    check(status);
    describe(header, entry);
    meter_.entry(entry_);
    if (entry.type != EntryType::file) return true;
    if (entry.size) meter_.announce(*entry.size, entry_);
    contents_ = true;
    sparse_ = ::archive_entry_sparse_count(header) > 0;
    size_ = entry.size.value_or(0);
    at_ = block_at_ = 0;
    block_ = {};
    return true;
}

void ArchiveReader::describe(archive_entry* header, Entry& entry) {
    const std::string name = text(::archive_entry_pathname(header), ::archive_entry_pathname_utf8(header));
    entry = {};
    entry.path = safe_path(name, entry_name(name_, name));
    entry_ = entry_name(name_, entry.path);
    entry.type = type_of(header, entry_);
    entry.mode = static_cast<unsigned>(::archive_entry_perm(header)) & 0777u;
    if (::archive_entry_size_is_set(header) != 0) {
        if (::archive_entry_size(header) < 0) throw Error(ErrorCode::malformed, "a size below zero is refused", entry_);
        entry.size = static_cast<std::uint64_t>(::archive_entry_size(header));
    }
    if (::archive_entry_mtime_is_set(header) != 0)
        entry.modified = Time{::archive_entry_mtime(header), ::archive_entry_mtime_nsec(header)};
    if (entry.type == EntryType::symlink)
        entry.target = text(::archive_entry_symlink(header), ::archive_entry_symlink_utf8(header));
    if (entry.type == EntryType::hardlink)
        entry.target =
            safe_path(text(::archive_entry_hardlink(header), ::archive_entry_hardlink_utf8(header)), entry_, "a hard link to ");
    if (entry.type == EntryType::symlink && (entry.target.empty() || entry.target.size() > max_path_bytes))
        throw Error(ErrorCode::malformed, "a link to a name that is empty or longer than 4096 bytes is refused", entry_);
    if (entry.path.empty() && entry.type != EntryType::folder)
        throw Error(ErrorCode::malformed, "an entry that would replace the folder it is unpacked to is refused", entry_);
}

EntryType ArchiveReader::type_of(archive_entry* header, const std::string& name) const {
    if (::archive_entry_hardlink(header) != nullptr || ::archive_entry_hardlink_utf8(header) != nullptr)
        return EntryType::hardlink;
    switch (::archive_entry_filetype(header)) {
        case AE_IFREG: return EntryType::file;
        case AE_IFDIR: return EntryType::folder;
        case AE_IFLNK: return EntryType::symlink;
        default: throw Error(ErrorCode::malformed, "neither a file nor a folder nor a link is refused", name);
    }
}

void ArchiveReader::next_block() {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t at = 0;
    const int status = ::archive_read_data_block(open_.get(), &bytes, &size, &at);
    if (failure_) std::rethrow_exception(failure_);
    if (status != ARCHIVE_OK && status != ARCHIVE_EOF) fail(entry_);
    if (at < 0 || static_cast<std::uint64_t>(at) < at_)
        throw Error(ErrorCode::malformed, "parts of a sparse file that overlap are refused", entry_);
    block_ = {static_cast<const char*>(bytes), status == ARCHIVE_EOF ? 0 : size};
    block_at_ = static_cast<std::uint64_t>(at);
    contents_ = status == ARCHIVE_OK;
}

/// libarchive does not say where the contents begin; but where it hands out the bytes it was given, that is known.
std::optional<FileRange> ArchiveReader::range() {
    if (file_ == nullptr || from_->compressed() || !contents_ || sparse_ || size_ < least_range) return {};
    next_block();
    const std::uintptr_t into =
        reinterpret_cast<std::uintptr_t>(block_.data()) - reinterpret_cast<std::uintptr_t>(given_.data());
    if (block_.empty() || block_at_ != 0 || into >= given_.size()) return {};
    const std::uint64_t offset = position_ - given_.size() + into;
    if (offset > file_->size() || size_ > file_->size() - offset) return {};  // cut short, as read() will say
    meter_.contents(size_, entry_);
    contents_ = false;
    block_ = {};
    range_end_ = offset + size_;
    return FileRange{file_->shared_file(), name_, offset, size_};
}

/// Whether the entry was as long as it said: extensions of the format have two sizes, and only one of them counts.
void ArchiveReader::check_range() {
    const std::uint64_t end = std::exchange(range_end_, 0), rest = end % tar_block;
    if (end == 0) return;
    const auto next = static_cast<std::uint64_t>(::archive_read_header_position(open_.get()));
    if (next != end + (rest == 0 ? 0 : tar_block - rest))
        throw Error(ErrorCode::malformed, "it has another size than it says", entry_);
}

std::string_view ArchiveReader::read() {
    while (contents_ && block_.empty()) {
        next_block();
        if (block_at_ > at_) break;
    }
    const std::uint64_t hole = block_at_ > at_ ? block_at_ - at_ : 0;
    std::string_view out = block_;
    if (hole > 0) out = {zeros.data(), static_cast<std::size_t>(std::min<std::uint64_t>(hole, zeros.size()))};
    else block_ = {};
    at_ += out.size();
    meter_.contents(out.size(), entry_);
    if (hole > 0 || zip_ != nullptr) meter_.unpacked(out.size(), entry_);
    return out;
}

/// What stands behind the last entry is read, for it may say that the stream is cut short or corrupt.
void ArchiveReader::finish() {
    if (zip_ != nullptr) return;
    const auto end = static_cast<std::uint64_t>(::archive_read_header_position(open_.get()));
    while (true) {
        const std::string_view more = from_->read();
        if (more.empty()) break;
        position_ += more.size();
    }
    if (!from_->compressed() && position_ < tar_block + end)
        throw Error(ErrorCode::malformed, "the tape archive is cut short: its end is missing", name_, position_);
}

}  // namespace reseal::package
