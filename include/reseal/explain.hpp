// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/bundle.hpp>
#include <reseal/log.hpp>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>

namespace reseal {

/// Why a system does not run a program, or ends it. In the order in which they are looked for: an earlier one is often why a
/// later one is there. The names (kebab-case, see name()) are part of the schema.
enum class CauseCode {
    // ── the file ──
    not_macho,           ///< no program or library for macOS at all
    truncated,           ///< its end is missing
    wrong_architecture,  ///< nothing in it is for the processor in question
    // ── the signature's structure ──
    unsigned_,      ///< none, where a system asks for one
    bad_range,      ///< the load command that says where the signature is, says something impossible
    bad_structure,  ///< its parts do not hold together
    page_size,      ///< pages of a size that the system does not take
    // ── what it seals ──
    stale_page,          ///< code was changed after it was signed
    padded_last_page,    ///< the last page was hashed over another length than it has
    stale_alternate,     ///< … in a CodeDirectory that the kernel does not go by, but others do
    page_count,          ///< as many hashes as pages is the rule
    stale_entitlements,  ///< special slots −5 and −7
    stale_constraint,    ///< special slots −8 to −11
    stale_info_plist,    ///< special slot −1
    stale_requirements,  ///< special slot −2
    stale_resources,     ///< special slot −3, or a file of the bundle that it seals
    // ── who signed ──
    unbound_cms,       ///< the certificate's signature is of other bytes
    adhoc_with_cms,    ///< said to be ad-hoc, and yet there is a certificate's signature
    missing_cms,       ///< neither said to be ad-hoc nor signed with a certificate
    team_without_cms,  ///< names a team that no certificate vouches for
    // ── what it claims ──
    restricted_entitlement,  ///< claims what only a provisioning profile can grant
    profile_mismatch,        ///< the provisioning profile is for other code
    profile_expired,         ///< … or no longer valid
    launch_constraint,       ///< may be launched in some ways and places only
    platform_binary,         ///< a part of macOS, trusted as Apple made it only
    library_validation,      ///< loads no libraries of others
    hardened_exceptions,     ///< claims exceptions from a hardened runtime that it does not have
    // ── what it is ──
    beyond_signature,  ///< code that lies behind what is signed
    not_launchable,    ///< not a program that this system starts, however it is signed
    // ── outside the file ──
    modified_in_place,  ///< right by itself, but the kernel goes by what it has kept of the file before
    quarantine,         ///< downloaded, and not yet let through
    nothing_found,      ///< none of these
};
/// "stale-page" for CauseCode::stale_page.
std::string_view name(CauseCode code);
/// Every one, in order.
std::span<const CauseCode> all_causes();

/// How sure it is that this is why.
enum class Certainty {
    certain,   ///< a system that goes by Apple's published sources will object
    likely,    ///< it objects as far as is known
    possible,  ///< it depends on what the file does not say
};
std::string_view name(Certainty certainty);

/// What a cause is seen by: a place in the file. Fields that do not apply are empty. Strings come out of the file and may hold
/// anything.
struct Evidence {
    std::string arch;                  ///< of the slice, as lipo names it
    std::uint64_t offset = 0;          ///< from the file's first byte
    std::optional<std::int64_t> slot;  ///< code slots from 0, special slots below
    std::string segment, section;      ///< that hold the offset
    std::string text;                  ///< a printable string that stands there
    std::string what;                  ///< a phrase for a person
    bool operator==(const Evidence&) const = default;
};

struct Cause {
    CauseCode code = CauseCode::nothing_found;
    Certainty certainty = Certainty::certain;
    /// Nothing is wrong with the file for this: it is worth knowing when nothing else is found.
    bool note = false;
    Layer layer = Layer::kernel;     ///< who objects
    std::string arch;                ///< of the slice that it is about; "" for the file as a whole
    std::string verdict;             ///< one sentence for a person, without a full stop; names the slice of a universal file
    std::vector<Evidence> evidence;  ///< at most max_evidence
    std::uint64_t more = 0;          ///< how many more there are
    /// What to do, as lines for a shell, without a newline at the end: commands to run as they are, and comments ("# …") for
    /// what no command says. Names from Surroundings::path are quoted.
    std::string remedy;
    std::string reference;  ///< where Apple says it, or which part of its published sources
    bool operator==(const Cause&) const = default;
};

inline constexpr std::size_t max_evidence = 8;

/// What lies around a file, as far as its caller has found it out: explain() asks neither the system nor the clock.
struct Surroundings {
    std::string path;                 ///< as it is to stand in commands; empty: FILE
    std::string processor = "arm64";  ///< of the Mac that it is to run on, as lipo names it
    std::optional<std::int64_t> now;  ///< seconds since 1970; nothing: whether something has expired is not asked
    std::string quarantine;           ///< the extended attribute com.apple.quarantine; empty: there is none
    Modification modification = Modification::untold;  ///< what a log's times tell
    bool in_bundle = false;  ///< it is the main executable of a bundle in which a system looks for a provisioning profile
    std::string bundle;      ///< the folder of the bundle whose main executable it is, as it is to stand in commands
    std::optional<std::string> profile;     ///< the bytes of that bundle's embedded.provisionprofile
    std::optional<std::string> info_plist;  ///< of the Info.plist that special slot −1 seals, where that is a file
    std::optional<std::string> resources;   ///< of _CodeSignature/CodeResources, which special slot −3 seals
};

struct Explanation {
    /// In the order of the decision list, for each the slices by their offsets. Never empty: where nothing else is wrong the
    /// last one is nothing_found, or what an outside cause says.
    std::vector<Cause> causes;
    bool valid = false;  ///< nothing is wrong with the file itself: every cause is a note or lies outside of it
};

/// Why a Mac does not run what is in `file`: its contents against all that is known to stop a program. Reads the code once, as
/// verify() does, and a few stale pages again; throws Error only where `file` does.
Explanation explain(const Source& file, const Surroundings& around = {});

/// What of a bundle is not what its signature seals, besides what explain() says of the programs in it: files that were
/// changed, added or taken away. `path`: the bundle's folder, as it is to stand in commands. Nothing: all is there.
std::optional<Cause> explain(const BundleVerdict& bundle, const std::string& path);

}  // namespace reseal
