// SPDX-License-Identifier: BSL-1.0
#include "macho/header.hpp"

#include "bytes/reader.hpp"
#include "macho/commands.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

/// A name of at most 16 bytes, padded with NULs.
std::string_view fixed_name(bytes::Reader& reader) {
    std::string_view name = reader.take(16);
    return name.substr(0, name.find('\0'));
}

/// Keeps the first defect: later ones are often its consequence.
void note(Header& header, Code code, std::uint64_t offset, std::string what) {
    if (!header.defect) header.defect = Defect{code, offset, std::move(what)};
}

constexpr std::size_t uuid_size = 16;
constexpr std::size_t section_size_32 = 68, section_size_64 = 80;

struct Segments {
    std::uint64_t last_start = 0;  // highest file offset at which a segment with contents begins
};

void read_segment(bytes::Reader& reader, bool wide, Header& header, Segments& segments) {
    auto word = [&] { return wide ? reader.u64() : reader.u32(); };
    std::string_view name = fixed_name(reader);
    word(), word();  // address and size in memory
    Range file;
    file.offset = word();
    file.size = word();
    reader.skip(8);  // protections
    std::uint32_t sections = reader.u32();
    reader.skip(4);
    if (sections > reader.left() / (wide ? section_size_64 : section_size_32)) header.sections_fit = false;
    if (name == "__LINKEDIT") header.linkedit = file;
    if (file.size > 0 && file.offset > segments.last_start) segments.last_start = file.offset;
    for (std::uint32_t i = 0; i < sections && reader.left() > 0; ++i) {
        std::string_view section = fixed_name(reader), segment = fixed_name(reader);
        word();  // address
        Range range;
        range.size = word();
        range.offset = reader.u32();
        reader.skip(wide ? 28 : 24);
        if (reader.ok() && section == "__info_plist" && segment == "__TEXT") header.info_plist = range;
    }
}

void read_signature(bytes::Reader& reader, std::uint64_t at, std::uint32_t cmdsize, Header& header) {
    if (header.signature) return note(header, Code::two_signatures, at, "two LC_CODE_SIGNATURE commands");
    Range range{reader.u32(), reader.u32()};
    header.signature = range;
    if (cmdsize != 16)
        note(header, Code::signature_command, at, "LC_CODE_SIGNATURE has " + std::to_string(cmdsize) + " bytes instead of 16");
}

void check_signature(Header& header, const Segments& segments, std::optional<std::uint64_t> image_size) {
    const Range& range = *header.signature;  // two 32-bit numbers: the end cannot overflow
    if (range.size == 0) note(header, Code::signature_range, range.offset, "the signature is empty");
    if (range.offset < header.commands_end)
        note(header, Code::signature_range, range.offset, "the signature overlaps the load commands");
    if (image_size && range.end() > *image_size)
        note(header, Code::signature_range, range.offset,
             "the signature ends at " + std::to_string(range.end()) + ", behind the image's end at " +
                 std::to_string(*image_size));
    if (segments.last_start > range.offset)
        note(header, Code::signature_before_code, range.offset,
             "a segment begins at " + std::to_string(segments.last_start) + ", behind the signature");
    // It would have to be hashed before it came by.
    if (header.info_plist && header.info_plist->size > 0 && !header.info_plist->within(range.offset))
        note(header, Code::signature_before_code, range.offset,
             "the section __info_plist at " + std::to_string(header.info_plist->offset) + " does not end before the signature");
    if (range.size > max_signature)
        note(header, Code::signature_too_large, range.offset,
             "a signature of " + std::to_string(range.size) + " bytes, more than " + std::to_string(max_signature));
}

}  // namespace

bool Header::must_be_signed() const {
    return cputype == cpu_arm64 && (filetype == mh_execute || filetype == mh_dylib || filetype == mh_bundle);
}

bool is_thin(std::string_view head) { return read_start(head).has_value(); }

std::size_t header_bytes_wanted(std::string_view head) {
    std::optional<Start> start = read_start(head);
    if (!start) return 4;
    if (head.size() < start->size()) return start->size();
    std::uint32_t commands = bytes::load<std::uint32_t>(head.data() + 20, start->order);
    return start->size() + (commands > max_load_commands ? 0 : commands);
}

std::optional<Header> parse_header(std::string_view head, std::optional<std::uint64_t> image_size) {
    std::optional<Start> start = read_start(head);
    if (!start) return {};
    bytes::Reader reader(head, start->order);
    reader.skip(4);
    Header header{start->order, start->wide, reader.u32(), reader.u32(), reader.u32(), 0, {}, {}, {}, {}, true, {}};
    reader.skip(4);  // how many commands
    const std::uint32_t size = reader.u32();
    reader.seek(start->size());
    if (!reader.ok()) return {};
    header.commands_end = start->size() + std::uint64_t{size};
    if (size > max_load_commands) {
        note(header, Code::commands_too_large, 20,
             std::to_string(size) + " bytes of load commands, more than " + std::to_string(max_load_commands));
        return header;
    }
    if (head.size() < header.commands_end) return {};

    Segments segments;
    std::size_t uuids = 0;
    Commands commands(head);
    while (std::optional<Command> command = commands.next()) {
        bytes::Reader body(command->bytes.substr(8), start->order);
        const std::uint32_t cmd = command->cmd;
        if (cmd == lc_segment || cmd == lc_segment_64) read_segment(body, cmd == lc_segment_64, header, segments);
        else if (cmd == lc_code_signature)
            read_signature(body, command->offset, static_cast<std::uint32_t>(command->bytes.size()), header);
        else if (cmd == lc_encryption_info || cmd == lc_encryption_info_64) {
            body.skip(8);
            if (body.u32() != 0) note(header, Code::encrypted, command->offset, "the image is encrypted (cryptid is not 0)");
        } else if (cmd == lc_uuid) {
            ++uuids;
            if (command->bytes.size() == 8 + uuid_size) header.uuid = Range{command->offset + 8, uuid_size};
        }
    }
    if (!commands.whole()) return {};
    if (uuids > 1) header.uuid.reset();
    if (header.signature) check_signature(header, segments, image_size);
    return header;
}

}  // namespace reseal::macho
