// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/source.hpp>

namespace reseal {

/// A blob of a signature.
struct BlobView {
    std::uint32_t slot = 0;    ///< in the SuperBlob
    std::string name;          ///< what belongs into that slot: "CodeDirectory", "requirements", …
    std::uint32_t magic = 0;   ///< 0: there is none to be read
    std::uint64_t offset = 0;  ///< from the file's first byte
    std::uint64_t size = 0;    ///< bytes, header included, as it says itself
    std::string fault;         ///< why it could not be read; empty where it could
    bool operator==(const BlobView&) const = default;
};

/// What a special slot is against what it seals.
enum class SlotState {
    right,
    stale,      ///< not the hash of what is there, or nothing is there, or no hash where something is
    unchecked,  ///< what it seals is not in the file (Info.plist, CodeResources), or this build has no such hash
};
std::string_view name(SlotState state);

struct SpecialSlotView {
    std::int64_t slot = 0;  ///< < 0
    std::string name;       ///< "Info.plist", "requirements", …; empty for one that has none
    std::string digest;     ///< in hex
    SlotState state = SlotState::unchecked;
    bool operator==(const SpecialSlotView&) const = default;
};

struct ExecSegmentView {
    std::uint64_t base = 0, limit = 0;  ///< bytes of the image
    std::uint64_t flags = 0;
    std::vector<std::string> flag_names;
    bool operator==(const ExecSegmentView&) const = default;
};

struct LinkageView {
    std::uint8_t hash_type = 0, application_type = 0;
    std::uint16_t application_subtype = 0;
    std::uint32_t offset = 0, size = 0;  ///< of the CodeDirectory
    bool operator==(const LinkageView&) const = default;
};

/// More special slots than any system knows; of those beyond only the number is told.
inline constexpr std::size_t max_special_slots_viewed = 64;

struct CodeDirectoryView {
    std::uint32_t slot = 0;  ///< in the SuperBlob
    bool chosen = false;     ///< the one whose pages the kernel checks
    std::uint32_t version = 0;
    std::uint32_t flags = 0;
    std::vector<std::string> flag_names;  ///< "adhoc", "runtime", …; 0x… for a bit without a name
    std::string identifier;
    std::string team;  ///< empty: none
    std::uint8_t hash_type = 0, hash_size = 0;
    std::string hash;  ///< "sha256", …; empty for a number that no kernel knows
    std::uint8_t platform = 0;
    std::uint64_t page_size = 0;  ///< 0: one page without end, or no number that makes sense
    std::uint64_t code_limit = 0;
    std::uint32_t special_slots = 0, code_slots = 0;
    bool scatter = false, pre_encrypt = false;
    std::optional<ExecSegmentView> exec_segment;
    std::string runtime;  ///< "13.3.0"; empty: none
    std::optional<LinkageView> linkage;
    std::vector<SpecialSlotView> specials;  ///< those that are not all zeros, and those that should not be; from −1 down
    std::string digests;                    ///< of the code slots, one behind the other; only where ViewOptions asks
    std::string digest;                     ///< of the CodeDirectory itself, in hex; empty where this build has no such hash
    std::string cdhash;                     ///< its first 20 bytes
    std::string fault;                      ///< what does not hold together; empty: nothing
    bool operator==(const CodeDirectoryView&) const = default;

