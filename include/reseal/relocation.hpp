// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/options.hpp>
#include <reseal/prefixes.hpp>
#include <reseal/report.hpp>
#include <reseal/sink.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// Whether the length of a file may change.
enum class FileMode {
    unknown,  ///< decided over the whole file: binary with a NUL anywhere or a known magic, else text
    text,     ///< length may change, unless a NUL follows a `#!`; such a first line goes by the rules of shebangs
    binary,   ///< length stays; Mach-O images are resealed
};

/// Whose kernel will read the `#!` lines, and how long one may be, its `#!` included, as conda counts.
enum class Platform {
    linux_,  ///< 127 bytes; newer kernels than 5.0 take 255
    osx,     ///< 512 bytes
};

/// What becomes of a `#!` line that holds a prefix.
enum class ShebangStyle {
    automatic,  ///< left as it is where it fits; else exec for python, env for all else
    env,        ///< `#!/usr/bin/env NAME` where it does not fit
    exec,       ///< `#!/bin/sh` and a second line that execs, where it does not fit
    keep,       ///< replaced like any other text
};

/// Other programs that relocate prefixes. What comes out is what they write where they write it right; none of these makes a
/// file of fixed length longer, or fails where there is nothing to replace.
enum class Dialect { conda, conda_pack, rattler, brew, spack };
struct DialectOptions {
    PrefixOptions prefixes;
    ShebangStyle shebang = ShebangStyle::automatic;
};
/// What such a program does, for Prefixes and FileOptions.
DialectOptions options_of(Dialect dialect);

/// Where a prefix stands in a file, with which encoding, up to where its string goes, and what is done about its length.
struct PrefixField {
    enum class Encoding : std::uint8_t { utf8, utf16le, utf16be, utf32le, utf32be };
    /// What fills the room of a prefix that became shorter, in a binary file.
    enum class Fill : std::uint8_t {
        none,    ///< nothing: there is none
        behind,  ///< slashes behind it
        front,   ///< slashes in front of it
        end,     ///< NULs at the end of its string, which moved up
        cut,     ///< a NUL behind its string, which moved up, and what stood there (Padding::spack)
        left,    ///< nothing: the old prefix stays
    };
    std::uint64_t offset = 0;  ///< of its first byte, in the file before
    std::size_t pair = 0;      ///< which of Prefixes::pairs()
    Encoding encoding = Encoding::utf8;
    bool command = false;     ///< in a string of a Mach-O load command
    bool terminated = false;  ///< whether a NUL ends its string
    bool c_string = true;     ///< whether a NUL follows within 4 KiB, and no control character before it
    Fill fill = Fill::none;
    std::uint64_t end = 0;  ///< of its string: the offset of that NUL, else the file's length
    bool operator==(const PrefixField&) const = default;
};
/// "utf-16-le" for PrefixField::Encoding::utf16le.
std::string_view name(PrefixField::Encoding encoding);

/// How one file is treated.
struct FileOptions {
    FileMode mode = FileMode::unknown;
    ShebangStyle shebang = ShebangStyle::automatic;
    Platform platform = Platform::linux_;
    CmsPolicy cms = CmsPolicy::refuse;        ///< as Options::cms
    StalePolicy stale = StalePolicy::refuse;  ///< as Options::stale
    bool digest_before = false;               ///< also hash what comes in
    bool digest_after = true;                 ///< hash what goes out
    /// Prefixes of the paths by which a binary file finds its libraries, found by structure and not by search: install names
    /// and rpaths of Mach-O images, which may grow into the gap behind the load commands, and ELF's interpreter and library
    /// paths, which may not. Only where the file can be read twice (plan_file()).
    Prefixes linkage;
    /// plan_file() learns the digest of what will come out as well, and keeps what will differ in a binary file as long as
    /// FilePatch::memory() is no more than this and there is no `linkage`; 0: neither.
    std::size_t patch_limit = 0;
    std::string name = "-";  ///< the file's, in findings and errors
    Hint hint;               ///< as Options::hint: changes the work, never what comes out
};

