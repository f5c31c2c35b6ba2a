// SPDX-License-Identifier: BSL-1.0
// Any bytes as a log: what comes out is bounded, line ends do not matter, and a log that goes on says of its first lines what
// it said before. Any bytes as a program: a place is where it was asked for, its text stands there, and it agrees with the
// verifier.
#include <algorithm>
#include <reseal/log.hpp>
#include <reseal/place.hpp>
#include <reseal/verify.hpp>

#include "fuzz/feed.hpp"

namespace {

using namespace reseal;

std::string with_crlf(std::string_view text) {
    std::string out;
    for (char c : text) out.append(c == '\n' ? "\r" : "").push_back(c);
    return out;
}

void check_bounds(const Log& log) {
    std::size_t line = 1;
    fuzz::require(log.events.size() <= max_log_events, "too many events");
    for (const LogEvent& event : log.events) {
        fuzz::require(event.line >= line && event.line <= log.lines, "an event without a line, or out of order");
        line = event.line;
        for (const std::string* text : {&event.process, &event.path, &event.exception, &event.message})
            fuzz::require(text->size() <= max_log_message, "a text is too long");
        if (event.status) fuzz::require(status_names(*event.status).size() <= 32, "too many bits");
        fuzz::require(!name(event.kind).empty() && !describe(modification(event)).empty(), "something without a name");
        number_name(event);
    }
}

/// A crash report goes on over many lines.
std::vector<LogEvent> of_single_lines(const Log& log, std::size_t lines) {
    std::vector<LogEvent> events = log.events;
    std::erase_if(events, [&](const LogEvent& event) { return event.kind == LogKind::crash || event.line > lines; });
    return events;
}

void check_log(std::string_view text, std::size_t cut) {
    const Log whole = read_log(text);
    check_bounds(whole);
    if (!whole.notes.empty()) return;
    const Log other_ends = read_log(with_crlf(text));
    if (other_ends.notes.empty()) fuzz::require(other_ends.events == whole.events, "an event depends on the line ends");
    const std::string_view part = text.substr(0, cut);
    const auto lines = static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
    fuzz::require(of_single_lines(read_log(part), lines) == of_single_lines(whole, lines), "a cut changes lines before it");
}

bool is_stale(const CodeDirectoryVerdict& directory, std::int64_t slot) {
    return std::binary_search(directory.stale.begin(), directory.stale.end(), slot);
}

void check_place(std::string_view file, std::uint64_t offset) {
    const MemorySource source(file);
    const std::optional<Place> place = place_at(source, offset);
    if (!place) return;
    fuzz::require(place->offset == offset && place->slice_offset + place->offset_in_slice == offset, "another place");
    fuzz::require(place->text.size() <= 256, "a text is too long");
    if (!place->text.empty())
        fuzz::require(file.substr(static_cast<std::size_t>(place->text_offset)).starts_with(place->text),
                      "a text of elsewhere");
    fuzz::require(place->page_size > 0 || !place->slot, "a slot without a page");
    LogEvent event;
    event.offset = offset;
    fuzz::require(places(source, event).size() <= 4, "too many pages");
    if (!place->valid) return;
    for (const ImageVerdict& image : verify(source)) {
        if (image.offset != place->slice_offset) continue;
        const bool agrees = std::any_of(image.codedirectories.begin(), image.codedirectories.end(), [&](const auto& directory) {
            return directory.page_size == place->page_size && is_stale(directory, *place->slot) != *place->valid;
        });
        fuzz::require(agrees, "the verifier says otherwise of a page");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const bool program = feed.flag();
    const std::size_t at = feed.u16();
    if (program) check_place(feed.rest(), at);
    else check_log(feed.rest(), at);
    return 0;
}
