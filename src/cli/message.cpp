// SPDX-License-Identifier: BSL-1.0
#include "cli/message.hpp"

#include <cstdio>

#include "bytes/byte_string.hpp"

namespace reseal::cli {

void message(std::string_view text) {
    std::string line = "reseal: " + printable(text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string sentence(const Finding& finding) {
    std::string out = finding.severity == Severity::note ? "note: " : "";
    if (!finding.entry.empty()) out += finding.entry + ": ";
    return out + finding.what + " (offset " + std::to_string(finding.offset) + ")";
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace reseal::cli
