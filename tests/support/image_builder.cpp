// SPDX-License-Identifier: BSL-1.0
#include "support/image_builder.hpp"

#include <algorithm>
#include <stdexcept>

#include "support/codedirectory_builder.hpp"
#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace support {
namespace {

std::string name16(const std::string& name) { return name + std::string(16 - name.size(), '\0'); }

// Writes in the image's own byte order and width.
struct Writer {
    bool big, wide;
    std::string u32(std::uint64_t value) const { return integer(value, 4, big); }
    std::string word(std::uint64_t value) const { return integer(value, wide ? 8 : 4, big); }

    std::string command(std::uint32_t number, const std::string& rest) const {
        const std::size_t size = (8 + rest.size() + 7) / 8 * 8;
        return u32(number) + u32(size) + rest + std::string(size - 8 - rest.size(), '\0');
    }
    std::string section(const std::string& name, std::uint64_t at, std::uint64_t size) const {
        return name16(name) + name16("__TEXT") + word(0x100000000 + at) + word(size) + u32(at) + u32(0) + u32(0) + u32(0) +
               u32(0) + u32(0) + u32(0) + (wide ? u32(0) : "");
    }
    std::string segment(const std::string& name, std::uint64_t at, std::uint64_t size, const std::vector<std::string>& sections,
                        std::uint32_t protection) const {
        std::string rest = name16(name) + word(0x100000000 + at) + word((size + 16383) / 16384 * 16384) + word(at) +
                           word(size) + u32(protection) + u32(protection) + u32(sections.size()) + u32(0);
        for (const std::string& each : sections) rest += each;
        return command(wide ? 0x19 : 0x01, rest);
    }
};

// Where __TEXT ends and __LINKEDIT begins: the last page boundary before the signature.
std::uint64_t text_size(const ImageSpec& spec) {
    const std::uint64_t pages = spec.code_size == 0 ? 0 : (spec.code_size - 1) / 4096;
    return pages == 0 ? spec.code_size : pages * 4096;
}

// The header and the load commands, given where the section's contents will be and how long the signature is.
std::string header(const ImageSpec& spec, std::uint64_t info_plist, std::uint64_t signature_size, Image& at) {
    const Writer w{spec.big_endian, spec.wide};
    const std::uint64_t linkedit = text_size(spec);
    std::vector<std::string> sections = {w.section("__text", info_plist + spec.info_plist.size(), 16)};
    if (!spec.info_plist.empty()) sections.push_back(w.section("__info_plist", info_plist, spec.info_plist.size()));
    std::vector<std::string> commands = {
        w.segment("__TEXT", 0, linkedit, sections, 5),
        w.segment("__LINKEDIT", linkedit, spec.code_size - linkedit + signature_size, {}, 1),
    };
    const std::uint64_t header_size = spec.wide ? 32 : 28;
    std::uint64_t here = header_size + commands[0].size() + commands[1].size();
    const auto add = [&](const std::string& command) {
        commands.push_back(command);
        here += command.size();
    };
    if (!spec.rpath.empty()) {
        at.rpath = here + 12;
        add(w.command(0x8000001c, w.u32(12) + spec.rpath + '\0'));
    }
    if (spec.cryptid)
        add(w.command(spec.wide ? 0x2c : 0x21, w.u32(4096) + w.u32(4096) + w.u32(*spec.cryptid) + (spec.wide ? w.u32(0) : "")));
    for (const std::string& command : spec.commands) add(command);
    for (int i = 0; spec.has_signature && i < spec.signature_commands; ++i) {
        if (i == 0) at.signature_command = here;
        std::string command = w.u32(0x1d) + w.u32(spec.signature_cmdsize) +
                              w.u32(spec.signature_dataoff.value_or(static_cast<std::uint32_t>(spec.code_size))) +
                              w.u32(spec.signature_datasize.value_or(static_cast<std::uint32_t>(signature_size)));
        command.resize(spec.signature_cmdsize);
        add(command);
    }
    std::string all;
    for (const std::string& command : commands) all += command;
    at.commands_end = header_size + all.size();
    return w.u32(spec.wide ? 0xfeedfacf : 0xfeedface) + w.u32(spec.cputype) + w.u32(spec.cpusubtype) + w.u32(spec.filetype) +
           w.u32(commands.size()) + w.u32(all.size()) + w.u32(0x200085) + (spec.wide ? w.u32(0) : "") + all;
}

// Everything before the signature.
std::string code(const ImageSpec& spec, std::uint64_t signature_size, Image& at) {
    std::string head = header(spec, 0, signature_size, at);
    const std::uint64_t section = (at.commands_end + spec.header_gap + 15) / 16 * 16;
    head = header(spec, section, signature_size, at);
    if (section + spec.info_plist.size() > spec.code_size) throw std::logic_error("an image too small for what is in it");
    std::string out = noise(spec.code_size, spec.seed);
    poke(out, 0, head);
    if (spec.header_gap > 0) poke(out, head.size(), std::string(section - head.size(), '\0'));
    if (!spec.info_plist.empty()) {
        at.info_plist = section;
        poke(out, section, spec.info_plist);
    }
    for (const Plant& plant : spec.plants) {
        if (plant.at < at.commands_end) throw std::logic_error("a plant in the load commands");
        poke(out, plant.at, plant.bytes);
    }
    for (const Poke& p : spec.pokes) poke(out, p.at, p.bytes);
    return out;
}

std::string with_digest(std::string cms, const std::string& digest) {
    cms += digest;
    poke(cms, 4, be32(cms.size()));
    return cms;
}

struct Part {
    std::uint32_t slot;
    std::string bytes;
    std::size_t reserve = 0;
    std::ptrdiff_t directory = -1;  // its place in Image::directories
};

std::vector<Part> parts(const ImageSpec& spec, const std::string& code, Image& image) {
    std::map<int, std::string> sealed;
    if (!spec.info_plist.empty()) sealed[1] = code.substr(image.info_plist, spec.info_plist.size());
    for (const BlobSpec& b : spec.signature.blobs)
        if (b.slot >= 1 && b.slot < slot_alternate) sealed[static_cast<int>(b.slot)] = b.bytes;
    std::vector<Part> out;
    image.directories.clear();
    for (const DirectorySpec& directory : spec.signature.directories) {
        BuiltDirectory at;
        out.push_back({directory.slot, codedirectory(directory, code, sealed, at), 0, std::ssize(image.directories)});
        image.directories.push_back(at);
    }
    for (const BlobSpec& b : spec.signature.blobs) {
        std::string bytes = b.bytes;
        if (b.append_digest)
            bytes = with_digest(bytes, plain_hash(spec.signature.directories.front().hash_type, out.front().bytes));
        out.push_back({b.slot, bytes, b.reserve});
    }
    if (spec.signature.reversed) std::reverse(out.begin(), out.end());
    return out;
}

void move(BuiltDirectory& directory, std::uint64_t by) {
    for (std::uint64_t* offset : {&directory.at, &directory.identifier, &directory.code_slots}) *offset += by;
    for (std::uint64_t* offset : {&directory.team, &directory.scatter, &directory.pre_encrypt, &directory.linkage})
        if (*offset != 0) *offset += by;
}

// What LC_CODE_SIGNATURE spans, for code that stands before it.
std::string signature(const ImageSpec& spec, const std::string& code, Image& image) {
    const std::vector<Part> all = parts(spec, code, image);
    std::string out;
    image.gaps.clear();
    if (spec.signature.bare) {
        out = all.front().bytes;
        move(image.directories.front(), code.size());
        image.blobs[0] = code.size();
    } else {
        const std::size_t start = 12 + 8 * all.size();
        std::vector<std::pair<std::uint32_t, std::uint64_t>> index;
        std::string body;
        for (const Part& part : all) {
            if (!spec.signature.gap.empty()) image.gaps.push_back(code.size() + start + body.size());
            body += spec.signature.gap;
            const std::uint64_t at = start + body.size();
            index.emplace_back(part.slot, at);
            image.blobs[part.slot] = code.size() + at;
            if (part.directory >= 0) move(image.directories[static_cast<std::size_t>(part.directory)], code.size() + at);
            body += part.bytes;
            if (part.bytes.size() < part.reserve) body.append(part.reserve - part.bytes.size(), '\0');
        }
        std::sort(index.begin(), index.end());
        if (spec.signature.index_reversed) std::reverse(index.begin(), index.end());
        out = be32(0xfade0cc0) + be32(start + body.size()) + be32(index.size());
        for (const auto& [slot, at] : index) out += be32(slot) + be32(at);
        out += body;
    }
    image.padding = code.size() + out.size();
    out += spec.signature.padding;
    for (const Poke& p : spec.signature.pokes) poke(out, p.at, p.bytes);
    return out;
}

}  // namespace

