// SPDX-License-Identifier: BSL-1.0
#pragma once
// A linker and signer for shapes that no free tool emits. It lays an ImageSpec out, signs it, and says where everything
// ended up; every digest in it comes from plain_sha.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/image_spec.hpp"

namespace support {

/// Where one CodeDirectory stands; offsets count from the image's first byte.
struct BuiltDirectory {
    std::uint32_t slot = 0;
    std::uint64_t at = 0;
    std::uint64_t length = 0;
    std::uint64_t identifier = 0;
    std::uint64_t team = 0;         ///< 0 without
    std::uint64_t scatter = 0;      ///< 0 without
    std::uint64_t pre_encrypt = 0;  ///< 0 without
    std::uint64_t linkage = 0;      ///< 0 without
    std::uint64_t code_slots = 0;   ///< of slot 0's hash
    std::uint64_t hash_size = 0;
    std::uint64_t slots = 0;
};

struct Image {
    std::string bytes;
    std::uint32_t cputype = 0;
    std::uint32_t cpusubtype = 0;
    std::uint64_t commands_end = 0;
    std::uint64_t rpath = 0;              ///< of the string; 0 without
    std::uint64_t info_plist = 0;         ///< of the section's contents; 0 without
    std::uint64_t signature_command = 0;  ///< of LC_CODE_SIGNATURE; 0 without
    std::uint64_t signature = 0;          ///< of the SuperBlob, = the code's size
    std::uint64_t padding = 0;            ///< of the bytes behind the SuperBlob
    std::uint64_t trailer = 0;            ///< of the bytes behind the signature
    std::vector<BuiltDirectory> directories;
    std::map<std::uint32_t, std::uint64_t> blobs;  ///< slot → offset, CodeDirectories included
    std::vector<std::uint64_t> gaps;               ///< of every SignatureSpec::gap, in the order of the blobs

    /// Where code slot `i` of the first CodeDirectory stands.
    std::uint64_t slot(std::int64_t i) const {
        return directories.front().code_slots +
               static_cast<std::uint64_t>(i * static_cast<std::int64_t>(directories.front().hash_size));
    }
};

Image build(const ImageSpec& spec);

/// A linker that makes LC_UUID, which it adds, of the code it writes.
ImageSpec with_uuid(ImageSpec spec);
/// Where the 16 bytes of that LC_UUID stand in what build() makes of it.
std::uint64_t uuid_offset(const ImageSpec& spec);

struct Twins {
    std::string a, b;
};
/// The image built with path `a` and with path `b`.
Twins twins(const ImageSpec& spec, const std::string& a, const std::string& b);

}  // namespace support
