// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/finding.hpp>
#include <reseal/hash_type.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// What the signature of one image is worth.
enum class Verdict {
    valid,        ///< every slot of every CodeDirectory whose preimage is at hand is right
    stale,        ///< at least one slot is not the hash of what it seals
    unbound,      ///< the slots are right, but the CMS blob does not hold the digest of the primary CodeDirectory
    unsigned_,    ///< no signature
    malformed,    ///< the signature's structure does not hold together
    unsupported,  ///< well-formed, but hashed in a way that neither the kernel nor we take
};
std::string_view name(Verdict verdict);

/// One thing that is wrong.
struct Problem {
    Code code;
    std::uint64_t offset;  ///< from the file's first byte
    std::string what;
    bool operator==(const Problem&) const = default;
};

struct CodeDirectoryVerdict {
    std::uint32_t slot = 0;
    HashType hash = HashType::sha256;
    std::uint32_t page_size = 0;
    std::uint64_t pages = 0;              ///< code slots
    std::vector<std::int64_t> stale;      ///< ascending; code slots ≥ 0, special slots < 0
    std::vector<std::int64_t> unchecked;  ///< special slots whose preimage is not in the file (Info.plist, CodeResources)
    std::string cdhash;                   ///< 20 bytes in hex
    bool operator==(const CodeDirectoryVerdict&) const = default;
};

struct ImageVerdict {
    std::string arch;          ///< as lipo names it
    std::uint64_t offset = 0;  ///< of the slice in its file
    Verdict verdict = Verdict::valid;
    bool bad = false;  ///< the system will not take it: all but valid, and unsigned where unsigned is fine
    std::vector<CodeDirectoryVerdict> codedirectories;
    std::vector<Problem> problems;
    bool operator==(const ImageVerdict&) const = default;
};

struct VerifyOptions {
    bool strict = false;  ///< also what codesign's strict mode asks: nothing behind the signature, __LINKEDIT's end
};

/// Checks every page and every special slot at hand of every image in `file`. No images: it is not Mach-O. A fat file whose
/// table of slices does not hold together comes out as one image of arch "fat"; what is no Mach-O in a slice is left out. Reads
/// the code of an image through once, a block at a time, and keeps its signature (at most 64 MiB); throws Error only where
/// `file` does.
std::vector<ImageVerdict> verify(const Source& file, const VerifyOptions& options = {});

}  // namespace reseal
