// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/finding.hpp>
#include <reseal/verify.hpp>

namespace reseal {

/// A folder that a system takes for one thing: an application, a framework, a test bundle. Its paths are absolute, or as
/// verify_bundle() was given its folder; strings out of the bundle are anybody's.
struct BundlePlace {
    enum class Shape {
        deep,       ///< X.app/Contents/…, as macOS has applications
        flat,       ///< X.app/…, as iOS has everything
        versioned,  ///< X.framework/Versions/A/…, as macOS has frameworks
    };
    Shape shape = Shape::flat;
    std::string folder;          ///< …/X.app
    std::string base;            ///< from which what the bundle seals is named: …/X.app/Contents, …/X.framework/Versions/A
    std::string identifier;      ///< CFBundleIdentifier; empty: unknown
    std::string executable;      ///< the main executable, which carries the bundle's signature; empty: there is none
    std::string info_plist;      ///< empty: there is none
    std::string code_resources;  ///< the list of what is sealed; empty: there is none
    std::string profile;         ///< an embedded provisioning profile; empty: there is none
    std::string fault;           ///< why Info.plist could not be read; empty where it could
};

/// The innermost bundle that `path`, a file or a folder, belongs to, or is. Nothing: it is in none, or nobody may look. Of
/// what it finds it reads the Info.plist only. Without libplist the executable is the one of the bundle's own name.
std::optional<BundlePlace> bundle_of(const std::string& path);

/// What is wrong with a bundle. The names (kebab-case, see name()) are part of the schema.
enum class BundleCode {
    // ── its seal ──
    code_bad,            ///< a program's own signature is not valid
    code_unchecked,      ///< what is sealed as code, or carries the seal, is no Mach-O
    executable_missing,  ///< there is no main executable where Info.plist says
    unsigned_code,       ///< sealed as code, or carrying a seal, but without a signature
    unsealed,            ///< its main executable is signed, but by who knew of no bundle
    info_plist_missing,  ///< special slot −1 seals one
    info_plist_stale,    ///< … another one
    info_plist_unbound,  ///< … none
    info_plist_malformed,
    resources_missing,  ///< special slot −3 seals a CodeResources
    resources_stale,    ///< … another one
    resources_unbound,  ///< … none
    resources_malformed,
    rules_unsupported,  ///< which files have to be sealed cannot be told
    // ── what it seals ──
    entry_malformed,  ///< an entry of CodeResources that seals nothing
    file_missing,
    file_changed,
    file_replaced,          ///< a link where a file should be, a folder where a link should
    file_extra,             ///< not sealed
    link_changed,           ///< a symbolic link that points elsewhere
    link_outside,           ///< strict: one that leads out of the bundle
    unsealed_root,          ///< strict: something beside Contents or Versions, where nothing is sealed
    nested_changed,         ///< code within is not that which was there when the bundle was signed
    requirement_unmet,      ///< … and not what the bundle asks it to be
    requirement_unchecked,  ///< whether it is what the bundle asks for takes a chain of certificates
    requirement_malformed,
    // ── the looking ──
    hash_unavailable,  ///< this build cannot compute any hash that a file is sealed by
    unreadable,
    beyond_bounds,  ///< too many files, too deep
};
/// "file-missing" for BundleCode::file_missing.
std::string_view name(BundleCode code);
std::span<const BundleCode> all_bundle_codes();

struct BundleFinding {
    Severity severity = Severity::error;
    BundleCode code = BundleCode::code_bad;
    Layer layer = Layer::codesign;
    std::string path;  ///< from the bundle's folder: Contents/Resources/a.txt
    std::string what;  ///< a phrase for a person
    bool operator==(const BundleFinding&) const = default;
};

/// A program in a bundle.
struct BundleCodeVerdict {
    std::string path;  ///< from the bundle's folder
    std::vector<ImageVerdict> images;
    bool operator==(const BundleCodeVerdict&) const = default;
};

struct BundleVerdict {
    BundlePlace place;
    bool sealed = false;                  ///< there is a CodeResources
    bool bad = false;                     ///< one of the findings is an error
    std::vector<BundleFinding> findings;  ///< by path; those of bundles within it included
    std::vector<BundleCodeVerdict> code;  ///< main executables and what is sealed as nested code, by path
    std::uint64_t files = 0;              ///< that are sealed by their hashes, and were read

    /// Who minds any of the errors, first; nothing where there is none.
    std::optional<Layer> layer() const;
};

/// Checks the bundle whose folder this is: its main executable, with the Info.plist and the CodeResources that the executable
/// seals, every file that CodeResources lists, what it does not list but should, and the code within, which is checked
/// likewise; of a framework its current version, in strict mode all versions of one within it. Nothing outside of the folder is
/// opened, wherever links lead. Throws Error (ErrorCode::io) where there is no such folder, or it is no bundle;
/// ErrorCode::misuse without libplist. What cannot be read inside it is a finding. `options.jobs`: threads for all of it.
BundleVerdict verify_bundle(const std::string& folder, const VerifyOptions& options = {});

/// The bundles at and below `folder` that verify_bundle() of none above them looks at, by path. What has neither a program nor
/// a seal is none of them. Links are not followed, folders that cannot be listed are passed over.
std::vector<std::string> bundles_in(const std::string& folder);

}  // namespace reseal
