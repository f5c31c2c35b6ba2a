// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tape archive or a zip file, entry by entry. The one place that knows how libarchive is read.
#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "package/entry.hpp"
#include "package/expanded.hpp"
#include "package/file_range.hpp"
#include "package/input.hpp"
#include "package/limits.hpp"
#include "package/stream.hpp"

namespace reseal::package {

/// Its contents are those of the entry that next() gave last: read() hands them out, holes as zeros.
class ArchiveReader final : public Stream {
public:
    /// A tape archive out of `from`, which with `meter` must outlive it. `name` names it in errors. One that is not compressed
    /// has to say that it ends: nothing else tells that nothing is missing.
    /// `file`: what `from` reads, where that is a file of its own and may be skipped in.
    ArchiveReader(Expanded& from, Meter& meter, std::string name, Input* file = nullptr);
    /// A zip file, which make_seekable() was called for.
    ArchiveReader(Input& zip, Meter& meter);
    ArchiveReader(const ArchiveReader&) = delete;
    ArchiveReader& operator=(const ArchiveReader&) = delete;

    /// False at the end, which is read to the last byte. Throws Error: ErrorCode::malformed for what does not hold together,
    /// and for an entry that is refused whatever it is unpacked to: one whose name is no safe_path(), a device, a pipe.
    bool next(Entry& entry);
    std::string_view read() override;
    /// Where the contents stand, instead of read(); none where they are too few for that, compressed, sparse, or out of a pipe.
    std::optional<FileRange> range();

    const std::string& name() const { return name_; }
    /// What is odd about it and does not matter: sentences.
    const std::vector<std::string>& remarks() const { return remarks_; }

private:
    struct Close {
        void operator()(archive* open) const { ::archive_read_free(open); }
    };

    explicit ArchiveReader(Meter& meter, std::string name);
    static la_ssize_t give(archive*, void* self, const void** bytes);
    static la_int64_t skip(archive*, void* self, la_int64_t count);
    static la_int64_t seek(archive*, void* self, la_int64_t offset, int whence);

    void open();
    void describe(archive_entry* header, Entry& entry);
    EntryType type_of(archive_entry* header, const std::string& name) const;
    void next_block();
    void check_range();
    void finish();
    void check(int status);
    [[noreturn]] void fail(const std::string& where);

    Meter& meter_;
    std::string name_;
    Expanded* from_ = nullptr;
    Input* zip_ = nullptr;
    Input* file_ = nullptr;   // that from_ reads
    std::string_view given_;  // to libarchive, last
    bool sparse_ = false;
    std::uint64_t size_ = 0;       // of the entry's contents
    std::uint64_t range_end_ = 0;  // of the range that was given for the entry; 0: none
    std::unique_ptr<archive, Close> open_;
    std::unique_ptr<char[]> buffer_;  // of a zip file
    std::uint64_t position_ = 0;      // in it, or how much came out of from_
    std::exception_ptr failure_;      // that must not pass through libarchive
    std::string entry_;               // as messages name the one we are in
    bool contents_ = false;           // whether it has any that are not read yet
    std::uint64_t at_ = 0;            // of the contents
    std::string_view block_;          // of them, and where it begins
    std::uint64_t block_at_ = 0;
    std::vector<std::string> remarks_;
};

}  // namespace reseal::package
