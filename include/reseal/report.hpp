// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/finding.hpp>
#include <reseal/hash_type.hpp>
#include <reseal/options.hpp>
#include <reseal/scatter.hpp>

namespace reseal {

/// What became of one CodeDirectory.
struct CodeDirectoryReport {
    std::uint32_t slot = 0;  ///< its slot in the SuperBlob: 0, or 0x1000… for an alternate
    HashType hash = HashType::sha256;
    std::uint32_t page_size = 0;              ///< bytes
    std::vector<std::int64_t> slots_changed;  ///< ascending; code slots ≥ 0, special slots < 0
    std::string cdhash_before;                ///< 20 bytes in hex
    std::string cdhash_after;
    /// Ascending by page and by slot. Empty nearly always: then a code slot is about the page of its own number.
    std::vector<ScatterRun> scatter;
    bool operator==(const CodeDirectoryReport&) const = default;
};

/// What became of one image (a thin Mach-O: the file itself, or a slice of a fat file).
enum class ImageStatus {
    untouched,   ///< no byte that anything seals has changed
    unsigned_,   ///< touched, and has no signature
    resealed,    ///< touched, and every slot is right again
    downgraded,  ///< resealed, and its CMS signature turned into an ad-hoc one (CmsPolicy::adhoc)
    unbound,     ///< resealed, and its CMS signature no longer holds (CmsPolicy::keep)
    unsealed,    ///< touched, and its slots left as they were although they no longer hold (UnsealablePolicy::keep)
    refused,     ///< an image we will not pass on; a finding says why
};
std::string_view name(ImageStatus status);

/// The UUID of a signed image (LC_UUID), 16 bytes each.
struct UuidReport {
    std::string before, after;
    /// What follows from the code that went out, up to the signature and with the UUID as NULs: the first half of its SHA-256,
    /// made a UUID of version 8. Only where Options::uuids names the image and Options::self_rule is given.
    std::string derived;
    bool operator==(const UuidReport&) const = default;
};

struct ImageReport {
    std::string arch;          ///< as lipo names it: arm64, x86_64, …
    std::uint64_t offset = 0;  ///< of the slice in its file
    ImageStatus status = ImageStatus::untouched;
    std::vector<CodeDirectoryReport> codedirectories;  ///< in the SuperBlob's order; empty unless resealed
    /// Only with a self-reference (Options::self_rule) before the signature, or where Options::uuids names the image.
    std::optional<UuidReport> uuid;
    bool operator==(const ImageReport&) const = default;
};

/// What became of one file.
enum class EntryStatus {
    substituted,  ///< bytes were replaced, no signature had to change
    resealed,     ///< at least one image got new hashes
    refused,      ///< at least one image was refused
};
std::string_view name(EntryStatus status);

struct EntryReport {
    std::string path;  ///< Options::name for a plain file
    /// Edits, those that replace bytes by the same bytes included; in the target of a link that stands in two forms, of one
    /// form.
    std::uint64_t substitutions = 0;
    EntryStatus status = EntryStatus::substituted;
    std::vector<ImageReport> images;       ///< by offset
    std::vector<std::uint64_t> positions;  ///< offset of every edit from the entry's first byte; only with Options::positions
    bool operator==(const EntryReport&) const = default;
};

/// One replaced range of the stream.
struct Edit {
    std::uint64_t position = 0;  ///< of its first byte, from the stream's first byte
    std::size_t rule = 0;        ///< which of the rules
    bool operator==(const Edit&) const = default;
};

/// What a Rewriter did. Entries are the files that hold an edit, a finding or a new UUID, no others, so its size follows what
/// was touched.
struct Report {
    Format format = Format::plain;
    std::uint64_t bytes_in = 0;  ///< up to where the stream stopped being an archive, if it did
    std::uint64_t bytes_out = 0;
    std::vector<std::uint64_t> hits;  ///< per rule, in the order of the rules; of such a target, one form too
    std::vector<EntryReport> entries;
    std::vector<Edit> edits;  ///< those that stand in the output, by position; only with Options::edits
    std::vector<Finding> findings;
    bool operator==(const Report&) const = default;
};

/// What sealing cost. Kept apart from the report because it may depend on how the input was cut and on a hint.
struct Work {
    std::uint64_t pages_hashed = 0;  ///< page contents hashed: one old and one new per touched page, page size and hash
    std::uint64_t bytes_hashed = 0;
    std::uint64_t windows_touched = 0;  ///< windows (16 KiB, or 4 KiB with a hint) that held a changed byte
    std::uint64_t windows_folded = 0;   ///< of those, the ones hashed before the CodeDirectory was seen

    Work& operator+=(const Work& other) {
        pages_hashed += other.pages_hashed;
        bytes_hashed += other.bytes_hashed;
        windows_touched += other.windows_touched;
        windows_folded += other.windows_folded;
        return *this;
    }
};

}  // namespace reseal
