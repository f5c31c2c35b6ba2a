// SPDX-License-Identifier: BSL-1.0
#include "cli/verdict_text.hpp"

#include <algorithm>
#include <span>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t slots_listed = 20;

std::string list(std::span<const std::int64_t> slots) {
    std::string out;
    for (std::int64_t slot : slots.first(std::min(slots.size(), slots_listed)))
        out += (out.empty() ? "" : ", ") + std::to_string(slot);
    if (slots.size() > slots_listed) out += " … and " + std::to_string(slots.size() - slots_listed) + " more";
    return out;
}

std::string special(std::span<const std::int64_t> slots) {
    return (slots.size() == 1 ? "special slot " : "special slots ") + list(slots);
}

// Ascending, so the special slots come first.
std::string detail(const CodeDirectoryVerdict& directory) {
    std::span<const std::int64_t> stale(directory.stale);
    auto first_page = std::partition_point(stale.begin(), stale.end(), [](std::int64_t slot) { return slot < 0; });
    auto specials = stale.first(static_cast<std::size_t>(first_page - stale.begin()));
    auto pages = stale.subspan(specials.size());
    std::string out = pages.empty()
                          ? counted(directory.pages, "page")
                          : std::to_string(pages.size()) + " of " + counted(directory.pages, "page") + ": " + list(pages);
    if (!specials.empty()) out += "; " + special(specials);
    if (!directory.unchecked.empty()) out += "; unchecked: " + special(directory.unchecked);
    return out + "; " + std::string(name(directory.hash)) + "/" + std::to_string(directory.page_size);
}

// The slots that are stale are listed already.
bool said_by_slots(const Problem& problem) { return problem.code == Code::page_stale || problem.code == Code::special_stale; }

std::string_view objection(reseal::Layer layer) {
    switch (layer) {
        case reseal::Layer::kernel: return "the kernel objects";
        case reseal::Layer::codesign: return "codesign objects";
        case reseal::Layer::strict: return "strict mode objects";
    }
    return {};
}

std::string placed(const Problem& problem) {
    return printable(problem.what) + " (offset " + std::to_string(problem.offset) + ")";
}

}  // namespace

std::string examined_name(const Examined& file) {
    std::string out = printable(file.path);
    if (file.entry) out.append(":").append(printable(*file.entry));
    return out;
}

std::string verdict_text(const Examined& file, const ImageVerdict& image) {
    std::string out = examined_name(file) + "  " + printable(image.arch) + "  " + std::string(name(image.verdict));
    std::string separator = "  ";
    auto add = [&](const std::string& part) {
        out += separator + part;
        separator = " | ";
    };
    for (const CodeDirectoryVerdict& directory : image.codedirectories) add(detail(directory));
    for (const Problem& problem : image.problems)
        if (!said_by_slots(problem)) add(placed(problem));
    for (const Problem& note : image.notes) add(std::string("note: ") + placed(note));
    if (const std::optional<reseal::Layer> layer = image.layer()) add(std::string(objection(*layer)));
    return out;
}

}  // namespace reseal::cli
