// SPDX-License-Identifier: BSL-1.0
// What a signature claims, and whether a system grants it.
#include <algorithm>
#include <array>

#include "bytes/byte_string.hpp"
#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"
#include "macho/der_entitlements.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint32_t flag_library_validation = 0x2000;
constexpr std::string_view exceptions_prefix = "com.apple.security.cs.";
constexpr std::string_view no_library_validation = "com.apple.security.cs.disable-library-validation";

/// Where the entitlements stand that the kernel goes by.
std::uint64_t entitlements_offset(const ImageFacts& image) {
    const std::uint64_t start = image.slice.offset + image.header->signature->offset;
    for (const std::uint32_t slot : {macho::slot_der_entitlements, macho::slot_entitlements})
        if (const macho::Blob* blob = image.parsed->super.find(slot)) return start + blob->range.offset;
    return start;
}

void add_keys(Cause& cause, const ImageFacts& image, const std::vector<std::string>& keys, const std::string& what) {
    for (const std::string& key : keys) {
        if (cause.evidence.size() == max_evidence) break;
        Evidence& at = cause.evidence.emplace_back(image.evidence(entitlements_offset(image), what));
        at.text = key;
    }
    cause.more = keys.size() - std::min(keys.size(), max_evidence);
}

/// Apple's own, and what its stores signed anew: no profile is asked of them.
bool signed_by_apple(const ImageFacts& image) {
    const Certificate* signer = image.cms.cms.signer();
    if (!signer) return false;
    constexpr std::array names{"Software Signing", "Apple Mac OS Application Signing", "Apple iPhone OS Application Signing"};
    return std::any_of(names.begin(), names.end(), [&](const char* each) { return signer->common_name == each; });
}

std::string app_layout(const ImageFacts& image) {
    std::string name = image.around->path.substr(image.around->path.rfind('/') + 1);
    if (name.empty() || name == "-") name = "tool";
    const std::string shown = printable(name);
    return "# To keep the claims: Apple has to grant them to your team, in a provisioning profile. A profile can only be "
           "embedded\n"
           "# in a bundle, so the program has to be in one:\n"
           "#   " +
           shown +
           ".app/Contents/Info.plist  (with CFBundleIdentifier and CFBundleExecutable)\n"
           "#   " +
           shown + ".app/Contents/MacOS/" + shown +
           "\n"
           "#   " +
           shown +
           ".app/Contents/embedded.provisionprofile\n"
           "# Then sign the bundle with the certificate that the profile is for, with the claims that the program has now:\n"
           "codesign -d --entitlements " +
           shell_word(name + ".entitlements") + " --xml " + file_word(*image.around) +
           "\n"
           "codesign --force --sign 'Developer ID Application' --options runtime --entitlements " +
           shell_word(name + ".entitlements") + " " + shell_word(name + ".app");
}

std::string without_claims(const ImageFacts& image) {
    return "# If it can do without these rights (what asks for them in it will fail), on a Mac:\ncodesign --force --sign - " +
           file_word(*image.around);
}

bool has_libraries_of_others(const ImageFacts& image, std::vector<std::string>& which) {
    for (const std::string& library : image.program.libraries)
        if (!is_system_library(library)) which.push_back(library);
    return !which.empty();
}

bool claims(const ImageFacts& image, std::string_view key) {
    const plist::Dict* claimed = image.entitlements.claimed();
    if (!claimed) return false;
    const bool* value = plist::find<bool>(*claimed, key);
    return value && *value;
}

}  // namespace

std::optional<Cause> unreadable_entitlements(const ImageFacts& image) {
    const bundle::Entitlements& read = image.entitlements;
    const std::string& fault = read.has_der ? read.der_fault : read.xml_fault;
    if (fault.empty() || stale_entitlements(image)) return {};  // what was changed may well not be readable
    Cause cause =
        image.cause(CauseCode::bad_structure, "its entitlements cannot be read, so macOS kills it, or it has none: " + fault);
    cause.certainty = Certainty::likely;
    const macho::Blob* der = image.parsed->super.find(macho::slot_der_entitlements);
    if (der && der->range.size > macho::max_der_entitlements_size) {
        // Our maximum, and nobody has said what that of macOS is.
        cause.verdict = "its entitlements are larger than what is read here, and may be too large for macOS: " + fault;
        cause.certainty = Certainty::possible;
        cause.note = true;
    }
    cause.evidence.push_back(
        image.evidence(entitlements_offset(image), read.has_der ? "entitlements in DER" : "entitlements in XML"));
    cause.remedy =
        "# Mend the entitlements (a file without comments; `plutil -convert xml1` writes one), and on a Mac:\n"
        "codesign --force --sign - --entitlements " +
        file_word(*image.around, ".entitlements") + " " + file_word(*image.around);
    cause.reference = "TN2415";
    return cause;
}

