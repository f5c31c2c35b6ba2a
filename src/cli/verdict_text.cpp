// SPDX-License-Identifier: BSL-1.0
#include "cli/verdict_text.hpp"

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"
#include "cli/slot_list.hpp"

namespace reseal::cli {
namespace {

std::string detail(const CodeDirectoryVerdict& directory) {
    const auto [specials, pages] = split(directory.stale);
    std::string out = pages.empty()
                          ? counted(directory.pages, "page")
                          : std::to_string(pages.size()) + " of " + counted(directory.pages, "page") + ": " + slot_list(pages);
    if (!specials.empty()) out += "; " + special_slot_list(specials);
    if (!directory.unchecked.empty()) out += "; unchecked: " + special_slot_list(directory.unchecked);
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
