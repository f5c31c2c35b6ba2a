// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "bytes/byte_string.hpp"
#include "cli/logged_cause.hpp"
#include "macho/hex.hpp"

namespace reseal::cli {
namespace {

using macho::hex;

std::string at_address(const LogEvent& event) { return event.address ? " at address " + hex(*event.address) : std::string(); }

std::string of_file(const LogEvent& event) {
    return event.path.empty() ? std::string("a file that the log does not name") : printable(event.path);
}

/// Bits out of which one says why; most pages are just not what they were signed as.
std::string why_rejected(const LogPage& page) {
    if (page.signed_ == 0) return "the file has no signature";
    if (page.wpmapped != 0) return "a process has mapped it to be written to";
    if (page.tainted != 0) return "it is not what was signed (its hash differs from that in the signature)";
    if (page.validated == 0) return "the signature has no hash for it";
    if (page.nx != 0) return "it was to be executed, and it is the page in which the signed code ends, which may not be";
    return "the kernel does not say why";
}

std::string what_was_done(const LogEvent& event) {
    switch (event.action) {
        case LogAction::killing: return "it was killed: it used a page" + at_address(event) + " that is not what was signed";
        case LogAction::denying: return "it was denied a page" + at_address(event) + " that is not what was signed";
        case LogAction::allowing:
            return "it was given a page" + at_address(event) + " that is not what was signed, and no longer counts as signed";
        case LogAction::none: break;
    }
    return "it used a page" + at_address(event) + " that is not what was signed";
}

std::string rejected(const LogEvent& event) {
    std::string out = "a page of " + of_file(event);
    if (event.offset) out += " (offset " + hex(*event.offset) + ")";
    out += " was rejected";
    return event.page ? out + ": " + why_rejected(*event.page) : out;
}

std::string rejected_at_start(const LogEvent& event) {
    std::string out = "before it ran, its page";
    if (event.offset) out += " at offset " + hex(*event.offset);
    out += " was rejected";
    return event.page ? out + ": " + why_rejected(*event.page) : out;
}

std::string number_words(const LogEvent& event) {
    if (!event.number) return {};
    std::string out = " (error " + std::to_string(*event.number);
    const std::string_view known = number_name(event);
    if (!known.empty()) out.append(", ").append(known);
    return out + ")";
}

std::string load_words(const LogEvent& event) {
    constexpr std::array meanings = std::to_array<std::pair<std::int64_t, std::string_view>>({
        {2, "what the file says of its signature cannot be right"},
        {4, "its signature was not accepted"},
        {5, "there was no memory for its signature"},
        {9, "its signature could not be read"},
    });
    std::string out = of_file(event) + " was not loaded" + number_words(event);
    for (const auto& [number, meaning] : meanings)
        if (event.number == number) out.append(": ").append(meaning);
    return out;
}

std::string check_words(const LogEvent& event) {
    constexpr std::array meanings = std::to_array<std::pair<std::int64_t, std::string_view>>({
        {1, "the system's policy, or a constraint in it, does not allow it"},
        {22, "it is not where it should be"},
        {37, "another signature is attached to the file already"},
        {85, "its structure does not hold together, or it is not what its own hashes say"},
    });
    std::string out = "a signature was not accepted" + number_words(event);
    for (const auto& [number, meaning] : meanings)
        if (event.number == number) out.append(": ").append(meaning);
    return out;
}

std::string page_shift_words(const LogEvent& event) {
    std::string out = "a signature was not accepted: it is hashed in pages of a size that this system does not take";
    if (event.number && *event.number > 0 && *event.number < 63)
        out += " (" + std::to_string(std::uint64_t{1} << *event.number) + " bytes)";
    return out;
}

std::string crash_words(const LogEvent& event) {
    std::string out = "it ended";
    if (!event.exception.empty()) out += " by " + printable(event.exception);
    if (event.address) out += at_address(event);
    if (!event.termination) return out;
    const Termination& reason = *event.termination;
    out += "; reason: " + printable(reason.space);
    if (reason.code) out.append(" ").append(std::to_string(*reason.code));
    return reason.reason.empty() ? out : out + ", " + printable(reason.reason);
}

}  // namespace

bool is_about_signatures(const LogEvent& event) {
    if (event.kind != LogKind::crash) return true;
    if (event.exception.find("Code Signature Invalid") != std::string::npos) return true;
    return event.termination && (event.termination->space == "CODESIGNING" || event.termination->space == "EXEC");
}

bool tells_of_trouble(const LogEvent& event) {
    if (event.kind != LogKind::policy) return is_about_signatures(event);
    if (event.action != LogAction::none || logged_cause(event)) return true;
    constexpr std::string_view words[] = {"fail", "nvalid", "eject", "enied", "iolat", "not allow", "unsigned", "kill"};
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view word) { return event.message.find(word) != std::string::npos; });
}

std::string logged_sentence(const LogEvent& event) {
    switch (event.kind) {
        case LogKind::invalid_page: return what_was_done(event);
        case LogKind::rejected_page: return rejected(event);
        case LogKind::invalid_initial_page: return rejected_at_start(event);
        case LogKind::load_error: return load_words(event);
        case LogKind::check_signature: return check_words(event);
        case LogKind::page_shift: return page_shift_words(event);
        case LogKind::duplicate_directories: {
            const std::string_view hash = number_name(event);
            return "a signature was not accepted: it has two CodeDirectories of one hash type" +
                   (hash.empty() ? std::string() : " (" + std::string(hash) + ")");
        }
        case LogKind::security_blob:
            return "a signature was not accepted: a launch or library constraint in it is not what its own hashes say";
        case LogKind::revalidation:
            return "a file was opened for writing after the kernel had attached its signature, which does not count any more; "
                   "only a new file gets another one";
        case LogKind::attached_mismatch:
            return "a file has another signature than the one that the kernel has kept of it: it was overwritten in place";
        case LogKind::policy: return "the system's policy: " + printable(event.message);
        case LogKind::crash: return crash_words(event);
    }
    return {};
}

std::vector<std::string> status_words(std::uint32_t status) {
    constexpr std::array words = std::to_array<std::pair<std::uint32_t, std::string_view>>({
        {0x00000002, "signed ad hoc"},
        {0x00020000, "signed by a linker"},
        {0x00010000, "with the hardened runtime"},
        {0x00002000, "takes libraries of its own team only"},
        {0x04000000, "part of the system"},
        {0x00000100, "refuses pages that are not what was signed"},
        {0x00000200, "is killed for pages that are not what was signed"},
        {0x10000000, "was debugged"},
        {0x01000000, "was killed"},
    });
    std::vector<std::string> out;
    for (const auto& [bit, meaning] : words)
        if ((status & bit) != 0) out.emplace_back(meaning);
    return out;
}

std::string place_line(const Place& place) {
    std::string out = place.arch.empty() ? std::string("outside of every slice") : printable(place.arch);
    if (place.slot) out += ", page " + std::to_string(*place.slot);
    out += ", offset " + hex(place.offset);
    if (!place.segment.empty()) {
        out += ", " + printable(place.segment);
        if (!place.section.empty()) out.append(",").append(printable(place.section));
    }
    if (!place.slot) out += ": no hash covers it";
    else if (place.valid) out += *place.valid ? ": it is what was signed" : ": it is not what was signed";
    if (!place.text.empty()) out += "; there stands \"" + printable(place.text) + "\"";
    return out;
}

}  // namespace reseal::cli
