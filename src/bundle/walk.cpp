// SPDX-License-Identifier: BSL-1.0
#include "bundle/walk.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <reseal/error.hpp>

#include "bundle/shape.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"

namespace reseal::bundle {
namespace {

class Walker {
public:
    Walker(std::string base, const CodeResources& resources) : base_(std::move(base)), resources_(resources) {}

    void folder(fs::OpenFolder& open, const std::string& prefix, std::size_t depth) {
        std::vector<fs::OpenFolder::Entry> entries;
        try {
            entries = open.entries(prefix);
        } catch (const Error&) {
            walked_.unreadable.emplace_back(prefix, "cannot be listed");
        }
        for (const fs::OpenFolder::Entry& entry : entries) {
            if (!walked_.fault.empty()) return;
            this->entry(open.descriptor(), entry.name, prefix.empty() ? entry.name : prefix + "/" + entry.name, depth);
        }
    }

    Walked finish() {
        std::sort(walked_.bundles.begin(), walked_.bundles.end());
        std::sort(walked_.found.begin(), walked_.found.end(), [](const Found& a, const Found& b) { return a.name < b.name; });
        return std::move(walked_);
    }

    void unreadable(const std::string& name, int error) {
        walked_.unreadable.emplace_back(name, "cannot be opened: " + std::generic_category().message(error));
    }

private:
    void entry(int at, const std::string& last, const std::string& name, std::size_t depth) {
        if (resources_.rules.excludes(name)) return;
        struct stat status{};
        if (::fstatat(at, last.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return unreadable(name, errno);
        const ResourceRule* rule = resources_.rules.find(name, scratch_);
        if (scratch_.steps > max_pattern_steps) {
            walked_.fault = "its rules take too long to follow";
            return;
        }
        const auto listed = resources_.files.find(name);
        const bool is_listed = listed != resources_.files.end();
        if (S_ISDIR(status.st_mode)) {
            const bool nested = rule && rule->nested && last.find('.') != std::string::npos;
            if (nested || (is_listed && listed->second.nested())) return add(name, Found::Kind::code, 0);
            return enter(at, last, name, depth + 1);
        }
        // Where rules could not be followed, what they do not ask for may be asked for all the same.
        if (!is_listed && (!rule || rule->omit || !resources_.rules.faults().empty())) return;
        if (S_ISREG(status.st_mode)) add(name, Found::Kind::file, static_cast<std::uint64_t>(status.st_size));
        else add(name, S_ISLNK(status.st_mode) ? Found::Kind::link : Found::Kind::other, 0);
    }

    void enter(int at, const std::string& last, const std::string& name, std::size_t depth) {
        if (depth > max_bundle_depth) {
            walked_.fault = "more than " + std::to_string(max_bundle_depth) + " folders within folders";
            return;
        }
        fs::OpenFolder open(at, last.c_str());
        if (!open) return unreadable(name, errno);
        if (shape_of(base_ + "/" + name)) walked_.bundles.push_back(name);
        folder(open, name, depth);
    }

    void add(const std::string& name, Found::Kind kind, std::uint64_t size) {
        if (walked_.found.size() == max_bundle_entries)
            walked_.fault = "more than " + std::to_string(max_bundle_entries) + " files";
        else walked_.found.push_back({name, kind, size});
    }

    const std::string base_;  // its path
    const CodeResources& resources_;
    PatternScratch scratch_;
    Walked walked_;
};

}  // namespace

Walked walk_resources(const Inside& top, const std::string& base, const CodeResources& resources) {
    Walker walker(top.path(base), resources);
    fs::OpenFolder open = top.open_folder(base);
    if (open) walker.folder(open, "", 0);
    else walker.unreadable("", errno);
    return walker.finish();
}

}  // namespace reseal::bundle
