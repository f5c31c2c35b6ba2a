// SPDX-License-Identifier: BSL-1.0
#include "relocate/elf_paths.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "bytes/reader.hpp"
#include "relocate/source_bytes.hpp"

namespace reseal::relocate {
namespace {

// Numbers of the format (System V ABI, gABI chapter 5).
constexpr std::uint32_t pt_load = 1, pt_dynamic = 2, pt_interp = 3;
constexpr std::uint64_t dt_null = 0, dt_strtab = 5, dt_strsz = 10, dt_rpath = 15, dt_runpath = 29;
// A hostile file cannot make us read more than this.
constexpr std::size_t max_segments = 4096;
constexpr std::size_t max_dynamic = 1u << 20;  // bytes
constexpr std::size_t max_path = 64u << 10;    // bytes

struct Shape {
    bytes::Order order;
    bool wide;
    std::uint64_t word(bytes::Reader& reader) const { return wide ? reader.u64() : reader.u32(); }
};

struct Segment {
    std::uint32_t type;
    std::uint64_t offset, address, size;
};

std::optional<Shape> read_shape(std::string_view head) {
    if (head.size() < 16 || !head.starts_with("\x7f"
                                              "ELF"))
        return {};
    const char width = head[4], order = head[5];
    if ((width != 1 && width != 2) || (order != 1 && order != 2)) return {};
    return Shape{order == 1 ? bytes::Order::little : bytes::Order::big, width == 2};
}

std::vector<Segment> read_segments(const Source& file, std::string_view head, const Shape& shape) {
    bytes::Reader reader(head, shape.order);
    reader.seek(shape.wide ? 32 : 28);
    const std::uint64_t table = shape.word(reader);
    reader.seek(shape.wide ? 54 : 42);
    const std::size_t entry = reader.u16(), count = reader.u16();
    const std::size_t wanted = shape.wide ? 56 : 32;
    if (!reader.ok() || entry != wanted || count > max_segments) return {};  // no loader takes another size
    const std::string all = source_bytes(file, table, entry * count);
    std::vector<Segment> segments;
    for (std::size_t i = 0; i < count; ++i) {
        bytes::Reader row(all, shape.order);
        row.seek(i * entry);
        Segment segment{row.u32(), 0, 0, 0};
        if (shape.wide) row.skip(4);
        segment.offset = shape.word(row);
        segment.address = shape.word(row);
        shape.word(row);  // physical address
        segment.size = shape.word(row);
        if (!row.ok()) break;
        segments.push_back(segment);
    }
    return segments;
}

/// How many bytes of the file there are from `address` on, and where.
struct Mapped {
    std::uint64_t offset, size;
};
std::optional<Mapped> place_of(std::uint64_t address, const std::vector<Segment>& segments) {
    for (const Segment& each : segments)
        if (each.type == pt_load && address >= each.address && address - each.address < each.size)
            return Mapped{each.offset + (address - each.address), each.size - (address - each.address)};
    return {};
}

/// Keeps the string at `offset` that ends within `room` bytes.
void add_path(std::vector<ElfPath>& paths, const Source& file, ElfPath::Kind kind, std::uint64_t offset, std::uint64_t room) {
    const std::string text = source_bytes(file, offset, static_cast<std::size_t>(std::min<std::uint64_t>(room, max_path)));
    const std::size_t length = text.find('\0');
    if (length != std::string::npos) paths.push_back({kind, offset, text.substr(0, length)});
}

void add_dynamic(std::vector<ElfPath>& paths, const Source& file, const Segment& dynamic, const Shape& shape,
                 const std::vector<Segment>& segments) {
    const std::string table =
        source_bytes(file, dynamic.offset, static_cast<std::size_t>(std::min<std::uint64_t>(dynamic.size, max_dynamic)));
    bytes::Reader reader(table, shape.order);
    std::optional<std::uint64_t> strings, size, rpath, runpath;
    for (;;) {
        const std::uint64_t tag = shape.word(reader), value = shape.word(reader);
        if (!reader.ok() || tag == dt_null) break;
        if (tag == dt_strtab) strings = value;
        else if (tag == dt_strsz) size = value;
        else if (tag == dt_rpath) rpath = value;
        else if (tag == dt_runpath) runpath = value;
    }
    if (!strings || !size) return;
    const std::optional<Mapped> place = place_of(*strings, segments);
    if (!place) return;
    const std::uint64_t room = std::min(*size, place->size);
    if (rpath && *rpath < room) add_path(paths, file, ElfPath::Kind::rpath, place->offset + *rpath, room - *rpath);
    if (runpath && *runpath < room) add_path(paths, file, ElfPath::Kind::runpath, place->offset + *runpath, room - *runpath);
}

}  // namespace

std::vector<ElfPath> elf_paths(const Source& file) {
    const std::string head = source_bytes(file, 0, 64);
    const std::optional<Shape> shape = read_shape(head);
    if (!shape) return {};
    const std::vector<Segment> segments = read_segments(file, head, *shape);
    std::vector<ElfPath> paths;
    bool interpreted = false;  // the first one counts
    for (const Segment& each : segments) {
        if (each.type == pt_interp && !std::exchange(interpreted, true))
            add_path(paths, file, ElfPath::Kind::interpreter, each.offset, each.size);
        if (each.type == pt_dynamic) {
            add_dynamic(paths, file, each, *shape, segments);
            break;
        }
    }
    return paths;
}

}  // namespace reseal::relocate
