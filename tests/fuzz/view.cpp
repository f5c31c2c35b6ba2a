// SPDX-License-Identifier: BSL-1.0
// Any bytes as a file whose signatures are shown: what is shown agrees with the verifier, is of bounded size, and is safe to
// print, in text, JSON and SVG.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/page_map.hpp>
#include <reseal/signature.hpp>
#include <reseal/verify.hpp>

#include "cli/page_map_svg.hpp"
#include "cli/show_json.hpp"
#include "cli/show_text.hpp"
#include "fuzz/feed.hpp"

namespace {

using namespace reseal;

template <class Each>
const Each* at_offset(const std::vector<Each>& all, std::uint64_t offset) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Each& each) { return each.offset == offset; });
    return found == all.end() ? nullptr : &*found;
}

void check_directory(const CodeDirectoryView& shown, const CodeDirectoryVerdict& verdict) {
    if (!shown.fault.empty()) return;  // the verifier asks what the kernel does, who takes more
    fuzz::require(shown.slot == verdict.slot && shown.cdhash == verdict.cdhash && shown.chosen == verdict.chosen &&
                      shown.code_slots == verdict.pages,
                  "the verifier sees another CodeDirectory");
    for (const SpecialSlotView& special : shown.specials)
        if (!verdict.cdhash.empty())
            fuzz::require(std::binary_search(verdict.stale.begin(), verdict.stale.end(), special.slot) ==
                              (special.state == SlotState::stale),
                          "the verifier says otherwise of a special slot");
}

void check_map(const ImagePageMap& map, const ImageVerdict& verdict) {
    std::uint64_t at = 0;
    for (const PageRun& run : map.runs) {
        fuzz::require(run.first == at && run.count > 0, "a page is missing or there twice");
        at += run.count;
    }
    fuzz::require(at == map.size / map.page_size + (map.size % map.page_size != 0), "pages behind the image's end");
    for (const PageMapPart& part : map.parts)
        fuzz::require(part.size > 0 && part.offset < map.size && part.size <= map.size - part.offset, "a part lies outside");
    const auto chosen = std::find_if(verdict.codedirectories.begin(), verdict.codedirectories.end(),
                                     [](const CodeDirectoryVerdict& each) { return each.chosen; });
    if (chosen == verdict.codedirectories.end()) return;
    const auto stale = std::count_if(chosen->stale.begin(), chosen->stale.end(), [](std::int64_t slot) { return slot >= 0; });
    const bool pre_encrypt = std::any_of(verdict.problems.begin(), verdict.problems.end(),
                                         [](const Problem& each) { return each.code == Code::pre_encrypt; });
    // A damaged signature, of which the verifier still asks what the kernel would, is unknown to the map.
    if (!pre_encrypt && map.count(PageState::unknown) == 0)
        fuzz::require(map.count(PageState::stale) == static_cast<std::uint64_t>(stale),
                      "the verifier counts other stale pages");
    const std::uint64_t per_cell = pages_per_cell(map, 100);
    const std::vector<PageCell> cells = page_cells(map, per_cell);
    fuzz::require(cells.size() <= 100, "more cells than asked for");
    const bool seen =
        std::any_of(cells.begin(), cells.end(), [](const PageCell& each) { return each.state == PageState::stale; });
    fuzz::require(seen == (map.count(PageState::stale) > 0), "a stale page is not among the cells");
}

bool safe(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7F;
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const MemorySource file({reinterpret_cast<const char*>(data), size});
    const SignatureView all = view(file, {.digests = true});
    const std::vector<ImageVerdict> verdicts = verify(file);
    const std::vector<ByteRange> touched = {{size / 2, size / 4}};
    const PageMap maps = page_map(file), more = page_map(file, touched);
    const auto faulty = [](const CodeDirectoryView& directory) { return !directory.fault.empty(); };
    std::vector<cli::ShownImage> shown;
    for (const ImageView& image : all.images) {
        cli::ShownImage each{image, {}, {}};
        if (const ImagePageMap* map = at_offset(maps, image.offset)) each.map = *map;
        const ImageVerdict* verdict = at_offset(verdicts, image.offset);
        fuzz::require(verdict != nullptr, "an image is shown that the verifier does not see");
        if (std::any_of(image.codedirectories.begin(), image.codedirectories.end(), faulty))
            fuzz::require(verdict->bad, "the verifier takes a CodeDirectory that is shown as damaged");
        each.verdict = *verdict;
        if (!each.map.runs.empty()) check_map(each.map, *verdict);
        for (std::size_t i = 0; verdict->verdict != Verdict::malformed && i < verdict->codedirectories.size(); ++i)
            check_directory(image.codedirectories.at(i), verdict->codedirectories[i]);
        fuzz::require(safe(cli::show_text("x", each, true, {})), "a control character is shown");
        shown.push_back(std::move(each));
    }
    fuzz::require(safe(cli::show_json("x", shown, all.fault, true).dump(-1, ' ', true)), "a control character in JSON");
    fuzz::require(safe(cli::page_map_svg("x", more)), "a control character in SVG");
    return 0;
}
