// SPDX-License-Identifier: BSL-1.0
#include "macho/fat.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"

namespace reseal::macho {
namespace {

constexpr std::size_t header_size = 8;

struct TableStart {
    bool wide;
    std::uint32_t count;
    std::size_t entry_size() const { return wide ? 32 : 20; }
    std::size_t table_end() const { return header_size + count * entry_size(); }
};

TableStart read_table_start(std::string_view head) {
    bytes::Reader reader(head, bytes::Order::big);
    bool wide = reader.u32() == fat_magic_64;
    return {wide, reader.u32()};
}

/// In a Java class the count's place holds minor and major version; majors began at 45. No fat file has that many slices.
bool could_be_java(const TableStart& start) {
    std::uint32_t major = start.count & 0xffff;
    return !start.wide && major >= 45 && major <= 255;
}

std::optional<Slice> read_slice(std::string_view head, const TableStart& start, std::uint32_t index) {
    bytes::Reader reader(head, bytes::Order::big);
    reader.seek(header_size + index * start.entry_size());
    Slice slice{reader.u32(), reader.u32(), {}};
    slice.range.offset = start.wide ? reader.u64() : reader.u32();
    slice.range.size = start.wide ? reader.u64() : reader.u32();
    slice.align = reader.u32();
    if (start.wide) reader.skip(4);
    if (!reader.ok()) return {};
    return slice;
}

std::optional<Defect> check(const FatTable& table) {
    for (const Slice& slice : table.slices) {
        if (slice.range.offset < table.size)
            return Defect{Code::fat_malformed, slice.range.offset, "a slice overlaps the fat header"};
        if (!slice.range.within(std::numeric_limits<std::int64_t>::max()))
            return Defect{Code::fat_malformed, slice.range.offset, "a slice ends beyond any file"};
    }
    for (std::size_t i = 1; i < table.slices.size(); ++i)
        if (table.slices[i].range.offset < table.slices[i - 1].range.end())
            return Defect{Code::fat_malformed, table.slices[i].range.offset, "slices overlap"};
    for (std::size_t i = 0; i < table.slices.size(); ++i)
        for (std::size_t k = i + 1; k < table.slices.size(); ++k)
            if (table.slices[i].cputype == table.slices[k].cputype && table.slices[i].cpusubtype == table.slices[k].cpusubtype)
                return Defect{Code::fat_malformed, table.slices[k].range.offset, "two slices of one architecture"};
    return {};
}

void sort(std::vector<Slice>& slices) {
    std::sort(slices.begin(), slices.end(), [](const Slice& a, const Slice& b) {
        return std::pair(a.range.offset, a.range.size) < std::pair(b.range.offset, b.range.size);
    });
}

/// Where an entry one past the count would still stand in front of the first slice, Security takes it if it says arm64 (some
/// linkers hid the arm64 slice there from old systems).
std::optional<Slice> hidden_slice(std::string_view head, const TableStart& start, const FatTable& table) {
    std::optional<Slice> slice = read_slice(head, start, start.count);
    if (!slice || slice->cputype != cpu_arm64 || slice->range.size == 0) return {};
    slice->hidden = true;
    FatTable with = table;
    with.size += start.entry_size();
    with.slices.push_back(*slice);
    sort(with.slices);
    if (check(with)) return {};
    return slice;
}

}  // namespace

bool is_fat(std::string_view head) {
    bytes::Reader reader(head, bytes::Order::big);
    std::uint32_t magic = reader.u32();
    return magic == fat_magic_32 || magic == fat_magic_64;
}

bool is_wide_fat(std::string_view head) { return bytes::Reader(head, bytes::Order::big).u32() == fat_magic_64; }

std::size_t fat_bytes_wanted(std::string_view head) {
    if (head.size() < header_size) return header_size;
    TableStart start = read_table_start(head);
    if (start.count == 0 || start.count > max_slices) return header_size;
    if (head.size() < start.table_end()) return start.table_end();
    for (std::uint32_t i = 0; i < start.count; ++i)
        if (read_slice(head, start, i)->range.offset < start.table_end() + start.entry_size()) return start.table_end();
    return start.table_end() + start.entry_size();
}

Parsed<FatTable> parse_fat(std::string_view head) {
    const FatTable none{{}, 0};
    if (head.size() < header_size) return none;
    TableStart start = read_table_start(head);
    if (start.count == 0) return none;
    if (start.count > max_slices) {
        if (could_be_java(start)) return none;
        return Defect{Code::fat_malformed, 4, std::to_string(start.count) + " slices, more than " + std::to_string(max_slices)};
    }
    if (head.size() < start.table_end()) return none;
    FatTable table{{}, start.table_end()};
    for (std::uint32_t i = 0; i < start.count; ++i) table.slices.push_back(*read_slice(head, start, i));
    sort(table.slices);
    if (std::optional<Defect> defect = check(table)) {
        if (could_be_java(start)) return none;
        return *defect;
    }
    if (std::optional<Slice> hidden = hidden_slice(head, start, table)) {
        table.size += start.entry_size();
        table.slices.push_back(*hidden);
        sort(table.slices);
    }
    return table;
}

}  // namespace reseal::macho
