// SPDX-License-Identifier: BSL-1.0
#include <reseal/page_map.hpp>

#include <algorithm>

#include "diagnose/page_parts.hpp"
#include "diagnose/page_runs.hpp"
#include "diagnose/placed_image.hpp"
#include "digest/digest.hpp"
#include "seal/file_layout.hpp"
#include "seal/verifier_pages.hpp"

namespace reseal {
namespace {

constexpr std::uint64_t usual_page_size = 4096;

std::uint64_t pages_of(std::uint64_t size, std::uint64_t page_size) { return size / page_size + (size % page_size != 0); }

/// The pages that slots are about.
std::vector<PageRun> covered_pages(const macho::CodeDirectory& directory, PageState state) {
    std::vector<PageRun> runs;
    if (directory.scatter.empty()) diagnose::append_run(runs, {0, directory.code_slots, state});
    for (const ScatterRun& run : directory.scatter) diagnose::append_run(runs, {run.first_page, run.pages, state});
    return runs;
}

/// Of the code slots among `slots`, which are ascending; so are their pages, scattered or not.
std::vector<std::uint64_t> pages_of_slots(const std::vector<ScatterRun>& scatter, const std::vector<std::int64_t>& slots) {
    std::vector<std::uint64_t> pages;
    auto run = scatter.begin();
    for (std::int64_t each : slots) {
        if (each < 0) continue;
        const auto slot = static_cast<std::uint64_t>(each);
        while (run != scatter.end() && slot - run->first_slot >= run->pages) ++run;
        pages.push_back(run == scatter.end() ? slot : run->first_page + (slot - run->first_slot));
    }
    return pages;
}

std::vector<PageRun> stale_pages(const macho::CodeDirectory& directory, const std::vector<std::int64_t>& slots) {
    std::vector<PageRun> runs;
    for (std::uint64_t page : pages_of_slots(directory.scatter, slots)) diagnose::append_run(runs, {page, 1, PageState::stale});
    return runs;
}

/// What the pages are by their slots; `map` knows all else of the image.
std::vector<PageRun> judged_pages(const Source& file, const diagnose::PlacedImage& image, const ImagePageMap& map) {
    const std::uint64_t pages = pages_of(map.size, map.page_size);
    std::vector<PageRun> runs;
    const macho::CodeDirectory* chosen = image.chosen();
    const bool is_signed = image.header() && image.header()->signature;
    diagnose::append_run(runs, {0, pages, is_signed && !chosen ? PageState::unknown : PageState::not_covered});
    if (!chosen) return runs;
    if (!digest::available(chosen->hash)) return diagnose::overlaid(runs, covered_pages(*chosen, PageState::unknown));
    const seal::CheckedPages checked = seal::check_pages(file, image.range(), image.signature(), {chosen}).front();
    runs = diagnose::overlaid(runs, covered_pages(*chosen, checked.complete ? PageState::valid : PageState::unknown));
    return diagnose::overlaid(runs, stale_pages(*chosen, checked.stale));
}

/// Those of the file's ranges that lie in a slice, as of the slice.
std::vector<ByteRange> within_slice(std::span<const ByteRange> ranges, const macho::Range& slice) {
    std::vector<ByteRange> found;
    for (const ByteRange& range : ranges) {
        const std::uint64_t end = range.offset + std::min(range.size, UINT64_MAX - range.offset);
        const std::uint64_t from = std::max(range.offset, slice.offset), to = std::min(end, slice.end());
        if (from < to) found.push_back({from - slice.offset, to - from});
    }
    return found;
}

/// Touched or not, a stale page is stale.
std::vector<PageRun> with_touched(const std::vector<PageRun>& runs, const std::vector<PageRun>& touched) {
    std::vector<PageRun> stale;
    for (const PageRun& run : runs)
        if (run.state == PageState::stale) stale.push_back(run);
    return diagnose::overlaid(diagnose::overlaid(runs, touched), stale);
}

const CodeDirectoryReport* chosen_of(const ImageReport& image) {
    const CodeDirectoryReport* chosen = nullptr;
    for (const CodeDirectoryReport& each : image.codedirectories)
        if (!chosen || macho::kernel_rank(each.hash) > macho::kernel_rank(chosen->hash)) chosen = &each;
    return chosen && chosen->page_size > 0 ? chosen : nullptr;
}

std::vector<ByteRange> resealed_pages(const CodeDirectoryReport& directory) {
    std::vector<ByteRange> ranges;
    for (std::uint64_t page : pages_of_slots(directory.scatter, directory.slots_changed))
        ranges.push_back({page * directory.page_size, directory.page_size});
    return ranges;
}

}  // namespace

std::string_view name(PageState state) {
    switch (state) {
        case PageState::valid: return "valid";
        case PageState::stale: return "stale";
        case PageState::touched: return "touched";
        case PageState::not_covered: return "not covered";
        case PageState::unknown: return "unknown";
    }
    return {};
}

std::uint64_t ImagePageMap::count(PageState state) const {
    std::uint64_t pages = 0;
    for (const PageRun& run : runs)
        if (run.state == state) pages += run.count;
    return pages;
}

PageMap page_map(const Source& file, std::span<const ByteRange> touched) {
    PageMap maps;
    for (const macho::Slice& slice : seal::read_layout(file).slices) {
        if (!slice.range.within(file.size())) continue;
        const std::optional<diagnose::PlacedImage> image = diagnose::PlacedImage::read(file, slice);
        if (!image) continue;
        ImagePageMap map;
        map.arch = image->arch();
        map.offset = slice.range.offset;
        map.size = slice.range.size;
        map.page_size = image->page_size() != 0 ? image->page_size() : usual_page_size;
        if (const macho::CodeDirectory* chosen = image->chosen()) map.code_limit = chosen->code_limit;
        map.runs = judged_pages(file, *image, map);
        map.runs = with_touched(
            map.runs, diagnose::runs_of(within_slice(touched, slice.range), map.page_size, map.pages(), PageState::touched));
        map.parts = diagnose::page_parts(*image);
        maps.push_back(std::move(map));
    }
    return maps;
}

PageMap page_map(const Report& report) {
    PageMap maps;
    for (const EntryReport& entry : report.entries)
        for (const ImageReport& image : entry.images) {
            const CodeDirectoryReport* chosen = chosen_of(image);
            if (!chosen) continue;
            ImagePageMap map;
            if (report.format == Format::nar || report.format == Format::tar) map.path = entry.path;
            map.arch = image.arch;
            map.offset = image.offset;
            map.page_size = chosen->page_size;
            const std::vector<ByteRange> ranges = resealed_pages(*chosen);
            if (!ranges.empty()) map.size = ranges.back().offset + ranges.back().size;
            diagnose::append_run(map.runs, {0, pages_of(map.size, map.page_size), PageState::unknown});
            map.runs = with_touched(map.runs, diagnose::runs_of(ranges, map.page_size, map.pages(), PageState::touched));
            maps.push_back(std::move(map));
        }
    return maps;
}

std::vector<ByteRange> touched_ranges(const EntryReport& entry) {
    std::vector<ByteRange> ranges;
    for (const ImageReport& image : entry.images)
        if (const CodeDirectoryReport* chosen = chosen_of(image))
            for (const ByteRange& range : resealed_pages(*chosen)) ranges.push_back({image.offset + range.offset, range.size});
    return ranges;
}

}  // namespace reseal
