// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where --report says, for commands that write their report once, at the end: opened before their work begins, so that a report
// which cannot be written ends a command that has done nothing.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "fs/output_file.hpp"

namespace reseal::cli {

/// As a whole, or the file stays as it was.
class ReportFile {
public:
    /// None: nobody asked for one. Throws Error (ErrorCode::io).
    explicit ReportFile(const std::optional<std::string>& file);

    /// Once. Throws Error (ErrorCode::io).
    void write(const nlohmann::ordered_json& report);

private:
    std::optional<fs::OutputFile> out_;
};

}  // namespace reseal::cli
