// SPDX-License-Identifier: BSL-1.0
#pragma once
// What metadata says of one file that holds a placeholder: whoever wrote the metadata, and in whichever of its forms, this is
// what relocating needs of it.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::package {

struct Record {
    std::string path;  ///< below the prefix, see record_path()
    FileMode mode = FileMode::unknown;
    std::string placeholder;  ///< the prefix it was built with
    bool certain = true;      ///< false: the placeholder may have been replaced already, and nobody misses it then
    bool softlink = false;    ///< the placeholder stands in the target of a symbolic link, which stays one
    /// 32 bytes each: of the file with the placeholder in it, and of the file as it was installed when the metadata was
    /// written.
    std::optional<std::string> sha256, sha256_in_prefix;
    std::optional<std::uint64_t> size;  ///< of the one or the other: tools differ
    /// Where the placeholder stands, ascending, `pair` 0; only a claim, to be checked against the file.
    std::optional<std::vector<PrefixField>> offsets;
    std::optional<std::uint64_t>
        shebang_length;  ///< of a text that begins with `#!`: bytes of its first line, its end included
    bool operator==(const Record&) const = default;
};

/// The placeholder, if it is one that a file for Unix can hold: an absolute path of at most Prefixes::max_length bytes without
/// a NUL. Throws Error (ErrorCode::malformed, entry `where`) that names `path` otherwise; it says so where it is one of
/// Windows.
std::string checked_placeholder(std::string_view placeholder, const std::string& path, const std::string& where);

/// "text", "binary" or "unknown"; nothing for any other word.
std::optional<FileMode> file_mode(std::string_view word);
std::string_view word(FileMode mode);

}  // namespace reseal::package
