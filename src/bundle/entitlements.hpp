// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a signature claims for its code, and which of it a system grants only to who can show a provisioning profile.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/plist_value.hpp"
#include "macho/superblob.hpp"

namespace reseal::bundle {

/// Entitlements stand in a signature twice: in XML (slot 5) and, since macOS 12 wrote them, in DER (slot 7), which the kernel
/// goes by where it is there.
struct Entitlements {
    bool has_xml = false, has_der = false;  ///< a blob with contents
    std::optional<plist::Dict> xml, der;    ///< what could be read
    std::string xml_fault, der_fault;       ///< why not; empty where it could
    bool unread = false;                    ///< XML without libplist: nothing is known of it

    /// DER before XML; null: neither is there, or could be read.
    const plist::Dict* claimed() const;
    /// Both could be read and say different things.
    bool differ() const;
};

/// `signature`: the bytes that `super` was parsed from. What is wrong with one form comes out as its fault.
Entitlements entitlements_of(const macho::SuperBlob& super, std::string_view signature);

/// Whether a claim needs a provisioning profile that allows it.
enum class Restriction {
    unrestricted,           ///< anybody may claim it, an ad-hoc signature too
    probably_unrestricted,  ///< among those of the App Sandbox and the hardened runtime by its name
    probably_restricted,    ///< unknown to us, as most of those that a profile has to allow
    restricted,             ///< an ad-hoc signature with it is killed at launch
};

/// By Apple's technote TN3125 ("Inside Code Signing: Provisioning Profiles", "The Entitlements that are restricted"), for
/// macOS.
Restriction restriction(std::string_view key);

/// Restricted, surely or probably.
bool is_restricted(std::string_view key);

/// The keys of `entitlements` that are, in their order.
std::vector<std::string> restricted_keys(const plist::Dict& entitlements);

}  // namespace reseal::bundle
