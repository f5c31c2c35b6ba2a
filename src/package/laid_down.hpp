// SPDX-License-Identifier: BSL-1.0
#pragma once
// All that archives hold, in a staging folder: files by many threads while the archive is read, links when every file is there.
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <reseal/finding.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "package/archive_reader.hpp"
#include "package/crew.hpp"
#include "package/external_links.hpp"
#include "package/names.hpp"
#include "package/staging.hpp"

namespace reseal::package {

struct Counts {
    std::uint64_t files = 0, folders = 0, links = 0;
    std::uint64_t bytes = 0;  ///< of files
};

/// Begins the names of folders in the tree that will be no part of it, since they are forgotten: no archive has such names.
inline constexpr std::string_view aside_mark = ".reseal-info-";

class LaidDown {
public:
    /// What a name of an archive is in the tree; none: as it is.
    using Rename = std::function<std::string(const std::string&)>;

    /// `work`: what a thread does with a file. `advance` is told how many bytes came.
    LaidDown(Staging& staging, unsigned jobs, Crew::Work work, std::function<void(std::uint64_t)> advance);

    /// Everything that comes out of `archive`. Throws Error.
    void add(ArchiveReader& archive, const Rename& rename);
    /// A file that no archive holds, below `archive`, whose it is. Throws Error.
    void add(const Entry& entry, const std::string& archive);
    /// Until every file so far is on the disk.
    void wait() { crew_.wait(); }

    const Names& names() const { return names_; }
    /// Symbolic links to be made, by path.
    Links& links() { return links_; }
    /// New and existing name of each hard link to be made.
    const std::vector<std::pair<std::string, std::string>>& hard_links() const { return hard_links_; }
    /// The name under which the bytes of a file are on the disk: for a hard link that of the first.
    std::string file_of(const std::string& path) const;

    /// What was laid down below a folder in the tree itself, which is no part of it: no link will be made there.
    /// Throws Error for a hard link elsewhere to a file of it.
    void forget(const std::string& folder);
    /// Makes the links. Throws Error.
    void finish();

    /// Of what came out of archives, without what was forgotten.
    Counts counts() const;
    const std::vector<Finding>& findings() const { return findings_; }

private:
    void register_name(const Entry& entry, const std::string& archive);
    void add(const Entry& entry, ArchiveReader& archive);
    void contents(const Entry& entry, ArchiveReader& archive);
    Counts& counts_of(const std::string& path) { return counts_[path.substr(0, path.find('/'))]; }
    void note(Code code, const std::string& path, std::string what);

    Staging& staging_;
    Names names_;
    Crew crew_;
    std::function<void(std::uint64_t)> advance_;
    std::size_t number_ = 0;
    std::map<std::string, Counts> counts_;  // of each name at the top: what is forgotten is such a one
    Links links_;
    std::vector<Entry> symlinks_;
    std::vector<std::pair<std::string, std::string>> hard_links_;  // new and existing name
    std::unordered_map<std::string, std::string> first_names_;     // of these
    std::vector<Finding> findings_;
};

}  // namespace reseal::package
