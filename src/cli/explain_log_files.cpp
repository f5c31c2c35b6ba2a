// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log_files.hpp"

#include <reseal/error.hpp>
#include <set>

#include "cli/message.hpp"
#include "fs/path_parts.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t shortest_cut_name =
    15;  // the kernel's process names have at most 16 bytes in some lines, a NUL among them

bool is_regular(const std::string& path) {
    try {
        return fs::kind_of(path) == fs::Kind::regular;
    } catch (const Error&) {
        return false;  // a path out of a log: it need not be here
    }
}

}  // namespace

std::string logged_name(const LogEvent& event) { return event.path.empty() ? event.process : fs::name_of(event.path); }

LoggedFiles::LoggedFiles(const std::vector<std::string>& paths, std::span<const LogEvent> events) {
    for (const std::string& path : paths) {
        try {
            add(path);
        } catch (const Error& error) {
            message(error.what());
            status_ = failed;
        }
    }
    std::set<std::string> names;
    for (const LogEvent& event : events)
        if (!event.path.empty()) names.insert(event.path);
    if (by_name_.size() == 1 && names.size() <= 1) only_ = by_name_.begin()->second;
}

void LoggedFiles::add(const std::string& path) {
    const fs::Kind kind = fs::kind_of(path);
    if (kind == fs::Kind::regular) add_file(path);
    if (kind == fs::Kind::other) throw Error(ErrorCode::io, "neither a regular file nor a folder", path);
    if (kind != fs::Kind::folder) return;
    fs::Tree tree = fs::list_tree(path);
    for (const Error& error : tree.unreadable) {
        message(error.what());
        status_ = failed;
    }
    for (const std::string& file : tree.files) add_file(file);
}

void LoggedFiles::add_file(const std::string& path) { by_name_.try_emplace(fs::name_of(path), path); }

/// A path's name is whole. A process's may have lost its end.
std::string LoggedFiles::named(const LogEvent& event) const {
    const std::string wanted = logged_name(event);
    if (wanted.empty()) return {};
    const auto found = by_name_.lower_bound(wanted);
    if (found == by_name_.end()) return {};
    const bool may_be_cut = event.path.empty() && wanted.size() >= shortest_cut_name;
    return found->first == wanted || (may_be_cut && found->first.starts_with(wanted)) ? found->second : std::string();
}

std::string LoggedFiles::find(const LogEvent& event) const {
    if (const std::string file = named(event); !file.empty()) return file;
    if (!only_.empty()) return only_;
    const bool whole = event.path.starts_with('/') && !event.path_cut && event.path.find('\0') == std::string::npos;
    return whole && is_regular(event.path) ? event.path : std::string();
}

}  // namespace reseal::cli
