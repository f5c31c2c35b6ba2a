// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log_text.hpp"

#include <algorithm>
#include <map>

#include "bytes/byte_string.hpp"
#include "bytes/joined.hpp"
#include "cli/explain_log_files.hpp"
#include "cli/explain_log_words.hpp"
#include "cli/logged_cause.hpp"
#include "diagnose/remedies.hpp"
#include "fs/path_parts.hpp"
#include "macho/hex.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t most_lines_named = 4, most_absent = 8;
const std::string sentence_indent = "  ", detail_indent = "    ";

std::string logged_lines(const std::vector<std::size_t>& lines) {
    std::vector<std::string> numbers;
    for (std::size_t line : lines)
        if (numbers.size() < most_lines_named) numbers.push_back(std::to_string(line));
    std::string out = (lines.size() == 1 ? "line " : "lines ") + joined(numbers);
    if (lines.size() > most_lines_named) out += " and " + std::to_string(lines.size() - most_lines_named) + " more";
    return out;
}

/// One of the kernel's pages has up to four of the signature's: those that are wrong, then how many are not.
std::vector<std::string> logged_place_lines(const DecodedEvent& decoded) {
    const std::vector<Place>& places = decoded.places;
    const auto good = static_cast<std::size_t>(
        std::count_if(places.begin(), places.end(), [](const Place& place) { return place.slot && place.valid == true; }));
    std::vector<std::string> lines;
    for (const Place& place : places)
        if (!(place.slot && place.valid == true)) lines.push_back(place_line(place));
    if (good == 0) return lines;
    if (good < places.size()) {
        lines.push_back("the kernel loads " + std::to_string(good) + " more pages with it, which are right");
        return lines;
    }
    lines.emplace_back("it is as it was signed there: it was changed after that, or the kernel went by what it had kept of it");
    return lines;
}

std::vector<std::string> logged_details(const DecodedEvent& decoded) {
    const LogEvent& event = decoded.event;
    std::vector<std::string> lines;
    if (const std::string_view words = logged_cause_words(event); !words.empty())
        lines.push_back(std::string("that means: ").append(words));
    if (logged_cause(event) == CauseCode::quarantine && !event.path.empty())
        lines.push_back("if you trust where it comes from: xattr -d com.apple.quarantine " + diagnose::shell_word(event.path));
    if (!decoded.file.empty() && !event.path.empty() && fs::name_of(decoded.file) != logged_name(event))
        lines.push_back(printable(decoded.file) + " is taken for " + printable(logged_name(event)) +
                        ", as the only file given");
    for (const std::string& line : logged_place_lines(decoded)) lines.push_back(printable(decoded.file) + ": " + line);
    if (const Modification told = modification(event); told != Modification::untold) lines.emplace_back(describe(told));
    if (event.status) {
        const std::vector<std::string> words = status_words(*event.status);
        lines.push_back("status " + macho::hex(*event.status) + (words.empty() ? "" : ": " + joined(words)));
    }
    if (!is_about_signatures(event)) lines.emplace_back("this is no matter of its signature");
    return lines;
}

struct LoggedOnce {
    std::string sentence;
    std::vector<std::string> details;
    std::vector<std::size_t> lines;
};

/// In the order of the first time.
std::vector<LoggedOnce> told_once(const std::vector<DecodedEvent>& events) {
    std::vector<LoggedOnce> told;
    std::map<std::string, std::size_t> known;
    for (const DecodedEvent& each : events) {
        LoggedOnce one{logged_sentence(each.event), logged_details(each), {each.event.line}};
        const auto [found, is_new] = known.try_emplace(one.sentence + "\n" + joined(one.details), told.size());
        if (is_new) told.push_back(std::move(one));
        else told[found->second].lines.push_back(each.event.line);
    }
    return told;
}

std::string process_heading(const LoggedProcess& process) {
    if (!process.pid) return "Without the number of a process";
    const std::string number = "process " + std::to_string(*process.pid);
    return process.name.empty() ? number : printable(process.name) + ", " + number;
}

bool is_overwritten(const std::vector<DecodedEvent>& events, const std::string& path) {
    return std::any_of(events.begin(), events.end(), [&](const DecodedEvent& each) {
        return each.event.path == path && modification(each.event) == Modification::in_place;
    });
}

}  // namespace

std::string logged_process_text(const LoggedProcess& process) {
    std::string out = process_heading(process) + ":\n";
    for (const LoggedOnce& each : told_once(process.events)) {
        out += sentence_indent + logged_lines(each.lines) + ": " + each.sentence + "\n";
        for (const std::string& line : each.details) out += detail_indent + line + "\n";
    }
    return out;
}

std::string absent_files_text(const std::vector<DecodedEvent>& events) {
    std::vector<std::string> paths;
    for (const DecodedEvent& each : events) {
        const LogEvent& event = each.event;
        if (!each.file.empty() || event.path.empty() || event.path_cut || !is_about_signatures(event)) continue;
        if (std::find(paths.begin(), paths.end(), event.path) == paths.end()) paths.push_back(event.path);
        if (paths.size() == most_absent) break;
    }
    std::string out;
    for (const std::string& path : paths) {
        Surroundings around;
        around.path = path;
        out += printable(path) + ": not on this machine, so there is only what the log says\n";
        if (is_overwritten(events, path))
            out += "  remedy, for it was modified in place; as a copy with the same bytes and the same name:\n    " +
                   diagnose::new_inode(around) + "\n";
        out += "  for more, where it is:\n    reseal explain " + diagnose::file_word(around) + "\n";
    }
    return out;
}

}  // namespace reseal::cli
