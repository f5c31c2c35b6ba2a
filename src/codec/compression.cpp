// SPDX-License-Identifier: BSL-1.0
#include "codec/compression.hpp"

#include <charconv>

namespace reseal::codec {
namespace {

constexpr Compression all[] = {Compression::none, Compression::gzip, Compression::bzip2, Compression::xz, Compression::zstd};

/// "BZh", the block size, and pi (a block) or the square root of pi (the end, of a stream without blocks).
bool begins_bzip2(std::string_view head) {
    if (head.size() < detect_bytes || !head.starts_with("BZh") || head[3] < '1' || head[3] > '9') return false;
    const std::string_view magic = head.substr(4, 6);
    return magic == "\x31\x41\x59\x26\x53\x59" || magic == "\x17\x72\x45\x38\x50\x90";
}

/// A frame, or one that says it is to be skipped (RFC 8878, 3.1).
bool begins_zstd(std::string_view head) {
    const bool skippable =
        head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18";
    return skippable || head.starts_with("\x28\xb5\x2f\xfd");
}

}  // namespace

std::string_view name(Compression compression) {
    switch (compression) {
        case Compression::none: return "none";
        case Compression::gzip: return "gzip";
        case Compression::bzip2: return "bzip2";
        case Compression::xz: return "xz";
        case Compression::zstd: return "zstd";
    }
    return {};
}

Compression detect(std::string_view head) {
    if (head.starts_with("\x1f\x8b\x08")) return Compression::gzip;  // deflate is the only method there is (RFC 1952)
    if (begins_bzip2(head)) return Compression::bzip2;
    if (head.starts_with(std::string_view("\xfd\x37zXZ\0", 6))) return Compression::xz;
    if (begins_zstd(head)) return Compression::zstd;
    return Compression::none;
}

Levels levels(Compression compression) {
    switch (compression) {
        case Compression::none: return {0, 0, 0};
        case Compression::gzip: return {1, 9, 6};
        case Compression::bzip2: return {1, 9, 9};
        case Compression::xz: return {0, 9, 6};
        case Compression::zstd: return {1, 22, 3};
    }
    return {};
}

std::optional<Choice> parse_choice(std::string_view text) {
    const std::string_view word = text.substr(0, text.find(':'));
    for (const Compression compression : all) {
        if (word != name(compression)) continue;
        const Levels range = levels(compression);
        if (word.size() == text.size()) return Choice{compression, range.usual};
        const std::string_view digits = text.substr(word.size() + 1);
        int level = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), level);
        const bool whole = error == std::errc() && end == digits.data() + digits.size();
        if (!whole || compression == Compression::none || level < range.least || level > range.most) return {};
        return Choice{compression, level};
    }
    return {};
}

}  // namespace reseal::codec
