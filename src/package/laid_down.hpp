// SPDX-License-Identifier: BSL-1.0
#pragma once
// All that archives hold, in a staging folder: files by many threads while the archive is read, links when every file is there.
#include <atomic>
#include <cstdint>
#include <functional>
#include <reseal/finding.hpp>
#include <string>
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

class LaidDown {
public:
    /// `work`: what a thread does with a file.
    LaidDown(Staging& staging, unsigned jobs, Crew::Work work);

    /// Everything that comes out of `archive`, names with `below` in front of them (a folder with its slash, or nothing).
    /// Throws Error.
    void add(ArchiveReader& archive, const std::string& below);
    /// Until every file so far is on the disk.
    void wait() { crew_.wait(); }

    const Names& names() const { return names_; }
    /// Links to be made, by path.
    Links& links() { return links_; }

    /// Makes the links. Throws Error.
    void finish();

    const Counts& counts() const { return counts_; }
    const std::vector<Finding>& findings() const { return findings_; }

private:
    void add(const Entry& entry, ArchiveReader& archive);
    void contents(const Entry& entry, ArchiveReader& archive);
    void note(Code code, const std::string& path, std::string what);

    Staging& staging_;
    Names names_;
    Crew crew_;
    std::size_t number_ = 0;
    Counts counts_;
    Links links_;
    std::vector<Entry> symlinks_, hard_links_;
    std::vector<Finding> findings_;
};

}  // namespace reseal::package