std::optional<Cause> two_entitlements(const ImageFacts& image) {
    if (!image.entitlements.differ()) return {};
    Cause cause =
        image.cause(CauseCode::stale_entitlements, "its entitlements stand there twice and differ; macOS goes by those in DER");
    cause.note = true;
    cause.certainty = Certainty::possible;
    cause.evidence.push_back(image.evidence(entitlements_offset(image), "entitlements in DER"));
    cause.remedy = sign_again(image);
    cause.reference = "Apple: Using the latest code signature format";
    return cause;
}

std::optional<Cause> restricted_entitlement(const ImageFacts& image) {
    const plist::Dict* claimed = image.entitlements.claimed();
    if (!claimed || !image.program.executable() || image.platform() != 0 || signed_by_apple(image)) return {};
    std::vector<std::string> keys = bundle::restricted_keys(*claimed);
    if (keys.empty() || (image.cms_signed() && image.around->profile)) return {};
    const bool surely = std::any_of(keys.begin(), keys.end(), [](const std::string& key) {
        return bundle::restriction(key) == bundle::Restriction::restricted;
    });
    Cause cause = image.cause(CauseCode::restricted_entitlement, "");
    if (!image.cms_signed()) {
        cause.verdict =
            "it claims rights that only a provisioning profile of Apple's grants, and without a certificate (ad-hoc) it can "
            "have none";
        cause.certainty = surely ? Certainty::certain : Certainty::likely;
    } else {
        cause.verdict = image.around->in_bundle
                            ? "it claims rights that only a provisioning profile of Apple's grants, and its bundle holds none"
                            : "it claims rights that only a provisioning profile of Apple's grants, and outside of a bundle it "
                              "can have none";
        cause.certainty = surely ? Certainty::likely : Certainty::possible;
    }
    add_keys(cause, image, keys, "a restricted entitlement");
    cause.remedy = without_claims(image) + "\n" + app_layout(image);
    cause.reference = "TN3125";
    return cause;
}

std::optional<Cause> library_validation(const ImageFacts& image) {
    if (!image.parsed || !image.program.executable() || image.platform() != 0) return {};
    if ((image.flags() & (macho::flag_runtime | flag_library_validation)) == 0 || claims(image, no_library_validation))
        return {};
    std::vector<std::string> libraries;
    if (!has_libraries_of_others(image, libraries)) return {};
    Cause cause = image.cause(CauseCode::library_validation, "");
    const bool adhoc = !image.cms_signed();
    cause.verdict = adhoc ? "it is hardened and signed without a certificate (ad-hoc), so macOS refuses it every library that "
                            "is not part of macOS"
                          : "it is hardened, so it is refused libraries that its own team has not signed";
    cause.certainty = adhoc ? Certainty::likely : Certainty::possible;
    cause.note = !adhoc;
    for (const std::string& library : libraries) {
        if (cause.evidence.size() == max_evidence) break;
        Evidence& at = cause.evidence.emplace_back(image.evidence(image.slice.offset, "a library that it loads"));
        at.text = library;
    }
    cause.more = libraries.size() - cause.evidence.size();
    cause.remedy = adhoc
                       ? "# on a Mac, without the hardened runtime:\ncodesign --force --sign - --preserve-metadata=identifier,"
                         "entitlements " +
                             file_word(*image.around)
                       : "# Sign the libraries with the same team, or claim " + std::string(no_library_validation) + ".";
    cause.reference = "Apple: com.apple.security.cs.disable-library-validation";
    return cause;
}

std::optional<Cause> hardened_exceptions(const ImageFacts& image) {
    const plist::Dict* claimed = image.entitlements.claimed();
    if (!claimed || !image.parsed || (image.flags() & macho::flag_runtime) != 0) return {};
    std::vector<std::string> keys;
    for (const plist::Entry& entry : claimed->entries)
        if (entry.key.starts_with(exceptions_prefix)) keys.push_back(entry.key);
    if (keys.empty()) return {};
    Cause cause = image.cause(CauseCode::hardened_exceptions,
                              "it claims exceptions from the hardened runtime, which it does not have: they change nothing");
    cause.note = true;
    cause.certainty = Certainty::possible;
    add_keys(cause, image, keys, "an exception");
    cause.remedy =
        "# Nothing has to be done. With the hardened runtime, on a Mac:\n"
        "codesign --force --sign - --options runtime --preserve-metadata=identifier,entitlements " +
        file_word(*image.around);
    cause.reference = "Apple: Hardened Runtime";
    return cause;
}

}  // namespace reseal::diagnose
