// SPDX-License-Identifier: BSL-1.0
#pragma once
// Provisioning profiles (embedded.provisionprofile, embedded.mobileprovision): what Apple allows one developer to claim, a
// property list in CMS (Apple's technote TN3125, "Inside Code Signing: Provisioning Profiles").
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/plist_value.hpp"
#include "diagnose/cms.hpp"

namespace reseal::diagnose {

struct Profile {
    std::string name, uuid, team_name;
    std::vector<std::string> team_identifiers;
    std::string application_identifier;            ///< "TEAM123456.com.example.app", or one that ends in * for any
    plist::Dict entitlements;                      ///< what may be claimed
    std::optional<std::int64_t> created, expires;  ///< seconds since 1970
    std::vector<std::string> platforms;            ///< "OSX", "iOS", …
    std::vector<std::string> devices;              ///< the only ones that take it, unless all do
    bool all_devices = false;
    std::vector<std::string> certificates;  ///< whose signatures it covers: Certificate::digest
    std::string signed_by;                  ///< the common name of whoever made it
    bool intact = false;                    ///< its contents are those that were signed (by whom is not asked)
};

struct ProfileReading {
    Reading state = Reading::malformed;  ///< never absent
    Profile profile;
    std::string fault;
};

/// `bytes`: the whole file, at most max_cms_size; `name`: the file's, for faults. Needs libcrypto and libplist.
ProfileReading read_profile(std::string_view bytes, const std::string& name);

/// Whether the profile lets its code claim `value` for `key`: the same, or one that a * at the end stands for, or where the
/// profile has a list one of it.
bool allows(const Profile& profile, std::string_view key, const plist::Value& value);

}  // namespace reseal::diagnose
