// SPDX-License-Identifier: BSL-1.0
#include "diagnose/remedies.hpp"

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "diagnose/checks.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::string_view plain_in_shell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%";

/// In a comment a name may hold anything but the end of the line.
std::string comment(std::string_view text) { return "# " + printable(text) + "\n"; }

std::string who_signed(const ImageFacts& image) {
    if (const Certificate* signer = image.cms.cms.signer()) return " (" + signer->common_name + ")";
    return "";
}

/// What a new ad-hoc signature does not carry over, and where that is not enough.
std::string losses(const ImageFacts& image) {
    if (!image.cms_signed()) return "";
    std::string out =
        comment("It is signed with a certificate" + who_signed(image) + ".") +
        comment("Only who has its key can sign it so again. Else fetch the file again.") +
        comment("What follows makes an ad-hoc signature in its place, one without a certificate: notarization and") +
        comment("the team's rights are lost.");
    const plist::Dict* claimed = image.entitlements.claimed();
    if (claimed && image.program.executable() && !bundle::restricted_keys(*claimed).empty())
        out +=
            comment("It claims rights that take a provisioning profile, and with an ad-hoc signature it is killed for them:") +
            comment("ask `reseal explain` once more after this.");
    return out;
}

std::string preserved(const ImageFacts& image) {
    constexpr std::uint32_t linker_signed = 0x20000;
    if (!image.parsed || (image.flags() & linker_signed) != 0) return "";
    return image.cms_signed() ? "--preserve-metadata=identifier,entitlements "
                              : "--preserve-metadata=identifier,entitlements,flags,runtime ";
}

/// LLVM's objcopy writes the signature that a linker would, where there was one.
bool objcopy_mends(const ImageFacts& image) {
    return image.parsed && !image.cms_signed() && image.header && image.header->wide && !image.has(macho::slot_entitlements) &&
           !image.has(macho::slot_der_entitlements) && (image.flags() & macho::flag_runtime) == 0;
}

}  // namespace

std::string shell_word(std::string_view text) {
    if (text.starts_with('-')) return shell_word(std::string("./").append(text));
    if (!text.empty() && text.find_first_not_of(plain_in_shell) == std::string_view::npos) return std::string(text);
    // What would break the line, or speak to a terminal, as an escape of $'…'.
    const std::string safe = printable_name(text);
    if (safe == text || printable(text) == text) {
        std::string out = "'";
        for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
        return out + "'";
    }
    std::string out = "$'";
    for (const char c : safe) out += c == '\'' ? std::string("\\'") : std::string(1, c);
    return out + "'";
}

std::string file_word(const Surroundings& around) { return file_word(around, ""); }

std::string file_word(const Surroundings& around, std::string_view behind) {
    std::string name = around.path.empty() || around.path == "-" ? std::string("FILE") : around.path;
    return shell_word(name.append(behind));
}

std::string base_word(const Surroundings& around) {
    const std::string& path = around.path;
    return path.empty() || path == "-" ? "FILE" : shell_word(path.substr(path.rfind('/') + 1));
}

std::string sign_again(const ImageFacts& image, std::string_view more_options) {
    const Surroundings& around = *image.around;
    std::string out = losses(image);
    out.append("# on a Mac:\ncodesign --force --sign - ").append(more_options);
    // Of a bundle the main executable carries the seal of all that is in it.
    out += preserved(image) + (around.bundle.empty() ? file_word(around) : shell_word(around.bundle));
    if (around.bundle.empty() && objcopy_mends(image))
        out +=
            "\n# elsewhere, with LLVM's tools (llvm-objcopy-19 or the like); the new signature calls itself by the file's "
            "name:\n"
            "made=$(mktemp -d) && llvm-objcopy " +
            file_word(around) + " \"$made\"/" + base_word(around) + " && mv \"$made\"/" + base_word(around) + " " +
            file_word(around);
    return out;
}

std::string new_hashes(const ImageFacts& image) {
    return image.cms_signed() ? plain_adhoc(image) : "reseal fix " + file_word(*image.around);
}

std::string plain_adhoc(const ImageFacts& image) {
    std::string out = losses(image);
    if (image.cms_signed() && library_validation(image))
        out += comment(
            "Hardened and ad-hoc it is refused every library that is not part of macOS: ask `reseal explain` after this.");
    return out + "reseal fix --cms adhoc " + file_word(*image.around);
}

std::string sign_first(const ImageFacts& image) {
    return "# on a Mac:\ncodesign --sign - " + file_word(*image.around) +
           "\n# elsewhere, with rcodesign (of the Rust package apple-codesign):\nrcodesign sign " + file_word(*image.around);
}

std::string new_inode(const Surroundings& around) {
    return "cp -p " + file_word(around) + " " + file_word(around, ".new") + " && mv " + file_word(around, ".new") + " " +
           file_word(around);
}

}  // namespace reseal::diagnose