    /// Of one code slot; empty where it was not read.
    std::string_view code_digest(std::uint64_t slot) const;
};

/// An entry of entitlements or of a launch constraint.
struct Claim {
    std::string key;
    std::string value;        ///< as JSON; data as "<0a1b>" and dates as "2021-06-01T12:00:00Z"
    bool restricted = false;  ///< an entitlement that takes a provisioning profile, surely or probably
    bool operator==(const Claim&) const = default;
};

struct EntitlementsView {
    bool has_xml = false, has_der = false;
    std::string xml;                   ///< as it stands
    std::vector<Claim> claims, der;    ///< of the XML; of the DER, which the kernel goes by
    std::string xml_fault, der_fault;  ///< why it could not be read
    bool differ = false;               ///< both could be read, and say different things
    bool operator==(const EntitlementsView&) const = default;
};

struct ConstraintView {
    std::uint32_t slot = 0;
    std::string name;  ///< "launch constraint", "parent launch constraint", …
    std::vector<Claim> claims;
    std::string fault;
    bool operator==(const ConstraintView&) const = default;
};

struct CertificateView {
    std::string common_name, organization, unit, issuer;
    std::int64_t not_before = 0, not_after = 0;  ///< seconds since 1970
    std::string sha256;                          ///< of the whole, in hex
    bool operator==(const CertificateView&) const = default;
};

struct CmsView {
    bool present = false;                ///< a CMS blob with contents
    std::string fault;                   ///< why nothing else is told of it
    std::vector<CertificateView> chain;  ///< the signer's first, where it is there
    bool has_signer = false;
    std::optional<std::int64_t> signing_time;  ///< seconds since 1970, as the signer says
    std::optional<std::int64_t> timestamp;     ///< the same, as a time stamping authority says
    std::string digest_hash, digest;           ///< the message digest and its hash: what was signed
    std::vector<std::string> cdhashes;         ///< of every CodeDirectory when it was signed, in hex
    bool attributes_hold = false;              ///< the signer's key signed all that
    bool bound = false;                        ///< and it is of the primary CodeDirectory as it is now
    std::vector<std::uint32_t> unlisted;       ///< slots of the CodeDirectories that it does not list
    bool operator==(const CmsView&) const = default;
};

enum class SignatureKind {
    none,
    adhoc,
    linker_signed,  ///< ad-hoc, by a linker
    cms,            ///< with a certificate: the CMS blob has contents
};
std::string_view name(SignatureKind kind);

/// One image: what its signature says, whether that is true or not. Whether its pages are what was signed, verify() and
/// page_map() know.
struct ImageView {
    std::string arch;          ///< as lipo names it
    std::string file_type;     ///< "executable", "dynamic library", …
    std::uint64_t offset = 0;  ///< of the slice in its file
    std::uint64_t size = 0;    ///< of the slice
    SignatureKind kind = SignatureKind::none;
    std::uint64_t signature_offset = 0,
                  signature_size = 0;                ///< as LC_CODE_SIGNATURE says; the offset from the file's first byte
    std::uint64_t superblob_size = 0;                ///< what follows it is padding
    std::vector<BlobView> blobs;                     ///< in the order of the index
    std::vector<CodeDirectoryView> codedirectories;  ///< the same
    std::vector<std::string> requirements;           ///< `designated => …`
    std::string requirements_fault;
    EntitlementsView entitlements;
    std::vector<ConstraintView> constraints;
    CmsView cms;
    std::vector<std::string> faults;  ///< what else could not be read, and why
    bool operator==(const ImageView&) const = default;

    /// The CodeDirectory that the kernel goes by, and so its cdhash; null: none.
    const CodeDirectoryView* chosen() const;
};

struct SignatureView {
    bool fat = false;
    std::vector<ImageView> images;  ///< by offset; none: not Mach-O, or `fault` says why
    std::string fault;              ///< a table of slices that does not hold together
    bool operator==(const SignatureView&) const = default;
};

struct ViewOptions {
    /// As VerifyOptions::preimages: what special slots seal that is no part of the file.
    std::map<std::int64_t, std::string> preimages;
    bool digests = false;  ///< also the code slots' (CodeDirectoryView::digests): as much memory as the signatures take
};

/// Everything that the signatures in `file` say. Of a damaged one all that can be read, and why the rest cannot. Reads no
/// code; keeps the signature of one image at a time (at most 64 MiB). Throws Error only where `file` does.
SignatureView view(const Source& file, const ViewOptions& options = {});

}  // namespace reseal
