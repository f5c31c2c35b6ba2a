// SPDX-License-Identifier: BSL-1.0
#pragma once
// A planned tree on its way into an archive: sorted, each file once, prefixes moved as it passes.
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "package/archive_writer.hpp"
#include "relocate/mtime.hpp"
#include "relocate/tree_effort.hpp"
#include "relocate/tree_plan.hpp"
#include "relocate/tree_relocation.hpp"

namespace reseal::cli {

struct PackedTree {
    std::string folder;
    std::map<std::string, std::string> texts;  ///< of files, by name, that go in with these bytes, be they there or not
    relocate::MtimePolicy mtime;
    std::optional<std::int64_t> latest;  ///< nothing is younger in the archive: $SOURCE_DATE_EPOCH
};

/// Everything below the folder that is a file, a link or a folder, as `plan` has it. Throws Error when something cannot be read
/// or is no longer what was planned, and when effort.stop was set; then the archive is of no use. Fills `done`.
void pack_tree(const PackedTree& tree, const relocate::TreePlan& plan, package::ArchiveWriter& out,
               relocate::TreeEffort& effort, relocate::TreeRelocation& done);

}  // namespace reseal::cli
