// SPDX-License-Identifier: BSL-1.0
#include "seal/file_layout.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/layout.hpp"

namespace reseal::seal {
namespace {

/// A Java class has its major version here, 45 and up, and may well be shorter than the table that would follow.
constexpr std::uint32_t first_java_version = 45;

/// Asks `wanted` for a length until it is satisfied with what it sees or the range ends.
template <class Wanted>
std::string read_wanted(const Source& file, const macho::Range& range, Wanted wanted) {
    std::string head;
    while (true) {
        std::uint64_t count = std::min<std::uint64_t>(wanted(head), range.size);
        if (count <= head.size()) return head;
        std::size_t before = head.size();
        head = read_range(file, {range.offset, count});
        if (head.size() <= before) return head;
    }
}

bool cut_in_table(std::string_view head) {
    bytes::Reader reader(head, bytes::Order::big);
    reader.skip(4);
    std::uint32_t count = reader.u32();
    return count > 0 && count < first_java_version;
}

}  // namespace

std::string read_range(const Source& file, const macho::Range& range) {
    std::uint64_t size = file.size();
    if (range.offset >= size) return {};
    std::string bytes(static_cast<std::size_t>(std::min(range.size, size - range.offset)), '\0');
    bytes.resize(file.read_at(range.offset, bytes.data(), bytes.size()));
    return bytes;
}

FileLayout read_layout(const Source& file) {
    FileLayout layout;
    const macho::Range whole{0, file.size()};
    std::string head = read_range(file, {0, 8});
    if (macho::is_thin(head)) {
        layout.slices.push_back({0, 0, whole});
        return layout;
    }
    if (!macho::is_fat(head)) return layout;
    head = read_wanted(file, whole, macho::fat_bytes_wanted);
    macho::Parsed<macho::FatTable> table = macho::parse_fat(head);
    if (!table) {
        layout.defect = table.defect();
    } else if (!table->slices.empty()) {
        layout.table_size = table->size;
        layout.slices = table->slices;
    } else if (cut_in_table(head)) {
        layout.defect = macho::Defect{Code::truncated, head.size(), "the file ends within its table of slices"};
    }
    layout.wide = macho::is_wide_fat(head);
    layout.fat = layout.defect || !layout.slices.empty();
    return layout;
}

std::optional<std::uint64_t> declared_end(const Source& file) {
    const FileLayout layout = read_layout(file);
    std::uint64_t end = layout.table_size;
    const auto add = [&end](const std::optional<macho::Range>& range) {
        if (range) end = std::max(end, range->offset + std::min(range->size, UINT64_MAX - range->offset));
    };
    if (layout.fat || layout.slices.empty()) {
        for (const macho::Slice& slice : layout.slices) add(slice.range);
        return end;
    }
    const SliceHead head = read_head(file, layout.slices[0].range, {});
    if (!head.header || head.header->defect) return end;
    if (!head.header->linkedit && !head.header->signature) return {};
    // __LINKEDIT is a program's last segment, but stands before the others in symbols that are kept apart (dSYM).
    for (const macho::Segment& segment : macho::parse_layout(head.bytes).segments) add(segment.file);
    add(head.header->linkedit);
    add(head.header->signature);
    return end;
}

SliceHead read_head(const Source& file, const macho::Range& slice, std::optional<std::uint64_t> size) {
    std::string head = read_wanted(file, slice, macho::header_bytes_wanted);
    if (!macho::is_thin(head)) return {};
    std::optional<macho::Header> header = macho::parse_header(head, size);
    return {true, std::move(head), std::move(header)};
}

}  // namespace reseal::seal
