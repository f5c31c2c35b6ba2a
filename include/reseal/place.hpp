// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <reseal/log.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// A byte of a program, in the words of a person: which slice, page, section, and which string stands there.
struct Place {
    std::uint64_t offset = 0;           ///< from the file's first byte
    std::string arch;                   ///< of the slice, as lipo names it; "" outside every image
    std::uint64_t slice_offset = 0;     ///< of the slice in its file
    std::uint64_t offset_in_slice = 0;  ///< of the byte
    std::uint64_t page_size = 0;        ///< of the CodeDirectory that the kernel chooses; 0: no signature that says it
    std::optional<std::int64_t> slot;   ///< of the page in it; nothing for what it does not cover
    std::optional<bool> valid;          ///< whether the page is now what the slot says; nothing where nobody can tell
    std::string segment, section;       ///< "" outside of all
    std::string text;                   ///< a printable string there, else the most telling one of the page; at most 256 bytes
    std::uint64_t text_offset = 0;      ///< from the file's first byte
    bool operator==(const Place&) const = default;
};

/// The place of the byte at `offset`. Nothing where `file` is no Mach-O or ends before it. Keeps the signature of one image (at
/// most 64 MiB) and reads one page; throws Error only where `file` does.
std::optional<Place> place_at(const Source& file, std::uint64_t offset);

/// The places of the pages that `event` is about, if they lie in `file`: as many as the kernel's page, which is 16 KiB but for
/// Intel processors, has pages of the CodeDirectory. By the event's offset; else, for a crash report, by its address.
std::vector<Place> places(const Source& file, const LogEvent& event);

}  // namespace reseal
