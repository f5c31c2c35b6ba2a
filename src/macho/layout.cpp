// SPDX-License-Identifier: BSL-1.0
#include "macho/layout.hpp"

#include "bytes/reader.hpp"
#include "macho/commands.hpp"
#include "macho/constants.hpp"

namespace reseal::macho {
namespace {

std::string padded_name(bytes::Reader& reader) {
    const std::string_view name = reader.take(16);
    return std::string(name.substr(0, name.find('\0')));
}

/// A section's type is the low byte of its flags (mach-o/loader.h: S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL).
bool is_zero_fill(std::uint32_t flags) {
    const std::uint32_t type = flags & 0xff;
    return type == 0x1 || type == 0xc || type == 0x12;
}

/// Safe for any numbers.
bool holds(const Range& range, std::uint64_t offset) { return offset >= range.offset && offset - range.offset < range.size; }

void read_sections(bytes::Reader& reader, bool wide, std::uint32_t count, std::vector<Section>& sections) {
    auto word = [&] { return wide ? reader.u64() : reader.u32(); };
    for (; count > 0 && sections.size() < max_sections; --count) {
        Section section;
        section.name = padded_name(reader);
        section.segment = padded_name(reader);
        section.address = word();
        section.file.size = word();
        section.file.offset = reader.u32();
        reader.skip(12);  // alignment, relocations
        if (is_zero_fill(reader.u32())) section.file = {};
        reader.skip(wide ? 12 : 8);
        if (!reader.ok()) return;
        sections.push_back(std::move(section));
    }
}

void read_segment_layout(std::string_view body, bytes::Order order, bool wide, Layout& layout) {
    bytes::Reader reader(body, order);
    auto word = [&] { return wide ? reader.u64() : reader.u32(); };
    Segment segment;
    segment.name = padded_name(reader);
    segment.address = word();
    segment.memory_size = word();
    segment.file.offset = word();
    segment.file.size = word();
    reader.skip(4);  // the protection it may ever have
    constexpr std::uint32_t may_execute = 4;
    segment.executable = (reader.u32() & may_execute) != 0;
    const std::uint32_t sections = reader.u32();
    reader.skip(4);
    if (!reader.ok() || layout.segments.size() == max_segments) return;
    layout.segments.push_back(std::move(segment));
    read_sections(reader, wide, sections, layout.sections);
}

}  // namespace

const Segment* Layout::segment_at(std::uint64_t offset) const {
    for (const Segment& segment : segments)
        if (holds(segment.file, offset)) return &segment;
    return nullptr;
}

const Section* Layout::section_at(std::uint64_t offset) const {
    for (const Section& section : sections)
        if (holds(section.file, offset)) return &section;
    return nullptr;
}

std::optional<std::uint64_t> Layout::offset_of(std::uint64_t address) const {
    for (const Segment& segment : segments)
        if (holds({segment.address, segment.file.size}, address)) {
            const std::uint64_t within = address - segment.address;
            if (within > UINT64_MAX - segment.file.offset) return {};
            return segment.file.offset + within;
        }
    return {};
}

std::optional<std::uint64_t> Layout::base() const {
    for (const Segment& segment : segments)
        if (segment.file.offset == 0 && segment.file.size > 0) return segment.address;
    return {};
}

Layout parse_layout(std::string_view head) {
    Layout layout;
    Commands commands(head);
    while (std::optional<Command> command = commands.next())
        if (command->cmd == lc_segment || command->cmd == lc_segment_64)
            read_segment_layout(command->bytes.substr(8), commands.start()->order, command->cmd == lc_segment_64, layout);
    return layout;
}

}  // namespace reseal::macho
