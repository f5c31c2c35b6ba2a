// SPDX-License-Identifier: BSL-1.0
#include "cli/packed_tree.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <utility>

#include "fs/entries.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/path_parts.hpp"
#include "fs/replaced_link.hpp"
#include "relocate/source_chunks.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::cli {
namespace {

/// A folder, or with `entry` or `text` what is none.
struct Item {
    std::string name;
    std::string path;
    const fs::DiskEntry* entry = nullptr;
    const std::string* text = nullptr;
};

class Packing {
public:
    Packing(const PackedTree& tree, const relocate::TreePlan& plan, package::ArchiveWriter& out, relocate::TreeRelocation& done)
        : tree_(tree), plan_(plan), out_(out), done_(done) {
        done_.files.assign(plan.changed.size(), {});
        for (std::size_t i = 0; i < plan.changed.size(); ++i) {
            changed_[plan.changed[i].entry.path] = i;
            for (const std::string& name : plan.changed[i].names) changed_[name] = i;
        }
        for (const relocate::PlannedLink& link : plan.links) links_[link.entry.path] = &link;
    }

    void add(const Item& item) {
        if (item.text != nullptr) text(item);
        else if (item.entry == nullptr) folder(item);
        else if (item.entry->type == fs::DiskEntry::Type::symlink) link(item);
        else file(item);
    }

private:
    std::int64_t time(const timespec& modified) const {
        const auto seconds = static_cast<std::int64_t>(modified.tv_sec);
        return tree_.latest ? std::min(seconds, *tree_.latest) : seconds;
    }

    struct stat status_of(const std::string& path) const {
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0) throw fs::io_error(path, "look at");
        return status;
    }

    void folder(const Item& item) {
        const struct stat status = status_of(item.path);
        out_.folder({item.name, status.st_mode & 0777U, time(fs::modified(status))});
    }

    /// What is not there yet is as old as the folder that it comes to.
    void text(const Item& item) {
        struct stat status{};
        timespec when{};
        unsigned mode = 0644;
        if (::lstat(item.path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
            when = relocate::time_of_patched(tree_.mtime, fs::modified(status));
            mode = status.st_mode & 0777U;
        } else {
            if (::stat(fs::folder_of(item.path).c_str(), &status) != 0) status = status_of(tree_.folder);
            when = fs::modified(status);
        }
        out_.file({item.name, mode, time(when)}, item.text->size());
        out_.write(*item.text);
    }

    void link(const Item& item) {
        const std::string target = fs::read_link(item.path);
        const auto planned = links_.find(item.path);
        if (planned != links_.end() && planned->second->before != target)
            throw Error(ErrorCode::io, "has changed since it was looked at", item.path);
        out_.symlink({item.name, 0777, time(item.entry->modified)}, planned == links_.end() ? target : planned->second->after);
        if (planned != links_.end()) ++done_.links_done;
    }

    void file(const Item& item) {
        const auto found = changed_.find(item.path);
        const std::size_t planned = found == changed_.end() ? plan_.changed.size() : found->second;
        const std::optional<relocate::TreeFile> open = relocate::TreeFile::open(*item.entry);
        if (!open || !open->is(*item.entry)) throw Error(ErrorCode::io, "has changed since it was looked at", item.path);
        const bool changes = planned < plan_.changed.size();
        const timespec own = item.entry->modified;
        const timespec when = changes ? relocate::time_of_patched(tree_.mtime, own) : own;
        const package::ArchiveWriter::Head head{item.name, status_of(item.path).st_mode & 0777U, time(when)};
        if (item.entry->links > 1 && out_.has_hard_links()) {
            // Two names of one file that are treated differently become two files.
            const auto [earlier, first] = written_.try_emplace({item.entry->id, planned}, item.name);
            if (!first) {
                ++done_.relinked;
                return out_.hard_link(head, earlier->second);
            }
        }
        if (!changes) {
            out_.file(head, open->source().size());
            relocate::SourceChunks chunks(open->source(), item.path);
            for (std::string_view chunk; chunks.next(chunk);) out_.write(chunk);
            return;
        }
        out_.file(head, plan_.changed[planned].plan.result.size_after);
        std::optional<FileRelocation> result = write_planned(open->source(), plan_.changed[planned], out_);
        if (!result || result->refused || !open->is(*item.entry))
            throw Error(ErrorCode::io, "changed while it was read", item.path);
        if (!done_.files[planned]) ++done_.files_done;
        done_.bytes_written += result->size_after;
        done_.files[planned] = std::move(result);
    }

    const PackedTree& tree_;
    const relocate::TreePlan& plan_;
    package::ArchiveWriter& out_;
    relocate::TreeRelocation& done_;
    std::map<std::string, std::size_t> changed_;  // path to index
    std::map<std::string, const relocate::PlannedLink*> links_;
    std::map<std::pair<fs::FileId, std::size_t>, std::string> written_;  // to the name in the archive
};

}  // namespace

void pack_tree(const PackedTree& tree, const relocate::TreePlan& plan, package::ArchiveWriter& out,
               relocate::TreeEffort& effort, relocate::TreeRelocation& done) {
    const fs::DiskEntries listed = fs::list_entries({tree.folder});
    if (!listed.unreadable.empty()) throw listed.unreadable.front();
    std::vector<Item> items;
    std::uint64_t bytes = 0;
    for (const fs::DiskEntry& entry : listed.entries) {
        if (tree.texts.contains(entry.name)) continue;
        items.push_back({entry.name, entry.path, &entry});
        bytes += entry.size;
    }
    for (const fs::DiskFolder& folder : listed.folders) items.push_back({folder.name, folder.path});
    for (const auto& [name, text] : tree.texts) items.push_back({name, tree.folder + "/" + name, nullptr, &text});
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.name < b.name; });
    effort.begin(items.size(), bytes);
    Packing packing(tree, plan, out, done);
    for (const Item& item : items) {
        if (effort.stop) throw Error(ErrorCode::io, "interrupted", tree.folder);
        packing.add(item);
        effort.done(item.entry == nullptr ? 0 : item.entry->size);
    }
    out.finish();
}

}  // namespace reseal::cli
