// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace reseal {

/// A note says what is odd and worth knowing; an error means that this image is refused.
enum class Severity { note, error };

/// What a finding or a verifier's problem is about. The names (kebab-case, see name()) are part of the report's schema.
enum class Code {
    // ── the container of images ──
    fat_malformed,  ///< the table of slices does not hold together, or has more than 64
    fat_edited,     ///< an edit changes the table of slices
    // ── header and load commands ──
    commands_too_large,     ///< more than 1 MiB of load commands
    header_edited,          ///< an edit changes what the load commands say of the signature, or a UUID to be replaced
    encrypted,              ///< LC_ENCRYPTION_INFO with cryptid ≠ 0
    two_signatures,         ///< more than one LC_CODE_SIGNATURE
    signature_command,      ///< LC_CODE_SIGNATURE of a size other than 16
    signature_range,        ///< the signature runs past its image, overlaps the load commands, or is empty
    signature_before_code,  ///< a segment or the section __info_plist lies behind the signature
    signature_too_large,    ///< more than 64 MiB
    truncated,              ///< the stream ends before the signature does
    // ── the signature's structure ──
    superblob_malformed,      ///< magic, length or index
    blob_malformed,           ///< a blob outside the SuperBlob, of a wrong magic, overlapping another, or there twice
    codedirectory_missing,    ///< no CodeDirectory in slot 0
    codedirectory_malformed,  ///< lengths, offsets or strings that do not hold together
    codedirectory_short,      ///< a CodeDirectory shorter than the 108 bytes the kernel asks for
    codedirectory_duplicate,  ///< two CodeDirectories of one hash type
    version_unsupported,      ///< a CodeDirectory version outside 0x20001 … 0x2f000
    hash_unsupported,         ///< a hash type no kernel knows, or a hash size that is not its own
    hash_unavailable,         ///< this build has no library for the hash
    page_size_unsupported,    ///< neither 4 KiB nor 16 KiB
    page_size_misplaced,      ///< 16 KiB pages on x86_64, or in a slice whose offset is no multiple of 16 KiB
    slot_count,               ///< as many code slots as pages is the rule
    code_limit,               ///< the code limit lies behind the signature's first byte
    code_limit_page,          ///< the touched page holds a code limit that is not the signature's offset
    scatter_malformed,        ///< a scatter list that is unordered, unterminated or out of range
    pre_encrypt,              ///< pre-encryption hashes that differ from the code hashes
    // ── what was touched ──
    cms_signed,        ///< CmsPolicy::refuse and the image is CMS-signed
    cms_edited,        ///< an edit lies in the CMS blob
    structure_edited,  ///< an edit lies in a slot table, index, fixed header, scatter, pre-encrypt or linkage data
    stale_page,        ///< a touched page's slot was not the hash of the old page
    stale_special,     ///< a touched blob's special slot was not its hash
    // ── archives ──
    name_matched,    ///< a rule matches in an entry's name, or in the name a hard link points to
    target_nul,      ///< a rule puts a NUL into the target of a link, where it would end
    target_global,   ///< a rule matches in the target that a tape archive's global header gives to links
    sparse_edited,   ///< an edit in a file that is stored sparse
    behind_archive,  ///< bytes behind the archive's end were passed on unsearched, or an entry there is cut short
    // ── unpacking ──
    archive_odd,     ///< something about an archive that others would do otherwise
    case_collision,  ///< two names that a file system that ignores case takes for one
    link_script,     ///< a script that a package manager would run when it links the package; it was not
    external_link,   ///< a symbolic link that leads out of the folder that is unpacked to
    option_unused,   ///< an option for archives of a kind that this one is not
    platform_mixed,  ///< a package for another platform than one that was unpacked with it
    // ── relocation ──
    load_commands_full,  ///< a load command's string has to grow, and what the image holds leaves no room for it
    elf_path_too_long,   ///< an ELF file's interpreter or library path has to grow, for which nothing has room
    // ── stores ──
    stray_reference,        ///< a store path in an output that is not among what it may refer to
    signed_self_reference,  ///< a slot depends on the path of the output that holds it
    // ── prefixes ──
    prefix_too_long,         ///< the new prefix is longer than the one it replaces, in a file that must keep its length
    prefix_unpaddable,       ///< the padding asked for cannot fill what becomes free
    prefix_too_many,         ///< more prefixes in one file than are kept
    prefix_undecided,        ///< no NUL within 1 MiB behind a prefix, in a file that is read as a stream
    prefix_not_c_string,     ///< a prefix in a string that does not look like one of C: what keeps its length may break
    script_payload,          ///< bytes that are no text, far behind a `#!` line whose file became longer or shorter
    shebang_changed_form,    ///< a first line no longer names its interpreter's path: a kernel would not have taken it
    prefix_leading_slashes,  ///< a path now begins with exactly two slashes
    socket_path_too_long,    ///< a path that names a socket is longer than the 107 bytes a system takes
    bundle_seal_stale,       ///< a changed file is listed in a bundle's _CodeSignature/CodeResources
    digest_differs,          ///< a file is not the one that was recorded: somebody else has changed it
    file_missing,            ///< a file that metadata names is not there
    positions_wrong,         ///< recorded positions are not those of the file's prefixes, which were sought instead
    // ── notes ──
    unsigned_arm64,       ///< touched, for arm64, and without a signature: the kernel will not run it
    cms_unbound,          ///< CmsPolicy::keep left the CMS blob without the CodeDirectory it signed
    cms_downgraded,       ///< CmsPolicy::adhoc made an ad-hoc signature of a CMS one
    adhoc_runtime,        ///< … and the hardened runtime flag stayed
    adhoc_entitlements,   ///< … and entitlements stayed, which may now be restricted
    adhoc_mixed,          ///< CMS-signed and ad-hoc slices now stand side by side in one file
    info_plist_outside,   ///< an edit in __info_plist or in the blob of slot 1, and slot −1 seals neither: left
    special_absent,       ///< a touched blob that no special slot seals
    identifier_edited,    ///< an edit in a CodeDirectory's identifier or team
    entitlements_differ,  ///< XML entitlements were edited, DER ones were not, or the other way round
    not_covered,          ///< an edit between the code limit and the signature: no hash covers it
    behind_signature,     ///< an edit behind the signature: no hash covers it
    outside_slices,       ///< an edit in a fat file outside every slice
    dyld_cache,           ///< an edit in a dyld shared cache, whose own signature is not repaired
    // ── verify only ──
    page_stale,          ///< a page is not what its slot says
    special_stale,       ///< a blob or section is not what its special slot says
    special_missing,     ///< a special slot without its blob, or a blob without its special slot
    commands_malformed,  ///< a Mach-O whose load commands do not parse; to a rewriter these are plain bytes
    unsigned_image,      ///< an arm64 executable, dylib or bundle without a signature
    trailing_data,       ///< strict: bytes behind the signature
    fat_unloadable,      ///< kernel: a program in a fat file of 64-bit offsets, a slice that begins within a page
    last_page_nx,        ///< a note: code in the last page, which the kernel lets nobody execute where it is not whole
    teams_differ,        ///< slices of one file whose signatures name different teams, or some of them none
    linkedit_end,        ///< strict: __LINKEDIT does not end where the signature and the image do
    slice_gap,           ///< strict: bytes between slices that are not zero or too many, bytes behind the last slice
};

/// "stale-page" for Code::stale_page.
std::string_view name(Code code);
/// Every code, for a schema or a listing.
std::span<const Code> all_codes();

/// Something odd about one file.
struct Finding {
    Severity severity = Severity::note;
    std::string entry;         ///< path inside the archive; Options::name for a plain file
    std::uint64_t offset = 0;  ///< from the entry's first byte
    Code code = Code::fat_malformed;
    std::string what;  ///< a sentence for a person
    bool operator==(const Finding&) const = default;
};
std::string_view name(Severity severity);

}  // namespace reseal
