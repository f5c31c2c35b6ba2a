// SPDX-License-Identifier: BSL-1.0
#include "macho/command_strings.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/commands.hpp"
#include "macho/constants.hpp"

namespace reseal::macho {
namespace {

/// Bytes in front of the string at least; 0 for a command that has none.
std::uint32_t fixed_part(std::uint32_t cmd) {
    switch (cmd) {
        case lc_load_dylib:
        case lc_id_dylib:
        case lc_load_weak_dylib:
        case lc_reexport_dylib:
        case lc_lazy_load_dylib:
        case lc_load_upward_dylib: return 24;
        case lc_load_dylinker:
        case lc_id_dylinker:
        case lc_dyld_environment:
        case lc_rpath:
        case lc_sub_framework:
        case lc_sub_umbrella:
        case lc_sub_client:
        case lc_sub_library: return 12;
        default: return 0;
    }
}

/// Sections whose contents do not stand in the file (S_ZEROFILL and its like); the low byte of the flags.
bool only_in_memory(std::uint32_t flags) {
    const std::uint32_t type = flags & 0xff;
    return type == 0x1 || type == 0xc || type == 0x12;
}

/// Where the contents of a segment begin, of its sections as well; `none` where it has none.
std::uint64_t segment_begin(const Command& command, const Start& start, std::uint64_t none) {
    const bool wide = command.cmd == lc_segment_64;
    bytes::Reader reader(command.bytes, start.order);
    auto word = [&] { return wide ? reader.u64() : reader.u32(); };
    reader.skip(8 + 16);
    word(), word();  // address and size in memory
    const std::uint64_t offset = word(), size = word();
    reader.skip(8);  // protections
    const std::uint32_t sections = reader.u32();
    reader.skip(4);
    std::uint64_t begin = offset > 0 && size > 0 && reader.ok() ? offset : none;
    for (std::uint32_t i = 0; i < sections && reader.left() > 0; ++i) {
        reader.skip(32);
        word();
        const std::uint64_t length = word();
        const std::uint32_t at = reader.u32();
        reader.skip(12);
        const std::uint32_t flags = reader.u32();
        reader.skip(wide ? 12 : 8);
        if (reader.ok() && length > 0 && at > 0 && !only_in_memory(flags)) begin = std::min<std::uint64_t>(begin, at);
    }
    return begin;
}

}  // namespace

std::vector<CommandString> command_strings(std::string_view head) {
    std::vector<CommandString> strings;
    Commands commands(head);
    while (std::optional<Command> command = commands.next()) {
        const std::uint32_t fixed = fixed_part(command->cmd);
        if (fixed == 0 || command->bytes.size() < fixed) continue;
        const auto at = bytes::load<std::uint32_t>(command->bytes.data() + 8, commands.start()->order);
        if (at < fixed || at >= command->bytes.size()) continue;
        const std::size_t length = command->bytes.substr(at).find('\0');
        if (length == std::string_view::npos) continue;
        strings.push_back(
            {command->cmd, {command->offset, command->bytes.size()}, {command->offset + std::uint64_t{at}, length}});
    }
    if (!commands.whole()) strings.clear();
    return strings;
}

std::uint64_t contents_begin(std::string_view head) {
    Commands commands(head);
    constexpr std::uint64_t none = ~std::uint64_t{0};
    std::uint64_t begin = none;
    while (std::optional<Command> command = commands.next()) {
        if (command->cmd == lc_segment || command->cmd == lc_segment_64)
            begin = std::min(begin, segment_begin(*command, *commands.start(), none));
        if (command->cmd == lc_code_signature && command->bytes.size() >= 12)
            begin =
                std::min<std::uint64_t>(begin, bytes::load<std::uint32_t>(command->bytes.data() + 8, commands.start()->order));
    }
    return begin == none ? commands.end() : std::max<std::uint64_t>(begin, commands.end());
}

}  // namespace reseal::macho
