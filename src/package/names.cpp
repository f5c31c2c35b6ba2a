// SPDX-License-Identifier: BSL-1.0
#include "package/names.hpp"

#include <algorithm>
#include <functional>
#include <reseal/error.hpp>

#include "package/fold.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

std::uint64_t mixed(std::uint64_t seed, std::string_view name) {
    return (seed ^ std::hash<std::string_view>{}(name)) * 0x9e3779b97f4a7c15u + (seed >> 29);
}

const char* article(EntryType type) {
    switch (type) {
        case EntryType::symlink: return "a link";
        case EntryType::folder: return "a folder";
        default: return "a file";
    }
}

}  // namespace

std::size_t Names::Hash::operator()(std::uint32_t node) const {
    const Node& it = names->nodes_[node];
    return operator()(Key{it.parent, names->name_of(it)});
}
std::size_t Names::Hash::operator()(const Key& key) const { return static_cast<std::size_t>(mixed(key.parent, key.name)); }
bool Names::Equal::operator()(std::uint32_t a, const Key& b) const {
    const Node& it = names->nodes_[a];
    return it.parent == b.parent && names->name_of(it) == b.name;
}

Names::Names(std::size_t most)
    : most_(most), nodes_{{0, 0, 0, 0, EntryType::folder, false, 0}}, children_(64, Hash{this}, Equal{this}) {}

void Names::begin(const std::string& archive) {
    if (!archives_.empty() && archives_.back() == archive) return;
    if (archives_.size() == UINT16_MAX) throw Error(ErrorCode::misuse, "more than 65535 archives", archive);
    archives_.push_back(archive);
}

std::string Names::where(std::string_view path) const { return entry_name(archives_.back(), path); }

std::string Names::path_of(std::uint32_t node) const {
    std::string out;
    for (; node != 0; node = nodes_[node].parent) out.insert(0, std::string(name_of(nodes_[node])) + (out.empty() ? "" : "/"));
    return out;
}

std::optional<std::uint32_t> Names::find_node(std::string_view path) const {
    std::uint32_t node = 0;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const auto found = children_.find(Key{node, path.substr(0, end)});
        if (found == children_.end()) return {};
        node = *found;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return node;
}

/// What is below is found by way of the folder only.
void Names::forget(std::string_view folder) {
    const auto node = find_node(folder);
    if (!node || *node == 0) return;
    children_.erase(*node);
    nodes_[*node].forgotten = true;
}

std::vector<std::string> Names::in(std::string_view folder) const {
    std::vector<std::string> out;
    const auto parent = find_node(folder);
    for (std::uint32_t i = 1; parent && i < nodes_.size(); ++i)
        if (nodes_[i].parent == *parent && !nodes_[i].forgotten) out.emplace_back(name_of(nodes_[i]));
    return out;
}

std::vector<std::string> Names::files() const {
    std::vector<std::string> out;
    std::vector<bool> gone(nodes_.size());  // a folder stands before what is in it
    for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
        gone[i] = nodes_[i].forgotten || gone[nodes_[i].parent];
        if (nodes_[i].type == EntryType::file && !gone[i]) out.push_back(path_of(i));
    }
    return out;
}

std::optional<EntryType> Names::find(std::string_view path) const {
    const auto node = find_node(path);
    return node ? std::optional(nodes_[*node].type) : std::nullopt;
}

std::optional<Names::Collision> Names::add(const Entry& entry) {
    if (entry.type == EntryType::hardlink) must_be_earlier_file(entry);
    std::optional<Collision> collision;
    std::uint32_t node = 0;
    for (std::string_view rest = entry.path; !rest.empty();) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view name = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const EntryType type = rest.empty() ? entry.type : EntryType::folder;
        const auto found = children_.find(Key{node, name});
        if (found == children_.end()) {
            node = make(node, name, type, collision);
            continue;
        }
        node = *found;
        const Node& there = nodes_[node];
        const std::string& first = archives_[there.archive];
        if (!rest.empty() && there.type != EntryType::folder) {
            const char* what = article(there.type);
            throw Error(ErrorCode::malformed,
                        std::string("a name below ") + what + " is refused: " + entry_name(first, path_of(node)),
                        where(entry.path));
        }
        if (rest.empty() && !(type == EntryType::folder && there.type == EntryType::folder))
            throw Error(ErrorCode::malformed, "there already, from " + first, where(entry.path));
    }
    return collision;
}

std::uint32_t Names::make(std::uint32_t parent, std::string_view name, EntryType type, std::optional<Collision>& collision) {
    if (nodes_.size() > most_ || texts_.size() > max_name_bytes)
        throw Error(ErrorCode::malformed, "more names, with the folders they are in, than " + std::to_string(most_),
                    archives_.back());
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    const std::uint64_t fold = mixed(nodes_[parent].folded, folded(name));
    nodes_.push_back({parent, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint16_t>(name.size()),
                      static_cast<std::uint16_t>(archives_.size() - 1), type, false, fold});
    texts_ += name;
    children_.insert(node);
    const auto [other, fresh] = folded_.try_emplace(fold, node);
    if (fresh || collision) return node;
    Collision found{path_of(node), path_of(other->second)};
    // The same path: one that was forgotten.
    if (found.path != found.other && folded(found.path) == folded(found.other)) collision = std::move(found);
    return node;
}

void Names::must_be_earlier_file(const Entry& entry) const {
    const auto target = find_node(entry.target);
    const auto refuse = [&](const std::string& what) {
        throw Error(ErrorCode::malformed, "a hard link to " + what + " is refused: " + entry.target, where(entry.path));
    };
    if (!target) refuse("what was not there before");
    const Node& node = nodes_[*target];
    if (node.type != EntryType::file && node.type != EntryType::hardlink) refuse(article(node.type));
    if (std::size_t{node.archive} + 1 != archives_.size()) refuse("a file of another archive");
}

}  // namespace reseal::package
