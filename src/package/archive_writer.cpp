// SPDX-License-Identifier: BSL-1.0
#include "package/archive_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <reseal/error.hpp>
#include <utility>

#include "package/utf8_locale.hpp"

namespace reseal::package {
namespace {

constexpr std::pair<std::string_view, ArchiveKind> endings[] = {
    {".tar", ArchiveKind::tar},           {".tar.gz", ArchiveKind::tar_gzip},  {".tgz", ArchiveKind::tar_gzip},
    {".tar.bz2", ArchiveKind::tar_bzip2}, {".tbz2", ArchiveKind::tar_bzip2},   {".tar.xz", ArchiveKind::tar_xz},
    {".txz", ArchiveKind::tar_xz},        {".tar.zst", ArchiveKind::tar_zstd}, {".tzst", ArchiveKind::tar_zstd},
    {".zip", ArchiveKind::zip},
};

}  // namespace

std::optional<ArchiveKind> archive_kind(std::string_view name) {
    for (const auto& [ending, kind] : endings)
        if (name.size() > ending.size() && name.ends_with(ending)) return kind;
    return {};
}

void ArchiveWriter::Freed::operator()(archive* open) const { ::archive_write_free(open); }

ArchiveWriter::ArchiveWriter(ArchiveKind kind, Sink& out) : kind_(kind), out_(out), open_(::archive_write_new()) {
    if (!open_) throw std::bad_alloc();
    archive* a = open_.get();
    // Plain headers where they can say it, others only for what they cannot: long names, large files.
    check(kind == ArchiveKind::zip ? ::archive_write_set_format_zip(a) : ::archive_write_set_format_pax_restricted(a));
    switch (kind) {
        case ArchiveKind::tar:
        case ArchiveKind::zip: break;
        case ArchiveKind::tar_gzip:
            check(::archive_write_add_filter_gzip(a));
            check(::archive_write_set_filter_option(a, "gzip", "timestamp", nullptr));
            break;
        case ArchiveKind::tar_bzip2: check(::archive_write_add_filter_bzip2(a)); break;
        case ArchiveKind::tar_xz: check(::archive_write_add_filter_xz(a)); break;
        case ArchiveKind::tar_zstd: check(::archive_write_add_filter_zstd(a)); break;
    }
    ::archive_write_set_bytes_in_last_block(a, 1);
    check(::archive_write_open(a, this, nullptr, &ArchiveWriter::put, nullptr));
}

// Closing would still write.
ArchiveWriter::~ArchiveWriter() { ::archive_write_fail(open_.get()); }

// Called by libarchive, through which nothing may be thrown.
ssize_t ArchiveWriter::put(archive* of, void* self, const void* bytes, std::size_t count) {
    ArchiveWriter& me = *static_cast<ArchiveWriter*>(self);
    try {
        if (!me.failure_) me.out_.write({static_cast<const char*>(bytes), count});
    } catch (...) {
        me.failure_ = std::current_exception();
    }
    if (!me.failure_) return static_cast<ssize_t>(count);
    ::archive_set_error(of, EIO, "cannot be written");
    return -1;
}

void ArchiveWriter::check(int status) {
    if (failure_) std::rethrow_exception(failure_);
    // A warning is about names that are not UTF-8: they are written as they are.
    if (status >= ARCHIVE_WARN) return;
    const char* why = ::archive_error_string(open_.get());
    throw Error(ErrorCode::io, std::string("cannot go into the archive: ").append(why != nullptr ? why : "no reason given"),
                entry_);
}

void ArchiveWriter::begin(const Head& head, unsigned type, const std::string& target, bool hard, std::uint64_t size) {
    complete_file();
    entry_ = head.path;
    const Utf8Locale utf8;
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(::archive_entry_new(), &::archive_entry_free);
    if (!entry) throw std::bad_alloc();
    ::archive_entry_set_pathname(entry.get(), head.path.c_str());
    ::archive_entry_set_filetype(entry.get(), type);
    ::archive_entry_set_perm(entry.get(), head.mode);
    ::archive_entry_set_mtime(entry.get(), head.modified, 0);
    ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    ::archive_entry_set_uid(entry.get(), 0);
    ::archive_entry_set_gid(entry.get(), 0);
    if (hard) ::archive_entry_set_hardlink(entry.get(), target.c_str());
    else if (!target.empty()) ::archive_entry_set_symlink(entry.get(), target.c_str());
    check(::archive_write_header(open_.get(), entry.get()));
    missing_ = size;
}

void ArchiveWriter::folder(const Head& head) { begin(head, AE_IFDIR, {}, false, 0); }

void ArchiveWriter::symlink(const Head& head, const std::string& target) { begin(head, AE_IFLNK, target, false, 0); }

void ArchiveWriter::hard_link(const Head& head, const std::string& earlier) { begin(head, AE_IFREG, earlier, true, 0); }

void ArchiveWriter::file(const Head& head, std::uint64_t size) { begin(head, AE_IFREG, {}, false, size); }

void ArchiveWriter::write(std::string_view bytes) {
    if (bytes.size() > missing_) throw Error(ErrorCode::io, "is longer than it was", entry_);
    while (!bytes.empty()) {
        const la_ssize_t taken = ::archive_write_data(open_.get(), bytes.data(), bytes.size());
        if (taken <= 0) check(ARCHIVE_FATAL);
        bytes.remove_prefix(static_cast<std::size_t>(taken));
        missing_ -= static_cast<std::uint64_t>(taken);
    }
}

void ArchiveWriter::complete_file() {
    if (missing_ > 0) throw Error(ErrorCode::io, "is shorter than it was", entry_);
}

void ArchiveWriter::finish() {
    complete_file();
    check(::archive_write_close(open_.get()));
}

}  // namespace reseal::package
