// SPDX-License-Identifier: BSL-1.0
#include "cli/page_map_text.hpp"

#include <algorithm>
#include <array>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"
#include "macho/hex.hpp"

namespace reseal::cli {
namespace {

constexpr std::uint64_t most_rows = 24, narrowest_row = 16, widest_row = 256;
constexpr std::size_t most_parts_named = 64, most_pages_listed = 8;

struct StateLook {
    PageState state;
    char character;
    const char* colour;  // SGR parameters
};

constexpr std::array state_looks{
    StateLook{PageState::valid, '=', "32"},      StateLook{PageState::stale, 'X', "1;31"},
    StateLook{PageState::touched, 'o', "33"},    StateLook{PageState::unknown, '?', "35"},
    StateLook{PageState::not_covered, '.', "2"},
};

const StateLook& look_of(PageState state) {
    return *std::find_if(state_looks.begin(), state_looks.end(), [&](const StateLook& each) { return each.state == state; });
}

std::string coloured(const std::string& text, const StateLook& look, const Terminal& terminal) {
    return terminal.colours ? std::string("\x1b[").append(look.colour).append("m").append(text).append("\x1b[0m") : text;
}

std::string padded_to(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}

/// So many cells a row as fit beside the offsets, in sixteens.
std::uint64_t row_length(const Terminal& terminal, std::size_t before) {
    const std::uint64_t room = terminal.columns > before ? terminal.columns - before : 0;
    return std::clamp(room / narrowest_row * narrowest_row, narrowest_row, widest_row);
}

std::string row_text(const std::vector<PageCell>& cells, std::size_t from, std::size_t to, const Terminal& terminal) {
    std::string text;
    while (from < to) {
        const StateLook& look = look_of(cells[from].state);
        std::size_t end = from;
        while (end < to && cells[end].state == look.state) ++end;
        text += coloured(std::string(end - from, look.character), look, terminal);
        from = end;
    }
    return text;
}

std::string legend(const ImagePageMap& image, const Terminal& terminal) {
    std::string text = "   ";
    for (const StateLook& look : state_looks)
        if (const std::uint64_t pages = image.count(look.state); pages > 0)
            text.append(" ")
                .append(coloured(std::string(1, look.character), look, terminal))
                .append(" ")
                .append(std::to_string(pages))
                .append(" ")
                .append(name(look.state))
                .append(" ");
    text.pop_back();
    return text + "\n";
}

/// "; stale: 17, 18" for the pages of a part that are not what they should be.
std::string odd_pages(const ImagePageMap& image, const PageMapPart& part, PageState state) {
    const std::uint64_t first = part.offset / image.page_size, last = (part.offset + part.size - 1) / image.page_size;
    std::string text;
    std::size_t listed = 0;
    for (const PageRun& run : image.runs) {
        if (run.state != state) continue;
        const std::uint64_t from = std::max(run.first, first), to = std::min(run.first + run.count - 1, last);
        if (from > to) continue;
        if (listed++ == most_pages_listed) return text + ", …";
        text += text.empty() ? "; " + std::string(name(state)) + ": " : ", ";
        text += from == to ? std::to_string(from) : std::to_string(from) + "–" + std::to_string(to);
    }
    return text;
}

std::string parts_text(const ImagePageMap& image) {
    std::string text;
    const std::size_t named = std::min(image.parts.size(), most_parts_named);
    std::size_t widest = 0;
    for (std::size_t i = 0; i < named; ++i) widest = std::max(widest, printable(image.parts[i].label()).size());
    for (std::size_t i = 0; i < named; ++i) {
        const PageMapPart& part = image.parts[i];
        const std::string range = macho::hex(part.offset) + "–" + macho::hex(part.offset + part.size);
        text += "    " + padded_to(printable(part.label()), widest) + "  " + padded_to(range, 21 + 2) + "  " +
                pages_text(part.offset, part.size, image.page_size) + odd_pages(image, part, PageState::stale) +
                odd_pages(image, part, PageState::touched) + "\n";
    }
    if (named < image.parts.size()) text += "    … and " + std::to_string(image.parts.size() - named) + " more parts\n";
    return text;
}

}  // namespace

std::uint64_t pages_in_part(const ImagePageMap& image, const PageMapPart& part, PageState state) {
    const std::uint64_t first = part.offset / image.page_size, end = (part.offset + part.size - 1) / image.page_size + 1;
    std::uint64_t pages = 0;
    for (const PageRun& run : image.runs) {
        const std::uint64_t from = std::max(run.first, first), to = std::min(run.first + run.count, end);
        if (run.state == state && from < to) pages += to - from;
    }
    return pages;
}

std::string pages_text(std::uint64_t offset, std::uint64_t size, std::uint64_t page_size) {
    const std::uint64_t first = offset / page_size, last = (offset + std::max<std::uint64_t>(size, 1) - 1) / page_size;
    return first == last ? "page " + std::to_string(first) : "pages " + std::to_string(first) + "–" + std::to_string(last);
}

std::string page_map_text(const ImagePageMap& image, const Terminal& terminal) {
    if (image.pages() == 0) return {};
    const std::size_t offset_width = macho::hex(image.size).size();
    const std::uint64_t row = row_length(terminal, 4 + offset_width + 2);
    const std::uint64_t per_cell = pages_per_cell(image, row * most_rows);
    const std::vector<PageCell> cells = page_cells(image, per_cell);
    std::string text =
        "  page map      " + counted(image.pages(), "page") + " of " + std::to_string(image.page_size) + " bytes";
    if (per_cell > 1) text += ", " + std::to_string(per_cell) + " a character, which shows the worst of them";
    text += "\n";
    for (std::size_t at = 0; at < cells.size(); at += row) {
        const std::size_t end = std::min<std::size_t>(cells.size(), at + row);
        text += "    " + padded_to(macho::hex(at * per_cell * image.page_size), offset_width) + "  " +
                row_text(cells, at, end, terminal) + "\n";
    }
    return text + legend(image, terminal) + parts_text(image);
}

}  // namespace reseal::cli
