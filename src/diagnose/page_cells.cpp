// SPDX-License-Identifier: BSL-1.0
// A page map on so many cells as a screen or a picture has room for.
#include <algorithm>
#include <array>
#include <reseal/page_map.hpp>

namespace reseal {
namespace {

/// The states by how much they tell.
constexpr std::array least_telling_first{PageState::not_covered, PageState::valid, PageState::unknown, PageState::touched,
                                         PageState::stale};

std::size_t telling(PageState state) {
    return static_cast<std::size_t>(std::find(least_telling_first.begin(), least_telling_first.end(), state) -
                                    least_telling_first.begin());
}

struct CellClaim {
    std::uint64_t bytes = 0;
    std::size_t part = PageCell::no_part;
};

/// Gives every cell that a part has bytes in to it, unless another has more of them there.
void claim_cells(const PageMapPart& part, std::size_t number, std::uint64_t cell_size, std::vector<CellClaim>& claims) {
    const std::uint64_t last = (part.offset + part.size - 1) / cell_size;
    for (std::uint64_t cell = part.offset / cell_size; cell <= last && cell < claims.size(); ++cell) {
        const std::uint64_t from = std::max(part.offset, cell * cell_size);
        const std::uint64_t to = std::min(part.offset + part.size, cell * cell_size + cell_size);
        CellClaim& claim = claims[static_cast<std::size_t>(cell)];
        if (to - from > claim.bytes) claim = {to - from, number};
    }
}

}  // namespace

std::string PageMapPart::label() const {
    if (segment.empty()) return section;
    return section.empty() ? segment : segment + "," + section;
}

std::uint64_t pages_per_cell(const ImagePageMap& image, std::uint64_t most) {
    std::uint64_t per_cell = 1;
    while (per_cell < UINT64_MAX / 2 && (image.pages() + per_cell - 1) / per_cell > most) per_cell *= 2;
    return per_cell;
}

std::vector<PageCell> page_cells(const ImagePageMap& image, std::uint64_t per_cell) {
    const std::uint64_t pages = image.pages();
    std::vector<PageCell> cells(static_cast<std::size_t>(pages / per_cell + (pages % per_cell != 0)), PageCell{});
    for (PageCell& cell : cells) cell.state = least_telling_first.front();
    for (const PageRun& run : image.runs)
        for (std::uint64_t cell = run.first / per_cell; cell <= (run.first + run.count - 1) / per_cell; ++cell) {
            PageState& state = cells[static_cast<std::size_t>(cell)].state;
            if (telling(run.state) > telling(state)) state = run.state;
        }
    std::vector<CellClaim> claims(cells.size());
    const std::uint64_t cell_size = image.page_size > UINT64_MAX / 2 / per_cell ? UINT64_MAX / 2 : image.page_size * per_cell;
    for (std::size_t i = 0; i < image.parts.size(); ++i) claim_cells(image.parts[i], i, cell_size, claims);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i].part = claims[i].part;
    return cells;
}

}  // namespace reseal
