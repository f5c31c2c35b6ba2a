// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <reseal/hash_type.hpp>

namespace reseal {

/// What to do with a touched image that is CMS-signed (its CMS blob is longer than 8 bytes): any edit breaks that signature.
enum class CmsPolicy {
    refuse,  ///< refuse the image
    adhoc,   ///< turn it into a consistent ad-hoc signature of the same length
    keep,    ///< repair the slots and leave the CMS blob unbound, for whoever signs again afterwards
};

/// What to do with a touched page whose slot was not the hash of the old page already.
enum class StalePolicy {
    refuse,  ///< refuse the image: a broken page is never laundered into a valid one
    reseal,  ///< put the new hash there all the same, with a note
};

/// What to do with a touched image that cannot be sealed for another reason than these two: its signature is malformed, or of a
/// kind that nothing here can repair.
enum class UnsealablePolicy {
    refuse,  ///< refuse the image
    keep,    ///< replace the bytes and leave the slots as they were, with a note
};

/// How to read the stream.
enum class Format {
    automatic,     ///< by its first bytes
    plain,         ///< one file; Mach-O is still understood
    nar,           ///< a Nix archive
    tar,           ///< a tape archive: v7, ustar, pax, GNU
    nar_or_plain,  ///< by its first bytes, and never a tape archive: the streams that a Nix store hashes
};

/// What to do when a rule matches in the name of an archive's entry. Names are never rewritten: in a Nix archive that would
/// break their order.
enum class NamePolicy {
    refuse,  ///< refuse the entry
    keep,    ///< leave the name as it is
};

/// How one CodeDirectory hashes its pages.
struct PageHash {
    std::uint32_t page_size;  ///< bytes: 4096 or 16384
    HashType hash;
    bool operator==(const PageHash&) const = default;
};

/// What the CodeDirectories of a file say, read ahead from a file that can be sought (read_hint() in hint.hpp). With
/// it the engine hashes touched pages only the way they will be needed. The output never depends on it, only the work; a hint
/// that is not true of the stream is an Error (ErrorCode::misuse) where it would have mattered.
struct Hint {
    struct Image {
        std::uint64_t offset;  ///< of the slice in its file
        std::vector<PageHash> page_hashes;
    };
    std::vector<Image> images;
};

/// Where an image stands in a stream.
struct ImagePlace {
    std::string path;          ///< of its entry; Options::name for a plain file
    std::uint64_t offset = 0;  ///< of the slice in its file
    auto operator<=>(const ImagePlace&) const = default;
};

/// How a Rewriter treats its stream.
struct Options {
    Format format = Format::automatic;
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    NamePolicy names = NamePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::refuse;
    /// Let rules put NULs into targets of links: nobody can unpack that archive, but it can be hashed.
    bool nul_targets = false;
    bool seal = true;             ///< false: replace bytes and look at no image, as if there were no signatures
    bool positions = false;       ///< keep the offset of every edit in the report, by entry
    bool edits = false;           ///< keep every edit in the report, in the order of the stream
    bool count_unchanged = true;  ///< count edits that replace bytes by the same bytes as substitutions
    std::string name = "-";       ///< the input's name in findings and errors
    Hint hint;
    /// Which of the rules replaces self-references: of signed images that hold one before their signature the report then tells
    /// the UUID.
    std::optional<std::size_t> self_rule;
    /// The UUID (LC_UUID, 16 bytes) that signed images get instead of theirs. An edit in that UUID refuses the image; under
    /// UnsealablePolicy::keep it is left unsealed instead, with the UUID as the edit made it.
    std::map<ImagePlace, std::string> uuids;
};

}  // namespace reseal
