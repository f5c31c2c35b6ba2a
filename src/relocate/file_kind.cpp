// SPDX-License-Identifier: BSL-1.0
#include "relocate/file_kind.hpp"

#include <algorithm>
#include <cstdint>

#include "bytes/reader.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"

namespace reseal::relocate {
namespace {

constexpr std::string_view magics[] = {"\177ELF", "!<arch>\n", "!<thin>\n", "PK\3\4", "PK\5\6", "PK\7\b"};

// `MZ` begins words too. Behind it stands how many bytes of the last page of 512 are in use, so the fourth byte is 0 or 1.
bool pe(std::string_view head) { return head.size() >= 4 && head.starts_with("MZ") && (head[3] == 0 || head[3] == 1); }

// A version and CR LF, which is how a short line ends too: but no text begins with the version of a Python 3 (3000 … 3999),
// whose second byte is a control character. (Those of Python 2 could be letters; there is a NUL in all of either.)
bool pyc(std::string_view head) {
    if (head.size() < 4 || head[2] != '\r' || head[3] != '\n') return false;
    const auto version = bytes::Reader(head, bytes::Order::little).u16();
    return version >= 3000 && version <= 3999;
}

}  // namespace

bool has_binary_magic(std::string_view head) {
    return std::any_of(std::begin(magics), std::end(magics), [&](std::string_view magic) { return head.starts_with(magic); }) ||
           macho::is_thin(head) || macho::is_fat(head) || pe(head) || pyc(head);
}

void FileKind::feed(std::string_view chunk) {
    if (head_.size() < head_size) {
        head_.append(chunk.substr(0, head_size - head_.size()));
        magic_ = has_binary_magic(head_);
    }
    if (!nul_)
        if (const std::size_t at = chunk.find('\0'); at != std::string_view::npos) nul_ = size_ + at;
    size_ += chunk.size();
}

}  // namespace reseal::relocate
