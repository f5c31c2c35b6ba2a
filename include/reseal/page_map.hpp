// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/report.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// What a page is, as the kernel sees it.
enum class PageState {
    valid,        ///< what its slot says
    stale,        ///< not what its slot says
    touched,      ///< changed by a rewrite, and not known to be stale
    not_covered,  ///< no slot is about it: the signature itself, what follows it, an image without signature
    unknown,      ///< nobody has looked, or the signature is damaged
};
std::string_view name(PageState state);

/// Pages next to each other that are alike.
struct PageRun {
    std::uint64_t first = 0, count = 0;
    PageState state = PageState::unknown;
    bool operator==(const PageRun&) const = default;
};

/// A part of an image that has a name.
struct PageMapPart {
    std::string segment, section;  ///< "" and "header" or "signature"; a segment without sections has no section
    std::uint64_t offset = 0;      ///< from the image's first byte
    std::uint64_t size = 0;
    bool operator==(const PageMapPart&) const = default;

    /// "__TEXT,__text", "__LINKEDIT", "signature". Of any bytes.
    std::string label() const;
};

struct ImagePageMap {
    std::string path;                ///< in an archive; empty otherwise
    std::string arch;                ///< as lipo names it
    std::uint64_t offset = 0;        ///< of the slice in its file
    std::uint64_t size = 0;          ///< of the slice; as far as is known
    std::uint64_t page_size = 0;     ///< of the CodeDirectory that the kernel chooses; 4096 where there is none
    std::uint64_t code_limit = 0;    ///< bytes of the image that its slots cover
    std::vector<PageRun> runs;       ///< every page of the image once, in order
    std::vector<PageMapPart> parts;  ///< by offset; they lie within the image, and may overlap

    std::uint64_t pages() const { return runs.empty() ? 0 : runs.back().first + runs.back().count; }
    std::uint64_t count(PageState state) const;
    bool operator==(const ImagePageMap&) const = default;
};

using PageMap = std::vector<ImagePageMap>;

/// Bytes of a file, or of an image.
struct ByteRange {
    std::uint64_t offset = 0, size = 0;
    bool operator==(const ByteRange&) const = default;
};

/// What every page of every image in `file` is. `touched`: ranges of the file, in any order; their pages are touched unless
/// they are stale. Reads the code of every image once and keeps one signature (at most 64 MiB); throws Error only where `file`
/// does.
PageMap page_map(const Source& file, std::span<const ByteRange> touched = {});

/// The same as far as a report tells it, which is where a stream was rewritten that nobody has kept: pages that were resealed
/// are touched, of the others nothing is known, and the image goes as far as the last of them.
PageMap page_map(const Report& report);

/// The ranges of the file that page_map() wants: the pages that were resealed in the entry's images.
std::vector<ByteRange> touched_ranges(const EntryReport& entry);

/// One cell for `per_cell` pages: the most telling of their states, and what part they lie in.
struct PageCell {
    PageState state = PageState::unknown;
    std::size_t part = no_part;  ///< of ImagePageMap::parts: the one that most of its bytes are in

    static constexpr std::size_t no_part = static_cast<std::size_t>(-1);
    bool operator==(const PageCell&) const = default;
};

/// As many pages a cell as make at most `most` cells; a power of two. `most` > 0.
std::uint64_t pages_per_cell(const ImagePageMap& image, std::uint64_t most);
/// Stale comes before touched, that before unknown, valid and not covered.
std::vector<PageCell> page_cells(const ImagePageMap& image, std::uint64_t per_cell);

}  // namespace reseal
