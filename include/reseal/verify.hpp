// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
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

/// Who objects. A problem names the first that does: what stops the kernel stops everybody.
enum class Layer {
    kernel,    ///< the program is killed, or not loaded
    codesign,  ///< it may run, but Security.framework (codesign --verify, Gatekeeper) calls it invalid
    strict,    ///< only codesign's strict mode minds
};
std::string_view name(Layer layer);

/// Whose questions are asked.
enum class Level {
    /// xnu's only: one CodeDirectory, the slots that it looks at. Some things it alone minds, so they are asked only here:
    /// programs in fat files of 64-bit offsets, slices that do not begin on a page, code behind the 32-bit code limit,
    /// libraries' signatures of more than 40 MiB.
    kernel,
    codesign,  ///< every CodeDirectory, every slot whose preimage is at hand, and one team for all slices of a file
};
std::string_view name(Level level);

/// One thing that is wrong.
struct Problem {
    Code code;
    std::uint64_t offset;  ///< from the file's first byte
    std::string what;
    Layer layer = Layer::codesign;
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
    bool chosen = false;                  ///< the one that the kernel goes by: of the strongest hash
    bool operator==(const CodeDirectoryVerdict&) const = default;
};

struct ImageVerdict {
    std::string arch;          ///< as lipo names it
    std::uint64_t offset = 0;  ///< of the slice in its file
    Verdict verdict = Verdict::valid;
    bool bad = false;  ///< the system will not take it: all but valid, and unsigned where unsigned is fine
    std::vector<CodeDirectoryVerdict> codedirectories;
    std::vector<Problem> problems;
    std::vector<Problem> notes;  ///< worth knowing, but as it is nobody objects
    bool operator==(const ImageVerdict&) const = default;

    /// Who minds any of it, first; nothing where nobody does.
    std::optional<Layer> layer() const;
};

struct VerifyOptions {
    bool strict = false;            ///< also what codesign's strict mode asks: nothing behind the signature, __LINKEDIT's end
    Level level = Level::codesign;  ///< problems of other layers are left out, and count for no verdict
    /// What special slots seal that is no part of the file, by slot: −1 an Info.plist, −3 a CodeResources. A slot whose
    /// preimage is neither here nor in the file stays unchecked.
    std::map<std::int64_t, std::string> preimages;
    unsigned jobs = 1;  ///< threads that hash the pages of one image; 0: one a processor. Several read from the file at once
};

/// Checks every page and every special slot at hand of every image in `file`. No images: it is not Mach-O. A fat file whose
/// table of slices does not hold together comes out as one image of arch "fat". Beside an image a slice without one is bad,
/// unless it is a static library or bitcode, which is left out. Reads the code of an image through once, a block at a time, and
/// keeps its signature (at most 64 MiB); throws Error only where `file` does.
std::vector<ImageVerdict> verify(const Source& file, const VerifyOptions& options = {});

}  // namespace reseal
