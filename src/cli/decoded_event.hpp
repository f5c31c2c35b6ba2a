// SPDX-License-Identifier: BSL-1.0
#pragma once
// An event of a log together with the file that it is about.
#include <cstddef>
#include <reseal/log.hpp>
#include <reseal/place.hpp>
#include <string>
#include <vector>

namespace reseal::cli {

struct DecodedEvent {
    LogEvent event;
    std::string file;           ///< at hand here; "": not
    std::vector<Place> places;  ///< of the page in it
};

/// What the log tells of one process.
struct LoggedProcess {
    std::string name;                  ///< "": of no process
    std::optional<std::int64_t> pid;   ///< none: the log does not say it
    std::vector<DecodedEvent> events;  ///< in their order
};

/// Lines about one process come from several places in the kernel: by pid they belong together, in the order of the first ones.
/// What names no process stands at the end.
std::vector<LoggedProcess> by_process(std::vector<DecodedEvent> events);

/// What all that is told of a file says about when it was modified.
Modification modification_of(const std::vector<DecodedEvent>& events, const std::string& file);

}  // namespace reseal::cli
