// SPDX-License-Identifier: BSL-1.0
#include "cli/rewrite_map.hpp"

#include <reseal/page_map.hpp>

#include "cli/page_map_svg.hpp"
#include "fs/file_source.hpp"

namespace reseal::cli {
namespace {

/// The whole map of a plain file; empty for what is none, or was compressed.
PageMap map_of_output(const RewriteArguments& a, const Report& report) {
    if (report.format == Format::nar || report.format == Format::tar || report.entries.empty()) return {};
    const std::vector<ByteRange> touched = touched_ranges(report.entries.front());
    return page_map(fs::FileSource::open(a.out), touched);
}

}  // namespace

std::string rewrite_map(const RewriteArguments& a, const Report& report, bool on_disk) {
    PageMap map;
    if (on_disk) map = map_of_output(a, report);
    if (map.empty()) map = page_map(report);
    const std::string& name = a.out == "-" || a.dry_run ? a.in : a.out;
    return page_map_svg(name == "-" ? "standard input" : name, map);
}

}  // namespace reseal::cli
