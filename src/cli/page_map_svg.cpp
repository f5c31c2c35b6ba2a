// SPDX-License-Identifier: BSL-1.0
#include "cli/page_map_svg.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "cli/cut_text.hpp"
#include "cli/message.hpp"
#include "cli/page_map_text.hpp"
#include "cli/svg_elements.hpp"
#include "macho/hex.hpp"

namespace reseal::cli {
namespace svg {
namespace {

constexpr std::uint64_t columns = 48, most_svg_rows = 40;
constexpr std::size_t most_images_drawn = 32, most_parts_drawn = 36, longest_label = 60;
constexpr std::uint64_t cell = 12, row_height = 16, bar_height = 11, strip_height = 3;
constexpr std::uint64_t left = 24, grid_left = 104, parts_left = grid_left + columns * cell + 28,
                        picture_width = parts_left + 520;
constexpr std::uint64_t line_height = 16, heading_height = 44, between_images = 28, head_height = 88, foot = 20;

struct StateStyle {
    PageState state;
    const char* style;  // the name of its class
    const char* light;
    const char* dark;
};

constexpr std::array state_styles{
    StateStyle{PageState::valid, "valid", "#57ab7b", "#3f8f63"},
    StateStyle{PageState::stale, "stale", "#d1242f", "#f85149"},
    StateStyle{PageState::touched, "touched", "#e3a008", "#d29922"},
    StateStyle{PageState::unknown, "unknown", "#a78bba", "#8a6fa0"},
    StateStyle{PageState::not_covered, "uncovered", "#d8dee4", "#373e47"},
};

const StateStyle& style_of(PageState state) {
    return *std::find_if(state_styles.begin(), state_styles.end(), [&](const StateStyle& each) { return each.state == state; });
}

/// Far apart from each other for parts that are neighbours, and none of them the red of a stale page.
constexpr std::array part_hues{210, 45, 275, 175, 310, 95, 240, 60, 150, 290, 120, 30};

std::string part_style(std::size_t part) { return std::string("p").append(std::to_string(part % part_hues.size())); }

std::string style_sheet() {
    std::string light, dark;
    for (const StateStyle& each : state_styles) {
        light.append(".").append(each.style).append("{fill:").append(each.light).append("}\n");
        dark.append(".").append(each.style).append("{fill:").append(each.dark).append("}\n");
    }
    for (std::size_t i = 0; i < part_hues.size(); ++i) {
        const std::string rule =
            std::string(".").append(part_style(i)).append("{fill:hsl(") + std::to_string(part_hues[i]) + ",55%,";
        light += rule + "45%)}\n";
        dark += rule + "62%)}\n";
    }
    return "<style>\n"
           "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:12px;fill:#1f2328}\n"
           ".title{font-size:18px;font-weight:600}\n.heading{font-size:14px;font-weight:600}\n"
           ".dim{fill:#59636e}\n.code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11px}\n"
           ".ground{fill:#ffffff}\n.line{stroke:#ffffff}\n.mark{stroke:#ffffff;stroke-width:1.5}\n" +
           light + "@media (prefers-color-scheme: dark){\ntext{fill:#e6edf3}\n.dim{fill:#9198a1}\n.ground{fill:#0d1117}\n" +
           ".line{stroke:#0d1117}\n.mark{stroke:#0d1117}\n" + dark + "}\n</style>\n";
}

/// Lines between the cells; what tells stale and touched cells without colours.
std::string patterns() {
    const std::string c = number(cell), h = number(bar_height);
    const auto pattern = [&](const char* id, const std::string& path, const char* style) {
        return element("pattern", {{"id", id}, {"width", c}, {"height", h}, {"patternUnits", "userSpaceOnUse"}},
                       "<path class=\"" + std::string(style) + "\" fill=\"none\" d=\"" + path + "\"/>");
    };
    return "<defs>\n" + pattern("grid", "M" + c + " 0V" + h, "line") + pattern("cross", "M3 2L8 9M8 2L3 9", "mark") +
           pattern("bar", "M2 5.5H9", "mark") + "</defs>\n";
}

/// A bar of a pattern, which begins at the group's origin, so that each row has to be a group.
std::string filled(const char* pattern, std::uint64_t x, std::uint64_t w) {
    return element("rect", {{"fill", std::string("url(#") + pattern + ")"},
                            {"pointer-events", "none"},
                            {"x", number(x)},
                            {"y", "0"},
                            {"width", number(w)},
                            {"height", number(bar_height)}});
}

/// What tells a state without colours.
std::string marked(PageState state, std::uint64_t x, std::uint64_t w) {
    if (state == PageState::stale) return filled("cross", x, w);
    return state == PageState::touched ? filled("bar", x, w) : std::string();
}

std::string cell_title(const ImagePageMap& image, const PageCell& what, std::uint64_t from, std::uint64_t to,
                       std::uint64_t per_cell) {
    const std::uint64_t first = from * per_cell, end = std::min(to * per_cell, image.pages());
    std::string text = pages_text(first * image.page_size, (end - first) * image.page_size, image.page_size) + ": " +
                       std::string(name(what.state));
    if (what.part != PageCell::no_part) text += "; " + cut_text(image.parts[what.part].label(), longest_label);
    return text;
}

/// Cells of one state and part, [from, to), in the row whose first cell is number `row`.
std::string drawn_run(const ImagePageMap& image, const PageCell& what, std::uint64_t from, std::uint64_t to, std::uint64_t row,
                      std::uint64_t per_cell) {
    const std::uint64_t x = (from - row) * cell, w = (to - from) * cell;
    std::string out = rectangle(x, 0, w, bar_height, style_of(what.state).style, cell_title(image, what, from, to, per_cell));
    if (what.part != PageCell::no_part) out += rectangle(x, bar_height, w, strip_height, part_style(what.part));
    return out + marked(what.state, x, w) + filled("grid", x, w);
}

std::string drawn_row(const ImagePageMap& image, const std::vector<PageCell>& cells, std::size_t row, std::uint64_t y,
                      std::uint64_t per_cell) {
    const std::size_t end = std::min<std::size_t>(cells.size(), row + columns);
    std::string out = words(left, y + 10, "code dim", macho::hex(row * per_cell * image.page_size));
    std::string runs;
    for (std::size_t from = row; from < end;) {
        std::size_t to = from;
        while (to < end && cells[to] == cells[from]) ++to;
        runs += drawn_run(image, cells[from], from, to, row, per_cell);
        from = to;
    }
    return out + element("g", {{"transform", "translate(" + number(grid_left) + " " + number(y) + ")"}}, "\n" + runs);
}

/// The parts that have a line beside the map, by offset: the largest, where they are too many.
std::vector<std::size_t> listed_parts(const ImagePageMap& image) {
    std::vector<std::size_t> parts(image.parts.size());
    std::iota(parts.begin(), parts.end(), std::size_t{0});
    std::stable_sort(parts.begin(), parts.end(),
                     [&](std::size_t a, std::size_t b) { return image.parts[a].size > image.parts[b].size; });
    if (parts.size() > most_parts_drawn) parts.resize(most_parts_drawn);
    std::sort(parts.begin(), parts.end());
    return parts;
}

std::string drawn_parts(const ImagePageMap& image, const std::vector<std::size_t>& parts, std::uint64_t y) {
    std::string out;
    for (std::size_t each : parts) {
        const PageMapPart& part = image.parts[each];
        out += rectangle(parts_left, y + 1, 10, 10, part_style(each));
        out += words(parts_left + 16, y + 10, "code", cut_text(part.label(), 30));
        out += words(parts_left + 230, y + 10, "code dim", pages_text(part.offset, part.size, image.page_size));
        std::string odd;
        for (PageState state : {PageState::stale, PageState::touched})
            if (const std::uint64_t pages = pages_in_part(image, part, state); pages > 0)
                odd += (odd.empty() ? "" : ", ") + number(pages) + " " + std::string(name(state));
        if (!odd.empty()) out += words(parts_left + 370, y + 10, "code", odd);
        y += line_height;
    }
    if (parts.size() < image.parts.size())
        out += words(parts_left + 16, y + 10, "dim", "and " + number(image.parts.size() - parts.size()) + " smaller parts");
    return out;
}

struct Drawing {
    std::string svg;
    std::uint64_t height = 0;
};

std::string heading_of(const ImagePageMap& image) {
    return (image.path.empty() ? "" : cut_text(image.path, longest_label) + ", ") + image.arch;
}

std::string facts_of(const ImagePageMap& image, std::uint64_t per_cell) {
    std::string text = counted(image.pages(), "page") + " of " + number(image.page_size) + " bytes";
    if (per_cell > 1) text += ", " + number(per_cell) + " a cell, which shows the worst of them";
    for (const StateStyle& each : state_styles)
        if (const std::uint64_t pages = image.count(each.state); pages > 0)
            text += " · " + number(pages) + " " + std::string(name(each.state));
    return text;
}

Drawing drawn_image(const ImagePageMap& image, std::uint64_t y) {
    const std::uint64_t per_cell = pages_per_cell(image, columns * most_svg_rows);
    const std::vector<PageCell> cells = page_cells(image, per_cell);
    const std::vector<std::size_t> parts = listed_parts(image);
    Drawing drawing;
    drawing.svg = words(left, y + 12, "heading", heading_of(image)) + words(left, y + 30, "dim", facts_of(image, per_cell));
    const std::uint64_t top = y + heading_height;
    std::uint64_t at = top;
    for (std::size_t row = 0; row < cells.size(); row += columns, at += row_height)
        drawing.svg += drawn_row(image, cells, row, at, per_cell);
    drawing.svg += drawn_parts(image, parts, top);
    const std::uint64_t beside = (parts.size() + (parts.size() < image.parts.size() ? 1 : 0)) * line_height;
    drawing.height = heading_height + std::max(at - top, beside);
    return drawing;
}

std::string drawn_legend(std::uint64_t y) {
    std::string out;
    std::uint64_t x = left;
    for (const StateStyle& each : state_styles) {
        out += element("g", {{"transform", "translate(" + number(x) + " " + number(y) + ")"}},
                       rectangle(0, 0, bar_height, bar_height, each.style) + marked(each.state, 0, bar_height));
        out += words(x + 17, y + 10, "dim", std::string(name(each.state)));
        x += 110;
    }
    return out + words(x + 20, y + 10, "dim", "the line below a cell: the part of the file it lies in");
}

}  // namespace
}  // namespace svg

std::string page_map_svg(const std::string& title, const PageMap& map) {
    using namespace svg;
    std::string body = words(left, 36, "title", cut_text(title, 110)) + drawn_legend(54);
    std::uint64_t y = head_height;
    const std::size_t drawn = std::min(map.size(), most_images_drawn);
    for (std::size_t i = 0; i < drawn; ++i) {
        const Drawing drawing = drawn_image(map[i], y);
        body += element("g", {}, "\n" + drawing.svg);
        y += drawing.height + between_images;
    }
    std::string left_out;
    if (map.empty()) left_out = "no signed image was touched";
    if (drawn < map.size()) left_out = "and " + number(map.size() - drawn) + " more images";
    if (!left_out.empty()) body += words(left, y + 10, "dim", left_out), y += line_height + between_images;
    const std::string height = number(y - between_images + foot);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
           element("svg",
                   {{"xmlns", "http://www.w3.org/2000/svg"},
                    {"width", number(picture_width)},
                    {"height", height},
                    {"viewBox", "0 0 " + number(picture_width) + " " + height},
                    {"role", "img"}},
                   "\n<title>" + xml_text("Page map of " + title) + "</title>\n" + style_sheet() + patterns() +
                       "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n" + body);
}

}  // namespace reseal::cli
