// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include "bundle/entitlements.hpp"

namespace reseal::bundle {
namespace {

// A name that ends in a dot stands for all that begin with it.
constexpr std::string_view unrestricted_keys[] = {
    "com.apple.security.app-sandbox",
    "com.apple.security.application-groups",
    "com.apple.security.assets.",
    "com.apple.security.automation.apple-events",
    "com.apple.security.cs.",
    "com.apple.security.device.",
    "com.apple.security.files.",
    "com.apple.security.get-task-allow",
    "com.apple.security.hypervisor",
    "com.apple.security.inherit",
    "com.apple.security.network.",
    "com.apple.security.personal-information.",
    "com.apple.security.print",
    "com.apple.security.temporary-exception.",
    "com.apple.security.virtualization",
};

constexpr std::string_view restricted_keys_of_apple[] = {
    "aps-environment",         "com.apple.application-identifier", "com.apple.developer.",         "com.apple.private.",
    "com.apple.rootless.",     "com.apple.system-task-ports",      "com.apple.system-task-ports.", "com.apple.vm.device-access",
    "com.apple.vm.networking", "keychain-access-groups",
};

template <class Names>
bool names(const Names& list, std::string_view key) {
    return std::any_of(std::begin(list), std::end(list),
                       [key](std::string_view each) { return each.ends_with('.') ? key.starts_with(each) : key == each; });
}

}  // namespace

Restriction restriction(std::string_view key) {
    if (names(unrestricted_keys, key)) return Restriction::unrestricted;
    if (names(restricted_keys_of_apple, key)) return Restriction::restricted;
    if (key.starts_with("com.apple.security.")) return Restriction::probably_unrestricted;
    return Restriction::probably_restricted;
}

bool is_restricted(std::string_view key) {
    const Restriction how = restriction(key);
    return how == Restriction::restricted || how == Restriction::probably_restricted;
}

std::vector<std::string> restricted_keys(const plist::Dict& entitlements) {
    std::vector<std::string> keys;
    for (const plist::Entry& entry : entitlements.entries)
        if (is_restricted(entry.key)) keys.push_back(entry.key);
    return keys;
}

}  // namespace reseal::bundle
