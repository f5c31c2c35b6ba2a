// SPDX-License-Identifier: BSL-1.0
#include "relocate/tree_plan.hpp"

#include <atomic>
#include <map>
#include <numeric>
#include <reseal/error.hpp>

#include "fs/parallel.hpp"
#include "fs/replaced_link.hpp"
#include "relocate/bundle_seals.hpp"
#include "relocate/moved_path.hpp"
#include "relocate/moved_target.hpp"
#include "relocate/planned_again.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::relocate {
namespace {

/// One file under all its names.
struct Group {
    const TreeItem* item;
    std::vector<std::string> names;
};

bool treated_alike(const TreeItem& one, const TreeItem& other) {
    return one.options.mode == other.options.mode && one.prefixes.pairs() == other.prefixes.pairs();
}

std::vector<Group> group(const std::vector<TreeItem>& items) {
    std::vector<Group> groups;
    std::map<fs::FileId, std::size_t> known;
    for (const TreeItem& item : items) {
        if (item.entry.type != fs::DiskEntry::Type::regular) continue;
        if (item.entry.links > 1) {
            const auto [at, fresh] = known.try_emplace(item.entry.id, groups.size());
            if (!fresh && treated_alike(*groups[at->second].item, item)) {
                groups[at->second].names.push_back(item.entry.path);
                continue;
            }
        }
        groups.push_back({&item, {}});
    }
    return groups;
}

struct Planned {
    std::optional<FilePlan> plan;
    std::uint64_t size = 0;
    std::optional<Prefixes> back;
    FormerFile former;
};

/// Of all files together; those that find no room are read a second time to be written.
class PatchRoom {
public:
    void take(std::optional<FilePatch>& patch) {
        if (!patch) return;
        const std::size_t wanted = patch->memory();
        if (taken_.fetch_add(wanted) + wanted <= max_patches) return;
        taken_ -= wanted;
        patch.reset();
    }

private:
    static constexpr std::size_t max_patches = std::size_t{32} << 20;
    std::atomic<std::size_t> taken_ = 0;
};

Planned plan_one(const TreeItem& item, TreeEffort& effort, PatchRoom& room) {
    Planned out;
    if (effort.stop) return out;
    if (std::optional<TreeFile> file = TreeFile::open(item.entry)) {
        out.size = file->source().size();
        if (item.remembered) {
            PlannedAgain again = plan_again(file->source(), item.prefixes, item.options, *item.remembered);
            out.plan = std::move(again.plan);
            out.back = std::move(again.back);
        } else {
            out.plan = plan_file(file->source(), item.prefixes, item.options);
            room.take(out.plan->patch);
        }
        if (out.back) out.former = {item.remembered->former.mode, out.plan->result.fields, item.remembered->former.first_line};
        else if (out.plan->result.changed) out.former = former_file(file->source(), out.plan->result);
    }
    effort.done(item.entry.size);
    return out;
}

std::string moved(const std::string& target, const Prefixes& prefixes) {
    return moved_target(target, prefixes.pairs()).value_or(target);
}

void plan_link(const TreeItem& item, TreePlan& plan) {
    fs::DiskEntry now;
    if (!fs::look_at(item.entry.path, now) || now.type != fs::DiskEntry::Type::symlink) return;
    const std::string before = fs::read_link(item.entry.path);
    std::string first = before;
    if (const Remembered* link = item.remembered.get()) {
        const bool known =
            before == moved(link->target, link->placed) || (link->pending && before == moved(link->target, *link->pending));
        if (known) first = link->target;  // else somebody has made it anew
    }
    std::string after = moved(first, item.prefixes);
    const PrefixPair* pair = moved_by(first, item.prefixes.pairs());
    if (after != before && pair != nullptr)
        plan.links.push_back({item.entry, before, std::move(after), std::move(first), *pair});
}

void note_seals(TreePlan& plan) {
    BundleSeals seals;
    for (const PlannedFile& file : plan.changed) {
        const std::optional<std::string> list = seals.listed_in(file.entry.path);
        if (!list) continue;
        plan.findings.push_back({Severity::note, file.entry.path, 0, Code::bundle_seal_stale,
                                 std::string("changed, and ") + *list + " lists its hash: sign the bundle again"});
    }
}

}  // namespace

TreePlan plan_tree(const std::vector<TreeItem>& items, unsigned jobs, TreeEffort& effort) {
    std::vector<Group> groups = group(items);
    std::vector<std::uint64_t> sizes;
    for (const Group& each : groups) sizes.push_back(each.item->entry.size);
    effort.begin(groups.size(), std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}));

    PatchRoom room;
    std::vector<Planned> planned(groups.size());
    fs::parallel_largest_first(sizes, jobs, [&](std::size_t i) { planned[i] = plan_one(*groups[i].item, effort, room); });
    if (effort.stop) throw Error(ErrorCode::io, "interrupted");

    TreePlan plan;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (!planned[i].plan) continue;
        ++plan.files_read;
        plan.bytes_read += planned[i].size;
        const FileRelocation& result = planned[i].plan->result;
        plan.findings.insert(plan.findings.end(), result.findings.begin(), result.findings.end());
        if (result.refused) plan.refused.push_back(groups[i].item->entry.path);
        if (!result.changed && planned[i].back) {
            groups[i].names.push_back(groups[i].item->entry.path);
            plan.standing.push_back(
                {std::move(groups[i].names), planned[i].size, result.size_before, result.sha256_after, result.sha256_before});
        }
        if (!result.changed || result.refused) continue;
        plan.bytes_to_write += result.size_after;
        plan.changed.push_back({groups[i].item->entry, std::move(groups[i].names), std::move(*planned[i].plan),
                                std::move(planned[i].former), std::move(planned[i].back)});
        if (plan.changed.back().back) plan.changed.back().taken_back = groups[i].item->remembered->former;
    }
    for (const TreeItem& item : items)
        if (item.entry.type == fs::DiskEntry::Type::symlink) plan_link(item, plan);
    note_seals(plan);
    return plan;
}

}  // namespace reseal::relocate
