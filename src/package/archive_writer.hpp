// SPDX-License-Identifier: BSL-1.0
#pragma once
// Writes a tar or zip archive that depends on what goes in only: no owners, no names of users, no time of its making.
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>

struct archive;
struct archive_entry;

namespace reseal::package {

/// What an archive is called says what it is.
enum class ArchiveKind { tar, tar_gzip, tar_bzip2, tar_xz, tar_zstd, zip };
std::optional<ArchiveKind> archive_kind(std::string_view name);

/// write() takes the bytes of the file that was begun last. Everything throws Error (ErrorCode::io) naming the entry, and what
/// `out` throws.
class ArchiveWriter final : public Sink {
public:
    struct Head {
        std::string path;  ///< within the archive; of a folder without a slash behind it
        unsigned mode = 0644;
        std::int64_t modified = 0;  ///< seconds since 1970
    };

    /// `out` must outlive the writer. Without finish() the archive is not whole.
    ArchiveWriter(ArchiveKind kind, Sink& out);
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;
    ~ArchiveWriter() override;

    /// Whether an entry can be another name of an earlier one.
    bool has_hard_links() const { return kind_ != ArchiveKind::zip; }
    void folder(const Head& head);
    void symlink(const Head& head, const std::string& target);
    void hard_link(const Head& head, const std::string& earlier);
    void file(const Head& head, std::uint64_t size);
    void write(std::string_view bytes) override;
    void finish();

private:
    void begin(const Head& head, unsigned type, const std::string& target, bool hard, std::uint64_t size);
    void complete_file();
    void check(int status);
    static ssize_t put(archive* of, void* self, const void* bytes, std::size_t count);

    ArchiveKind kind_;
    Sink& out_;
    std::exception_ptr failure_;
    std::string entry_;          // the one that was begun last
    std::uint64_t missing_ = 0;  // bytes of it
    struct Freed {
        void operator()(archive* open) const;
    };
    std::unique_ptr<archive, Freed> open_;
};

}  // namespace reseal::package
