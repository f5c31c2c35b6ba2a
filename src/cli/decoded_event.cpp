// SPDX-License-Identifier: BSL-1.0
#include "cli/decoded_event.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace reseal::cli {
namespace {

/// The kernel cuts names at two lengths; some lines have none.
bool may_be_one_name(const std::string& a, const std::string& b) { return a.starts_with(b) || b.starts_with(a); }

/// A file's inode is meant, which the log does not say: the lines stand beside those of the process that asked for it.
bool tells_of_overwriting(LogKind kind) { return kind == LogKind::revalidation || kind == LogKind::attached_mismatch; }

}  // namespace

std::vector<LoggedProcess> by_process(std::vector<DecodedEvent> events) {
    std::vector<LoggedProcess> processes;
    std::vector<DecodedEvent> others;
    std::multimap<std::int64_t, std::size_t> of_pid;
    for (DecodedEvent& each : events) {
        if (!each.event.pid) {
            others.push_back(std::move(each));
            continue;
        }
        const auto [first, last] = of_pid.equal_range(*each.event.pid);
        const auto found = std::find_if(
            first, last, [&](const auto& entry) { return may_be_one_name(processes[entry.second].name, each.event.process); });
        std::size_t index = processes.size();
        if (found != last) {
            index = found->second;
        } else {
            of_pid.emplace(*each.event.pid, index);
            processes.push_back({{}, each.event.pid, {}});
        }
        LoggedProcess& process = processes[index];
        if (each.event.process.size() > process.name.size()) process.name = each.event.process;
        process.events.push_back(std::move(each));
    }
    if (!others.empty()) processes.push_back({{}, {}, std::move(others)});
    return processes;
}

Modification modification_of(const std::vector<DecodedEvent>& events, const std::string& file) {
    Modification told = Modification::untold;
    for (const DecodedEvent& each : events) {
        if (each.file != file) continue;
        const Modification one = tells_of_overwriting(each.event.kind) ? Modification::in_place : modification(each.event);
        told = std::max(told, one);
    }
    return told;
}

}  // namespace reseal::cli