Image build(const ImageSpec& spec) {
    Image image;
    image.cputype = spec.cputype;
    image.cpusubtype = spec.cpusubtype;
    std::string bytes = code(spec, 0, image);
    if (spec.has_signature) {
        // __LINKEDIT and LC_CODE_SIGNATURE name the signature's size, which depends on no digest.
        const std::size_t size = signature(spec, bytes, image).size();
        bytes = code(spec, size, image);
        image.signature = bytes.size();
        bytes += signature(spec, bytes, image);
    }
    image.trailer = bytes.size();
    image.bytes = bytes + spec.trailer;
    return image;
}

ImageSpec with_uuid(ImageSpec spec) {
    const Writer w{spec.big_endian, spec.wide};
    spec.commands.push_back(w.command(0x1b, std::string(16, '\0')));
    const Image image = build(spec);
    const std::string uuid = plain_sha256(image.bytes.substr(0, static_cast<std::size_t>(spec.code_size))).substr(0, 16);
    spec.commands.back() = w.command(0x1b, uuid);
    return spec;
}

std::uint64_t uuid_offset(const ImageSpec& spec) {
    const std::string& command = spec.commands.back();
    return build(spec).bytes.find(command) + command.size() - 16;
}

Twins twins(const ImageSpec& spec, const std::string& a, const std::string& b) {
    return {build(spec).bytes, build(with_path(spec, a, b)).bytes};
}

ImageSpec with_path(ImageSpec spec, const std::string& from, const std::string& to) {
    const auto swap = [&](std::string& text) { text = replaced(text, from, to); };
    swap(spec.rpath);
    swap(spec.info_plist);
    swap(spec.trailer);
    swap(spec.signature.gap);
    swap(spec.signature.padding);
    for (Plant& plant : spec.plants) swap(plant.bytes);
    for (Poke& p : spec.pokes) swap(p.bytes);
    for (std::string& command : spec.commands) swap(command);
    for (BlobSpec& b : spec.signature.blobs) swap(b.bytes);
    for (DirectorySpec& directory : spec.signature.directories) {
        swap(directory.identifier);
        if (directory.team) swap(*directory.team);
        swap(directory.linkage);
        for (auto& [k, preimage] : directory.seals) swap(preimage);
    }
    return spec;
}

}  // namespace support
