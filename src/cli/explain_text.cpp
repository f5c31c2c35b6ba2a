// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_text.hpp"

#include <string_view>

#include "bytes/byte_string.hpp"
#include "cli/cut_text.hpp"
#include "cli/message.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t longest_text = 120;       // characters of what stands in the file
constexpr std::size_t longest_sentence = 1000;  // one may name things out of the file

std::string place_text(const Evidence& evidence) {
    std::string out = "at offset " + std::to_string(evidence.offset);
    if (evidence.segment.empty()) return out;
    out += ", " + printable(evidence.segment);
    if (!evidence.section.empty()) out += "," + printable(evidence.section);
    return out;
}

std::string quoted_text(const std::string& text) { return "\"" + cut_text(text, longest_text) + "\""; }

// What the file as a whole says, or what lies around it, has no place in it.
bool has_place(const Evidence& evidence) { return evidence.offset != 0 || evidence.slot; }

std::string evidence_text(const Evidence& evidence) {
    std::string out = "  " + cut_text(evidence.what, longest_sentence);
    if (!evidence.text.empty()) out += ": " + quoted_text(evidence.text);
    if (has_place(evidence)) out += " (" + place_text(evidence) + ")";
    return out + "\n";
}

std::string indented(std::string_view lines) {
    std::string out;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        out.append("    ").append(printable(lines.substr(0, end))).append("\n");
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return out;
}

std::string reference_text(const std::string& reference) {
    return (reference.starts_with("TN") ? "Apple technote " : "") + printable(reference);
}

bool is_remark(const Cause& cause) { return cause.note && cause.code != CauseCode::nothing_found; }

}  // namespace

std::string explain_text(const std::string& path, const Cause& cause) {
    std::string out =
        printable(path) + (is_remark(cause) ? ": note: " : ": ") + cut_text(cause.verdict, longest_sentence) + "\n";
    for (const Evidence& evidence : cause.evidence) out += evidence_text(evidence);
    if (cause.more > 0) out += "  … and " + std::to_string(cause.more) + " more\n";
    if (!cause.note && cause.certainty != Certainty::certain)
        out.append("  how sure: ").append(name(cause.certainty)).append("\n");
    if (!cause.remedy.empty())
        out += (cause.code == CauseCode::nothing_found ? "  if a Mac kills it all the same:\n" : "  remedy:\n") +
               indented(cause.remedy);
    if (!cause.reference.empty()) out += "  see: " + reference_text(cause.reference) + "\n";
    return out;
}

std::string explain_text(const std::string& path, const Explanation& explanation) {
    std::string out;
    for (const Cause& cause : explanation.causes) out += explain_text(path, cause);
    return out;
}

}  // namespace reseal::cli
