// SPDX-License-Identifier: BSL-1.0
#include "relocate/command_change.hpp"

#include <algorithm>

#include "bytes/endian.hpp"
#include "macho/commands.hpp"
#include "macho/constants.hpp"

namespace reseal::relocate {
namespace {

using reseal::Code;

/// Bytes of the command once its string is `change.to`, with a NUL behind it.
std::size_t size_after(const CommandChange& change, const macho::Start& start) {
    const std::size_t unit = start.wide ? 8 : 4;
    const std::size_t wanted = change.string.text.offset - change.string.place.offset + change.to.size() + 1;
    return wanted <= change.string.place.size ? change.string.place.size : (wanted + unit - 1) / unit * unit;
}

std::size_t growth(const std::vector<CommandChange>& changes, const macho::Start& start) {
    std::size_t sum = 0;
    for (const CommandChange& each : changes) sum += size_after(each, start) - each.string.place.size;
    return sum;
}

/// The command with its new string. What stood behind the old one's NUL stays where the new one does not reach.
std::string changed_command(std::string_view command, const CommandChange& change, const macho::Start& start) {
    std::string out(command);
    const std::size_t size = size_after(change, start), at = change.string.text.offset - change.string.place.offset;
    out.resize(size, '\0');
    if (size > command.size()) {
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), '\0');
        bytes::store(out.data() + 4, static_cast<std::uint32_t>(size), start.order);
    }
    std::string text = change.to;
    text.resize(std::max<std::size_t>(change.to.size() + 1, change.string.text.size), '\0');
    out.replace(at, text.size(), text);
    return out;
}

}  // namespace

std::size_t change_bytes_wanted(std::string_view head, const std::vector<CommandChange>& changes) {
    const macho::Commands commands(head);
    if (!commands.start()) return head.size();
    const std::size_t end = commands.end() + growth(changes, *commands.start());
    return static_cast<std::size_t>(std::min<std::uint64_t>(std::max(end, commands.end()), macho::contents_begin(head)));
}

macho::Parsed<std::string> change_commands(std::string_view head, const std::vector<CommandChange>& changes) {
    macho::Commands commands(head);
    if (!commands.start()) return std::string(head);
    const macho::Start start = *commands.start();
    std::string out(head.substr(0, start.size()));
    auto change = changes.begin();
    while (std::optional<macho::Command> command = commands.next()) {
        const bool changed = change != changes.end() && change->string.place.offset == command->offset;
        if (changed) out += changed_command(command->bytes, *change++, start);
        else out += command->bytes;
    }
    const std::size_t more = growth(changes, start), end = commands.end() + more;
    if (end - start.size() > macho::max_load_commands)
        return macho::Defect{Code::commands_too_large, 20,
                             "more load commands than " + std::to_string(macho::max_load_commands)};
    // What is not zero belongs to somebody, even if nothing says so.
    const std::size_t free_to = std::min(
        {head.find_first_not_of('\0', commands.end()), head.size(), static_cast<std::size_t>(macho::contents_begin(head))});
    if (more > 0 && end > free_to)
        return macho::Defect{Code::load_commands_full, free_to,
                             "the load commands would grow by " + std::to_string(more) + " bytes, and " +
                                 std::to_string(end - free_to) + " are missing in front of what the image holds"};
    // Behind the last command the header counts there may be bytes that belong to none.
    const std::size_t last = out.size() - more;
    out += head.substr(last, commands.end() - last);
    if (more > 0) bytes::store(out.data() + 20, static_cast<std::uint32_t>(out.size() - start.size()), start.order);
    out += head.substr(out.size());
    return out;
}

}  // namespace reseal::relocate
