// SPDX-License-Identifier: BSL-1.0
#include "cli/unpack_summary.hpp"

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {
namespace {

void tell(const std::vector<Finding>& findings, bool quiet) {
    for (const Finding& each : findings)
        if (!quiet || each.severity == Severity::error) message(sentence(each));
}

}  // namespace

void tell(const package::Unpacked& done, bool quiet) {
    std::uint64_t moved = 0, resealed = 0, refused = 0;
    for (const package::MovedFile& each : done.files) {
        tell(each.what.findings, quiet);
        moved += each.what.changed && !each.what.refused ? 1 : 0;
        refused += each.what.refused ? 1 : 0;
        resealed += each.what.entry.status == EntryStatus::resealed ? 1 : 0;
    }
    tell(done.findings, quiet);
    if (done.refused) {
        message(counted(std::max<std::uint64_t>(refused, 1), "file") + " refused, nothing was unpacked");
        return;
    }
    if (quiet) return;
    std::string text = printable(done.destination) + ": " + counted(done.counts.files, "file") + ", " +
                       counted(done.counts.links, "link") + ", " + counted(done.counts.bytes, "byte") + "; ";
    text += counted(moved, "file") + " moved, " + std::to_string(resealed) + " resealed, " +
            std::to_string(done.files_read_again) + " read again\n";
    fs::OutputFile out("-");
    out.write(text);
    out.commit();
}

}  // namespace reseal::cli
