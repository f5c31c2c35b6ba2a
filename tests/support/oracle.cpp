// SPDX-License-Identifier: BSL-1.0
// The container: slices and load commands. The signature itself is in signature_oracle.cpp.
#include "support/oracle.hpp"

#include <algorithm>
#include <stdexcept>

#include "support/octets.hpp"
#include "support/signature_oracle.hpp"

namespace support {
namespace {

bool is_macho(std::string_view bytes) {
    return bytes.starts_with("\xfe\xed\xfa\xce") || bytes.starts_with("\xfe\xed\xfa\xcf") ||
           bytes.starts_with("\xce\xfa\xed\xfe") || bytes.starts_with("\xcf\xfa\xed\xfe");
}

// A name field of 16 bytes.
bool named(std::string_view commands, std::uint64_t at, const std::string& name) {
    return commands.substr(at, 16) == name + std::string(16 - name.size(), '\0');
}

void read_segment(std::string_view commands, std::uint64_t at, bool wide, bool big, ImageFacts& facts) {
    const std::uint64_t sections = get(commands, at + (wide ? 64 : 48), 4, big);
    const std::uint64_t step = wide ? 80 : 68;
    for (std::uint64_t i = 0; i < sections; ++i) {
        const std::uint64_t section = at + (wide ? 72 : 56) + i * step;
        const std::uint64_t size = get(commands, section + (wide ? 40 : 36), wide ? 8 : 4, big);
        const std::uint64_t offset = get(commands, section + (wide ? 48 : 40), 4, big);
        if (named(commands, section, "__info_plist") && named(commands, section + 16, "__TEXT"))
            facts.info_plist = facts.bytes.substr(offset, size);
    }
}

CheckedImage check_image(std::string_view bytes, std::uint64_t offset) {
    CheckedImage out;
    out.offset = offset;
    const bool big = bytes[0] == '\xfe';
    const bool wide = bytes[big ? 3 : 0] == '\xcf';
    out.cputype = static_cast<std::uint32_t>(get(bytes, 4, 4, big));
    ImageFacts facts{bytes, {}, {}, {}, {}};
    std::vector<std::pair<std::uint64_t, std::uint64_t>> signatures;
    const std::uint64_t end = (wide ? 32 : 28) + get(bytes, 20, 4, big);
    const std::string_view commands = bytes.substr(0, end);
    std::uint64_t at = wide ? 32 : 28;
    for (std::uint64_t left = get(bytes, 16, 4, big); left > 0; --left) {
        const std::uint64_t command = get(commands, at, 4, big);
        const std::uint64_t size = get(commands, at + 4, 4, big);
        if (size < 8 || at + size > end) throw std::out_of_range("a load command past the end");
        if (command == (wide ? 0x19 : 0x01)) read_segment(commands, at, wide, big, facts);
        if (command == 0x1d) {
            if (size != 16) out.problems.push_back("LC_CODE_SIGNATURE of another size than 16");
            signatures.emplace_back(get(commands, at + 8, 4, big), get(commands, at + 12, 4, big));
        }
        if ((command == 0x21 || command == 0x2c) && get(commands, at + 16, 4, big) != 0) out.problems.push_back("encrypted");
        at += size;
    }
    if (signatures.empty()) return out;
    out.has_signature = true;
    if (signatures.size() > 1) out.problems.push_back("two LC_CODE_SIGNATURE");
    const auto [start, size] = signatures.front();
    if (start + size > bytes.size()) {
        out.problems.push_back("the signature runs past its image");
        return out;
    }
    if (start < end) out.problems.push_back("the signature lies in the load commands");
    facts.signature_at = start;
    facts.signature = bytes.substr(start, size);
    facts.page16_allowed = out.cputype != 0x01000007 && out.cputype != 7 && offset % 16384 == 0;
    check_signature(facts, out);
    return out;
}

// A sentence of its own for every way in which bytes are missing: the plain accessors throw.
CheckedImage check_slice(std::string_view bytes, std::uint64_t offset) {
    try {
        return check_image(bytes, offset);
    } catch (const std::out_of_range& e) {
        CheckedImage out;
        out.offset = offset;
        out.problems.push_back(std::string("malformed: ") + e.what());
        return out;
    }
}

void check_fat(std::string_view file, bool wide, std::uint64_t count, Checked& out) {
    const std::uint64_t step = wide ? 32 : 20;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> slices;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t arch = 8 + i * step;
        slices.emplace_back(get(file, arch + 8, wide ? 8 : 4, true), get(file, arch + (wide ? 16 : 12), wide ? 8 : 4, true));
    }
    std::sort(slices.begin(), slices.end());
    std::uint64_t free_from = 8 + count * step;
    for (auto [offset, size] : slices) {
        if (offset < free_from) out.problems.push_back("slices overlap");
        if (offset > file.size() || size > file.size() - offset) {
            out.problems.push_back("a slice runs past the end");
            return;
        }
        free_from = offset + size;
        const std::string_view slice = file.substr(offset, size);
        if (is_macho(slice)) out.images.push_back(check_slice(slice, offset));
    }
}

}  // namespace

bool CheckedImage::good() const {
    return problems.empty() && std::all_of(directories.begin(), directories.end(), [](const auto& d) { return d.bad.empty(); });
}

bool Checked::good() const {
    return problems.empty() && std::all_of(images.begin(), images.end(), [](const auto& image) { return image.good(); });
}

bool Checked::good_and_signed() const {
    return good() && std::any_of(images.begin(), images.end(), [](const auto& image) { return image.has_signature; });
}

std::string Checked::text() const {
    std::string out;
    for (const std::string& problem : problems) out += problem + "\n";
    for (const CheckedImage& image : images) {
        out += "image at " + std::to_string(image.offset) + (image.has_signature ? ", signed" : ", unsigned") +
               (image.cms ? image.cms_bound ? ", CMS bound" : ", CMS unbound" : "") + "\n";
        for (const std::string& problem : image.problems) out += "  " + problem + "\n";
        for (const CheckedDirectory& directory : image.directories) {
            out += "  CodeDirectory " + std::to_string(directory.slot) + ", hash " + std::to_string(directory.hash_type) +
                   ", pages of 2^" + std::to_string(directory.page_shift) + ", bad slots:";
            for (std::int64_t slot : directory.bad) out.append(" ").append(std::to_string(slot));
            out += "\n";
        }
    }
    return out;
}

Checked check(std::string_view file) {
    Checked out;
    if (is_macho(file)) {
        out.images.push_back(check_slice(file, 0));
        return out;
    }
    const bool wide = file.starts_with("\xca\xfe\xba\xbf");
    if (!wide && !file.starts_with("\xca\xfe\xba\xbe")) return out;
    try {
        const std::uint64_t count = big32(file, 4);
        if (count < 45) check_fat(file, wide, count, out);  // from 45 on it is the version of a Java class
    } catch (const std::out_of_range& e) {
        out.problems.push_back(std::string("malformed: ") + e.what());
    }
    return out;
}

}  // namespace support
