// SPDX-License-Identifier: BSL-1.0
#include "cli/prefix_items.hpp"

#include <reseal/error.hpp>

#include "cli/left_out.hpp"
#include "fs/entries.hpp"
#include "fs/file_source.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/platform.hpp"

namespace reseal::cli {
namespace {

// A file that needs more is read twice: where so much changes, little is saved.
constexpr std::size_t max_patch = std::size_t{1} << 20;

/// Of the first program or library, in the order of the listing; one that cannot be read will be told of by who has to read it.
std::optional<Platform> platform_of_programs(const std::vector<fs::DiskEntry>& entries) {
    for (const fs::DiskEntry& each : entries) {
        if (each.type != fs::DiskEntry::Type::regular || each.size < relocate::FileKind::head_size) continue;
        char head[relocate::FileKind::head_size];
        try {
            const fs::FileSource file = fs::FileSource::open(each.path);
            const std::size_t got = file.read_at(0, head, sizeof head);
            if (const auto platform = relocate::platform_of_magic({head, got})) return platform;
        } catch (const Error&) {
            continue;
        }
    }
    return {};
}

class Collector {
public:
    Collector(PrefixSearch search, const RelocateOptions& options, std::optional<Platform> platform)
        : search_(std::move(search)), options_(options), file_(options.file(platform)) {
        file_.patch_limit = max_patch;
    }

    void look(const fs::DiskEntry& entry) {
        const auto named = search_.named.find(entry.name);
        const bool is_named = named != search_.named.end();
        if (std::optional<relocate::TreeItem> item = remembered(entry)) add(std::move(*item));
        else if (entry.type == fs::DiskEntry::Type::symlink) add(entry, search_.links, FileMode::unknown);
        else if (is_named) add(entry, named->second.prefixes, named->second.mode, named->second.digested);
        else if (search_.rest && !left_out(entry.name, search_.left)) add(entry, *search_.rest, FileMode::unknown);
        if (is_named) search_.named.erase(named);
    }

    PrefixItems finish() {
        for (const auto& [name, file] : search_.named) miss(name);
        if (search_.remembered != nullptr)
            for (const std::string& name : search_.remembered->missing())
                if (!search_.named.contains(name)) miss(name);
        return std::move(out_);
    }

private:
    std::optional<relocate::TreeItem> remembered(const fs::DiskEntry& entry) {
        if (search_.remembered == nullptr) return {};
        return search_.remembered->item(entry, named(entry, FileMode::unknown));
    }
    /// `digested`: then the digest before is what metadata and file know each other by; else hashing once is enough.
    FileOptions named(const fs::DiskEntry& entry, FileMode mode, bool digested = true) const {
        FileOptions options = file_;
        options.digest_before = digested;
        options.mode = mode;
        options.name = entry.path;
        return options;
    }
    void add(relocate::TreeItem item) {
        if (options_.wanted(item.entry.name)) out_.items.push_back(std::move(item));
    }
    void add(const fs::DiskEntry& entry, const Prefixes& prefixes, FileMode mode, bool digested = true) {
        add({entry, prefixes, named(entry, mode, digested)});
    }
    void miss(const std::string& name) {
        if (!options_.wanted(name)) return;
        out_.findings.push_back({Severity::note, search_.folder + "/" + name, 0, Code::file_missing,
                                 "metadata names it, and it is not there, or behind a link"});
    }

    PrefixSearch search_;
    const RelocateOptions& options_;
    FileOptions file_;
    PrefixItems out_;
};

}  // namespace

PrefixItems prefix_items(const std::vector<std::string>& paths, PrefixSearch search, const RelocateOptions& options,
                         std::optional<Platform> platform) {
    const fs::DiskEntries listed = fs::list_entries(paths);
    if (!listed.unreadable.empty()) throw listed.unreadable.front();
    if (!options.dry_run)
        for (const std::string& each : listed.abandoned) fs::remove_abandoned(each);
    if (!platform && !options.platform) platform = platform_of_programs(listed.entries);
    Collector collector(std::move(search), options, platform);
    for (const fs::DiskEntry& entry : listed.entries) collector.look(entry);
    return collector.finish();
}

}  // namespace reseal::cli
