// SPDX-License-Identifier: BSL-1.0
#include "cli/message.hpp"

#include <cstdio>

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

/// Such a finding is about a file, and no place in it.
bool is_about_all(Code code) {
    switch (code) {
        case Code::file_missing:
        case Code::digest_differs:
        case Code::shebang_changed_form:
        case Code::bundle_seal_stale:
        case Code::case_collision:
        case Code::link_script:
        case Code::option_unused:
        case Code::platform_mixed:
        case Code::external_link: return true;
        default: return false;
    }
}

}  // namespace

void message(std::string_view text) {
    std::string line = "reseal: " + printable(text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string sentence(const Finding& finding) {
    std::string out = finding.severity == Severity::note ? "note: " : "";
    if (!finding.entry.empty()) out += finding.entry + ": ";
    out += finding.what;
    return is_about_all(finding.code) ? out : out + " (offset " + std::to_string(finding.offset) + ")";
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace reseal::cli