/// What became of one file, or would.
struct FileRelocation {
    FileMode mode = FileMode::unknown;  ///< text or binary once it is decided
    std::uint64_t size_before = 0, size_after = 0;
    std::vector<PrefixField> fields;              ///< what was found, ascending; in text the shebang's are not among them
    std::optional<std::uint64_t> shebang_length;  ///< bytes of the first line, its end included, where a prefix stood in it
    bool changed = false;                         ///< whether a byte differs
    bool refused = false;                         ///< a finding says why
    /// SHA-256, 32 bytes each; empty unless asked for, the second in a plan only with FileOptions::patch_limit.
    std::string sha256_before, sha256_after;
    EntryReport entry;              ///< images and what became of them; its path is FileOptions::name
    std::vector<Finding> findings;  ///< all that is odd about the file; errors say why it is refused
    bool operator==(const FileRelocation&) const = default;
};

/// Moves the prefixes of one file that flows by, and reseals the images in it:
///
///     FileRelocator relocator(prefixes, out, {.mode = FileMode::binary});
///     while (…) relocator.write(chunk);
///     FileRelocation what = relocator.finish();
///
/// What comes out depends on the bytes only, never on how they were cut. Once the file is refused nothing more reaches `out`;
/// what is written then is still read, so that all reasons are named. When `out` throws, that exception passes through, and
/// every later call throws it again.
///
/// At most max_held bytes wait for the NUL behind a prefix (Padding::nul, unless the end of the file counts as one); a file
/// that needs more is refused here (Code::prefix_undecided), and not by plan_file(). As many bytes of a text that begins with
/// `#!` wait for a NUL: with one it is treated as binary. A NUL behind them refuses it if its length would change
/// (Code::script_payload).
class FileRelocator final : public Sink {
public:
    static constexpr std::size_t max_held = std::size_t{1} << 20;

    /// `out` must outlive the relocator. Throws Error (ErrorCode::misuse) unless the mode is known.
    FileRelocator(Prefixes prefixes, Sink& out, FileOptions options);
    FileRelocator(FileRelocator&&) noexcept;
    FileRelocator& operator=(FileRelocator&&) noexcept;
    ~FileRelocator() override;

    void write(std::string_view chunk) override;
    /// The end of the file: writes what was held back. Only once.
    FileRelocation finish();

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

/// What differs in a file that stays as long as it is.
struct FilePatch {
    struct Range {
        std::uint64_t offset = 0;
        std::string bytes;  ///< that will stand there
    };
    std::vector<Range> ranges;  ///< ascending, apart
    std::size_t memory() const;
};

/// What relocate_file() will do: the result, but for its digest unless there is FileOptions::patch_limit.
struct FilePlan {
    FileRelocation result;
    Prefixes prefixes;
    FileOptions options;
    std::optional<FilePatch> patch = {};  ///< what relocate_file() would do, for who can copy a file faster than through memory
};

/// Reads a file and decides everything, whether it can be done as well; writes nothing. Where nothing is found the file is read
/// once. Throws Error (ErrorCode::io) when it cannot be read or changes meanwhile; whatever the file holds is a finding.
FilePlan plan_file(const Source& file, const Prefixes& prefixes, const FileOptions& options);

/// The same for a binary file of which somebody recorded where its prefixes stand: `offset`, `pair`, `encoding` and `end` of
/// each field count, and that there are no others is believed. Where one of them is not true of the file its prefixes are
/// sought, and a note says so (Code::positions_wrong). Text is always searched.
FilePlan plan_positions(const Source& file, const Prefixes& prefixes, const std::vector<PrefixField>& positions,
                        const FileOptions& options);

/// Writes the file as planned: the same result as the plan's, with the digest. Of a plan that is refused nothing is written.
/// Throws Error (ErrorCode::io) when the file is no longer what was planned.
FileRelocation relocate_file(const Source& file, const FilePlan& plan, Sink& out);

}  // namespace reseal
