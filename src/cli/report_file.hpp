// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where --report says, for commands that write their report once, at the end: opened before their work begins, so that a report
// for which there is no place ends a command that has done nothing. What fails when it is written comes too late for that, and
// the message says so.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "fs/output_file.hpp"

namespace reseal::cli {

/// The report would take the place of a file that the command reads or makes. Throws UsageError, which calls that file `what`.
void must_not_replace(const std::optional<std::string>& report, const std::string& what, const std::string& file);
/// The same of all files in a folder.
void must_not_lie_in(const std::optional<std::string>& report, const std::string& what, const std::string& folder);

/// As a whole, or the file stays as it was.
class ReportFile {
public:
    /// None: nobody asked for one. Throws Error (ErrorCode::io).
    explicit ReportFile(const std::optional<std::string>& file);

    /// Once. Throws Error (ErrorCode::io), which says whether all else is done.
    void write(const nlohmann::ordered_json& report, bool done);

private:
    std::optional<fs::OutputFile> out_;
};

}  // namespace reseal::cli
