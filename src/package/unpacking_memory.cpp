// SPDX-License-Identifier: BSL-1.0
// What is remembered of earlier moves by a tree that was packed, and what is to be remembered of this one.
#include <algorithm>
#include <reseal/error.hpp>
#include <set>

#include "fs/read_whole.hpp"
#include "package/memory.hpp"
#include "package/next_move.hpp"
#include "package/safe_path.hpp"
#include "package/tree_place.hpp"
#include "package/unpack_memory.hpp"
#include "package/unpacking.hpp"
#include "relocate/moved_path.hpp"
#include "relocate/moved_target.hpp"

namespace reseal::package {
namespace {

/// Where it was asked for, or `home`.
std::string target_of(const RememberedPrefix& prefix, const std::vector<PrefixPair>& pairs, const std::string& home) {
    for (const PrefixPair& each : pairs)
        if (normal_prefix(each.from) == prefix.at || normal_prefix(each.from) == prefix.placeholder)
            return normal_prefix(each.to);
    return home;
}

}  // namespace

/// Where its placeholders go is known before anything is to be done with files.
void Unpacking::take_memory(const std::string& archive) {
    if (!asked_.empty() && !known_.raw) {  // what was asked for has to wait, in the memory too
        Foresight more = known_;
        more.raw = true;
        throw Again{std::move(more)};
    }
    const std::string path(memory_path), name = entry_name(archive, path);
    const std::optional<std::string> text = text_of(path);
    if (!text) throw Error(ErrorCode::malformed, "is no file", name);
    memory_ = read_memory(*text, name);
    if (memory_->pending()) throw Error(ErrorCode::malformed, "it was packed before a move of it had come to its end", name);
    const std::vector<std::string> places = possible_places(*memory_);
    std::set<std::string> own;  // asked for, where the tree itself stands
    for (const RememberedPrefix& each : memory_->prefixes)
        if (places.size() == 1 && normal_prefix(each.at) == places[0]) own.insert(target_of(each, pairs_, prefix_));
    if (own.size() == 1) place_ = *own.begin();
    const std::vector<std::string> along = targets_at(*memory_, place_, name);
    for (std::size_t i = 0; i < along.size(); ++i) {
        const RememberedPrefix& each = memory_->prefixes[i];
        const std::string& target = targets_[each.placeholder] = target_of(each, pairs_, along[i]);
        const auto of_packages = [&](const auto& known) { return std::ranges::count(known.first, each.placeholder) > 0; };
        if (target != prefix_ && std::ranges::any_of(by_placeholders_, of_packages))
            throw Error(ErrorCode::misuse,
                        std::string("what it puts to ").append(target) + ", packages beside it put to " + prefix_, name);
    }
}

/// Its files come from where they were packed for: that is taken back, and they move from what they were built with.
void Unpacking::settle_memory(const std::string& archive) {
    std::vector<PrefixPair> placed, next;
    std::vector<std::string> targets;
    for (const RememberedPrefix& each : memory_->prefixes) {
        targets.push_back(target(each.placeholder));
        placed.push_back({each.placeholder, each.at});
        next.push_back({each.placeholder, targets.back()});
    }
    NextMove move(*memory_, targets, settings_.padding, settings_.pads);
    FileOptions options = settings_.file;
    if (!settings_.platform_given && memory_->platform) options.platform = *memory_->platform;
    if (!platform_) platform_ = memory_->platform;
    const auto expect = [&](const std::string& file) {
        fs::DiskEntry entry;
        entry.name = file;
        std::optional<relocate::TreeItem> item = move.item(entry, options);
        if (!item) return;
        if (settings_.wanted && !settings_.wanted(file))
            throw Error(ErrorCode::misuse, "--only leaves it out, and it is remembered as a file that moves with the others",
                        entry_name(archive, file));
        FileOrder order;
        order.prefixes = item->prefixes;
        order.remembered = item->remembered;
        order.platform = options.platform;
        later_.insert_or_assign(laid_.file_of(file), std::move(order));
    };
    for (const std::string& file : laid_.names().files()) expect(file);
    for (const auto& [file, first] : laid_.hard_links()) expect(file);
    for (const RememberedLink& each : memory_->links) {
        const auto link = laid_.links().find(each.path);
        if (link == laid_.links().end()) continue;
        if (relocate::moved_target(each.target, placed).value_or(each.target) != link->second) continue;
        came_.emplace(each.path, link->second);
        link->second = each.target;
    }
    link_pairs_.insert(link_pairs_.end(), next.begin(), next.end());
    for (const std::string& each : move.missing())
        if (!laid_.links().contains(each)) miss(each);
}

/// Told once, by whatever it is named.
void Unpacking::miss(const std::string& path) {
    if (missing_.insert(path).second)
        findings_.push_back({Severity::note, path, 0, Code::file_missing, "named by metadata, and there is no such file"});
}

/// Of environments: what a plain tree is remembered by, --remember of relocate says.
void Unpacking::remember(const std::vector<MovedLink>& links) {
    if (!environment_) return;
    const std::string path(memory_path);
    staging_.take_turn(settings_.stop);
    Memory before;
    if (staging_.is_taken(path))
        before = read_memory(fs::read_regular(staging_.blame(path), max_memory_text), staging_.blame(path));
    UnpackMemory memory(std::move(before), settings_.platform_given ? settings_.file.platform : platform_, place_,
                        staging_.blame(path));
    for (const auto& [name, file] : mover_.done())
        if (file.is_to_be_remembered()) memory.add(file, name);
    for (const auto& [name, first] : laid_.hard_links()) {
        const auto file = mover_.done().find(first);
        if (file != mover_.done().end() && file->second.is_to_be_remembered()) memory.add(file->second, name);
    }
    const std::vector<PrefixPair> pairs = all_pairs();
    for (const MovedLink& each : links)
        if (const PrefixPair* pair = relocate::moved_by(each.before, pairs)) memory.add_link(each.path, each.before, *pair);
    const std::string text = write_memory(memory.take(), path);
    if (memory_) mover_.replace(path, text);
    else make(path, text, 0644, "reseal", {});
}

}  // namespace reseal::package
