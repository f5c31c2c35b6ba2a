// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which file on this machine is the one that a log speaks of.
#include <map>
#include <reseal/log.hpp>
#include <span>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"

namespace reseal::cli {

/// The files that a command line names come first: by their names, or as the only one. Then what stands under the log's own
/// path, for it may have been written here.
class LoggedFiles {
public:
    /// Folders among `paths` stand for the files below them. What cannot be read is said, and makes status() `failed`.
    LoggedFiles(const std::vector<std::string>& paths, std::span<const LogEvent> events);

    /// Empty: it is not at hand. A regular file, when it was asked for.
    std::string find(const LogEvent& event) const;
    ExitStatus status() const { return status_; }

private:
    void add(const std::string& path);
    void add_file(const std::string& path);
    std::string named(const LogEvent& event) const;

    std::map<std::string, std::string> by_name_;  ///< the first path of each name
    std::string only_;                            ///< the only file that was named, of a log that names a single one
    ExitStatus status_ = complete;
};

/// What the event is about: the path's last name, else the process's.
std::string logged_name(const LogEvent& event);

}  // namespace reseal::cli
