// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/sink.hpp>

namespace reseal {

/// Nix archives hold a tree of files: contents, the executable bit, links and names, nothing else. A tree on disk that could
/// not be one (a socket, a name or target that is too long, more than 64 levels) and an archive that Nix 2.35 would not take
/// are errors.
struct NarOptions {
    /// For file systems that do not tell upper from lower case, as Nix does it on macOS: of names that differ in nothing else
    /// (in ASCII) all but the first are stored with `~nix~case~hack~N` behind them, and archived without.
    bool case_hack = false;
};

/// Writes the tree at `path` to `out`, byte for byte as `nix-store --dump` does. Follows no link, `path` itself included; a
/// hard link is a file of its own. Throws Error: ErrorCode::io, naming the file, also when one changes its size meanwhile.
/// Memory: the names in the folders on the way to one file.
void dump_nar(const std::filesystem::path& path, Sink& out, NarOptions options = {});

/// Unpacks the archive that is written to it, as `nix-store --restore` does:
///
///     NarRestore restore("/nix/store/…");
///     Rewriter rewriter(rules, restore);  // or nothing in between
///     while (…) rewriter.write(chunk);
///     rewriter.finish();
///     restore.finish();
///
/// The destination must not exist, not even as a dangling link, and appears as a whole in finish(); until then the tree has a
/// random name beside it. Nothing is ever replaced, and nothing outside the tree is touched, whatever the archive says.
/// Permissions are 0777 for folders and executables, 0666 for files, less umask.
///
/// Failure: the partial tree is removed at once, every later call throws the same Error again (malformed, io or misuse).
/// Without finish() the destructor removes it.
class NarRestore final : public Sink {
public:
    explicit NarRestore(const std::filesystem::path& destination, NarOptions options = {});
    NarRestore(NarRestore&&) noexcept;
    NarRestore& operator=(NarRestore&&) noexcept;
    ~NarRestore() override;

    void write(std::string_view chunk) override;
    /// The end of the archive. Throws Error (ErrorCode::malformed) if it is cut short.
    void finish();
    /// So many bytes came behind the archive's end and were ignored.
    std::uint64_t bytes_behind() const;

private:
    class Work;
    std::unique_ptr<Work> work_;
};

/// What an archive says of one file.
struct NarEntry {
    enum class Kind { regular, symlink, folder };
    std::string path;  ///< below the root, which is "."
    Kind kind = Kind::regular;
    bool executable = false;
    std::uint64_t size = 0;    ///< of a regular file's contents
    std::uint64_t offset = 0;  ///< of a regular file's contents in the archive
    std::string target;        ///< where a link points
};

/// Lists the archive that is written to it.
class NarListing final : public Sink {
public:
    NarListing();
    NarListing(NarListing&&) noexcept;
    NarListing& operator=(NarListing&&) noexcept;
    ~NarListing() override;

    void write(std::string_view chunk) override;
    /// Throws Error (ErrorCode::malformed) if the archive is cut short; so does write() if it is none.
    void finish();
    /// The entries that have been read whole since the last call, in the archive's order.
    std::vector<NarEntry> take();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace reseal
