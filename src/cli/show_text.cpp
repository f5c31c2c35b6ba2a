// SPDX-License-Identifier: BSL-1.0
#include "cli/show_text.hpp"

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "bytes/hex.hpp"
#include "bytes/iso_date.hpp"
#include "bytes/joined.hpp"
#include "cli/cut_text.hpp"
#include "cli/message.hpp"
#include "cli/page_map_text.hpp"
#include "macho/hex.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t label_width = 14;
constexpr std::size_t most_xml_lines = 400, most_claims_shown = 400, longest_shown = 2000;

/// Adds lines of `label  value`, further in by `depth`.
class ShownLines {
public:
    void line(const std::string& text, std::size_t depth = 1) { text_ += std::string(2 * depth, ' ') + text + "\n"; }
    void field(std::string label, const std::string& value, std::size_t depth = 1) {
        label.resize(std::max(label_width, label.size() + 1), ' ');
        line(label + value, depth);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string kind_text(const ImageView& image) {
    switch (image.kind) {
        case SignatureKind::none: return "none";
        case SignatureKind::adhoc: return "ad-hoc";
        case SignatureKind::linker_signed: return "ad-hoc, by a linker";
        case SignatureKind::cms: return "with a certificate (CMS)";
    }
    return {};
}

std::string flags_text(std::uint64_t flags, const std::vector<std::string>& names) {
    return macho::hex(flags) + (names.empty() ? "" : " (" + joined(names) + ")");
}

std::string hash_text(const CodeDirectoryView& directory) {
    return directory.hash.empty() ? "hash type " + std::to_string(directory.hash_type) : directory.hash;
}

/// Fit for a terminal, and no longer than a person reads.
std::string shown_text(std::string_view text) { return cut_text(text, longest_shown); }

std::string or_none(const std::string& text) { return text.empty() ? "none" : shown_text(text); }

void show_slots(ShownLines& lines, const CodeDirectoryView& directory) {
    for (std::uint64_t slot = 0; slot < directory.code_slots; ++slot) {
        const std::string_view digest = directory.code_digest(slot);
        if (digest.empty()) return;
        lines.field(std::to_string(slot), to_hex(digest), 3);
    }
}

void show_directory(ShownLines& lines, const CodeDirectoryView& directory, bool slots) {
    lines.field("CodeDirectory", hash_text(directory) + ", version " + macho::hex(directory.version) + ", slot " +
                                     macho::hex(directory.slot) + (directory.chosen ? ", the kernel's choice" : ""));
    if (!directory.fault.empty()) lines.field("damaged", shown_text(directory.fault), 2);
    lines.field("cdhash", directory.cdhash.empty() ? "this build cannot compute it" : directory.cdhash, 2);
    lines.field("identifier", or_none(directory.identifier), 2);
    lines.field("team", or_none(directory.team), 2);
    lines.field("flags", flags_text(directory.flags, directory.flag_names), 2);
    if (directory.platform != 0) lines.field("platform", std::to_string(directory.platform), 2);
    lines.field("pages",
                std::to_string(directory.code_slots) + " of " +
                    (directory.page_size == 0 ? std::string("no known size") : std::to_string(directory.page_size) + " bytes") +
                    ", up to " + std::to_string(directory.code_limit) + (directory.scatter ? ", scattered" : ""),
                2);
    if (const std::optional<ExecSegmentView>& segment = directory.exec_segment)
        lines.field("exec segment",
                    std::to_string(segment->limit) + " bytes at " + std::to_string(segment->base) + ", flags " +
                        flags_text(segment->flags, segment->flag_names),
                    2);
    if (!directory.runtime.empty()) lines.field("runtime", directory.runtime, 2);
    if (directory.pre_encrypt) lines.field("encryption", "with the hashes of pages before they are encrypted", 2);
    if (const std::optional<LinkageView>& linkage = directory.linkage)
        lines.field("linkage",
                    std::to_string(linkage->size) + " bytes at " + std::to_string(linkage->offset) + ", application type " +
                        std::to_string(linkage->application_type) + "." + std::to_string(linkage->application_subtype),
                    2);
    lines.field("special slots", std::to_string(directory.special_slots), 2);
    for (const SpecialSlotView& special : directory.specials)
        lines.field(std::to_string(special.slot),
                    (special.digest.empty() ? std::string("no hash") : special.digest) + "  " +
                        (special.name.empty() ? "" : special.name + ": ") +
                        (special.state == SlotState::unchecked ? "not in this file" : std::string(name(special.state))),
                    3);
    if (slots) show_slots(lines, directory);
}

void show_claims(ShownLines& lines, const std::vector<Claim>& claims) {
    for (std::size_t i = 0; i < std::min(claims.size(), most_claims_shown); ++i)
        lines.line(shown_text(claims[i].key) + " = " + shown_text(claims[i].value) +
                       (claims[i].restricted ? "   (takes a provisioning profile)" : ""),
                   2);
    if (claims.size() > most_claims_shown)
        lines.line("… and " + std::to_string(claims.size() - most_claims_shown) + " more", 2);
}

void show_xml(ShownLines& lines, std::string_view xml) {
    for (std::size_t count = 0; !xml.empty(); ++count) {
        if (count == most_xml_lines) return lines.line("…", 2);
        const std::size_t end = xml.find('\n');
        std::string line(xml.substr(0, end));
        for (std::size_t tab = line.find('\t'); tab != line.npos; tab = line.find('\t')) line.replace(tab, 1, "    ");
        if (line.ends_with('\r')) line.pop_back();
        lines.line(shown_text(line), 2);
        xml.remove_prefix(end == xml.npos ? xml.size() : end + 1);
    }
}

void show_entitlements(ShownLines& lines, const EntitlementsView& entitlements) {
    if (entitlements.has_der) {
        lines.line("entitlements in DER, which the kernel goes by");
        if (!entitlements.der_fault.empty()) lines.field("damaged", shown_text(entitlements.der_fault), 2);
        show_claims(lines, entitlements.der);
    }
    if (!entitlements.has_xml) return;
    if (entitlements.xml.starts_with("bplist")) {
        lines.line(std::string("entitlements as a binary property list") + (entitlements.differ ? ", which are others" : ""));
        if (!entitlements.xml_fault.empty()) lines.field("unread", shown_text(entitlements.xml_fault), 2);
        return show_claims(lines, entitlements.claims);
    }
    lines.line(std::string("entitlements in XML") + (entitlements.differ ? ", which are others" : ""));
    if (!entitlements.xml_fault.empty()) lines.field("unread", shown_text(entitlements.xml_fault), 2);
    show_xml(lines, entitlements.xml);
}

std::string certificate_text(const CertificateView& certificate) {
    return shown_text(certificate.common_name) + ", " + iso_date(certificate.not_before).substr(0, 10) + " to " +
           iso_date(certificate.not_after).substr(0, 10);
}

void show_cms(ShownLines& lines, const CmsView& cms) {
    if (!cms.present) return;
    if (!cms.fault.empty()) return lines.field("signer", "unread: " + shown_text(cms.fault));
    if (!cms.has_signer) lines.field("signer", "whose certificate is not there");
    for (std::size_t i = 0; i < cms.chain.size(); ++i)
        lines.field(i > 0 || !cms.has_signer ? "" : "signer", certificate_text(cms.chain[i]));
    if (cms.signing_time) lines.field("signed", iso_date(*cms.signing_time) + ", as the signer says", 2);
    if (cms.timestamp) lines.field("timestamp", iso_date(*cms.timestamp), 2);
    if (!cms.digest.empty()) lines.field("digest", cms.digest_hash + " " + cms.digest, 2);
    for (const std::string& cdhash : cms.cdhashes) lines.field("cdhash", cdhash, 2);
    if (!cms.attributes_hold) lines.field("broken", "its key did not sign what is said here", 2);
    lines.field("bound",
                cms.bound ? "yes: the primary CodeDirectory is the one that was signed"
                          : "no: the primary CodeDirectory is not the one that was signed",
                2);
    for (std::uint32_t slot : cms.unlisted) lines.field("unlisted", "the CodeDirectory in slot " + macho::hex(slot), 2);
}

void show_blobs(ShownLines& lines, const ImageView& image) {
    if (image.blobs.empty()) return;
    lines.line("blobs");
    for (const BlobView& blob : image.blobs)
        lines.field(macho::hex(blob.slot),
                    (blob.name.empty() ? macho::hex(blob.magic) : blob.name) + ", " + std::to_string(blob.size) + " bytes at " +
                        std::to_string(blob.offset) + (blob.fault.empty() ? "" : ": " + shown_text(blob.fault)),
                    2);
}

void show_verdict(ShownLines& lines, const ImageVerdict& verdict) {
    lines.field("verdict", std::string(name(verdict.verdict)));
    for (const Problem& problem : verdict.problems)
        lines.field(std::string(name(problem.layer)),
                    shown_text(problem.what) + " (offset " + std::to_string(problem.offset) + ")", 2);
    for (const Problem& note : verdict.notes)
        lines.field("note", shown_text(note.what) + " (offset " + std::to_string(note.offset) + ")", 2);
}

}  // namespace

std::string show_text(const std::string& path, const ShownImage& shown, bool slots, const Terminal& terminal) {
    const ImageView& image = shown.view;
    ShownLines lines;
    lines.line(printable(path) + ": " + shown_text(image.arch) + (image.file_type.empty() ? "" : " " + image.file_type) + ", " +
                   std::to_string(image.size) + " bytes" + (image.offset == 0 ? "" : " at " + std::to_string(image.offset)),
               0);
    lines.field("signature", kind_text(image) + (image.kind == SignatureKind::none
                                                     ? ""
                                                     : ", " + std::to_string(image.signature_size) + " bytes at " +
                                                           std::to_string(image.signature_offset)));
    show_verdict(lines, shown.verdict);
    for (const std::string& fault : image.faults) lines.field("damaged", shown_text(fault));
    for (const CodeDirectoryView& directory : image.codedirectories) show_directory(lines, directory, slots);
    if (!image.requirements.empty()) lines.line("requirements");
    if (!image.requirements_fault.empty()) lines.field("requirements", "damaged: " + shown_text(image.requirements_fault));
    for (const std::string& each : image.requirements) lines.line(shown_text(each), 2);
    show_entitlements(lines, image.entitlements);
    for (const ConstraintView& constraint : image.constraints) {
        lines.line(constraint.name);
        if (!constraint.fault.empty()) lines.field("damaged", shown_text(constraint.fault), 2);
        show_claims(lines, constraint.claims);
    }
    show_cms(lines, image.cms);
    show_blobs(lines, image);
    return lines.take() + page_map_text(shown.map, terminal);
}

}  // namespace reseal::cli
