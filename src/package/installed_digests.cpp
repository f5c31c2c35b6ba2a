// SPDX-License-Identifier: BSL-1.0
#include "package/installed_digests.hpp"

#include <algorithm>
#include <optional>

#include "bytes/hex.hpp"
#include "digest/digest.hpp"
#include "package/json_ranges.hpp"
#include "package/prefix_record.hpp"

namespace reseal::package {
namespace {

struct Edit {
    JsonRange range;
    std::string text;
};

const Contents* find(const std::vector<Contents>& all, const std::optional<std::string>& sha256) {
    for (const Contents& each : all)
        if (sha256 && each.sha256 == *sha256) return &each;
    return nullptr;
}

/// Digests of files that are told by another name too: conda tells of a link what the file is that it leads to.
std::map<std::string, std::string> by_digest(const std::vector<PathEntry>& paths, const MovedPaths& moved) {
    std::map<std::string, std::string> out;
    for (const PathEntry& entry : paths) {
        const auto found = moved.find(entry.path);
        if (entry.type != PathType::hardlink || found == moved.end() || !entry.sha256_in_prefix) continue;
        if (find(found->second.before, entry.sha256_in_prefix) || find(found->second.before, entry.sha256))
            out.emplace(*entry.sha256_in_prefix, found->second.after.sha256);
    }
    return out;
}

class Follower {
public:
    Follower(const std::vector<PathEntry>& paths, const MovedPaths& moved) : moved_(moved), renamed_(by_digest(paths, moved)) {}

    void look(const PathEntry& entry, std::string_view text, JsonRange range) {
        const auto found = moved_.find(entry.path);
        if (entry.type == PathType::directory) return;
        // What an installer made itself has no digest but the one of what it made.
        const bool made = entry.type != PathType::hardlink && entry.type != PathType::softlink && !entry.sha256_in_prefix;
        const std::optional<std::string>& told = made ? entry.sha256 : entry.sha256_in_prefix;
        if (!told) return;
        std::optional<std::string> now;
        std::optional<std::uint64_t> size;
        if (found != moved_.end()) {
            const MovedContents& file = found->second;
            const Contents* installed = find(file.before, told);
            const Contents* built = find(file.before, entry.sha256);
            if (installed == nullptr && entry.type == PathType::softlink) built = nullptr;
            if (installed != nullptr || built != nullptr || only_prefix_tells(entry, file)) now = file.after.sha256;
            // As it was built it has the size that its package says, unless that is none of a package.
            const Contents* which = installed != nullptr ? installed : built;
            if (which != nullptr && entry.size && (*entry.size == which->size) == (which == installed)) size = file.after.size;
        }
        if (!now && entry.type == PathType::softlink)
            if (const auto file = renamed_.find(*told); file != renamed_.end()) now = file->second;
        if (!now) return;
        const std::vector<JsonMember> members = json_members(text, range);
        if (*now != *told)
            add(value_of(members, made ? "sha256" : "sha256_in_prefix"), std::string("\"").append(to_hex(*now)).append("\""));
        if (size && *size != *entry.size) add(value_of(members, "size_in_bytes"), std::to_string(*size));
    }

    std::string apply(std::string_view text) {
        std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.range.begin < b.range.begin; });
        std::string out;
        std::size_t from = 0;
        for (const Edit& edit : edits_) {
            out.append(text.substr(from, edit.range.begin - from)).append(edit.text);
            from = edit.range.end;
        }
        return out.append(text.substr(from));
    }

private:
    /// Old packages have no digests of their files, and what the installed one was elsewhere says nothing of one that holds its
    /// placeholder again, as conda-pack packs it.
    static bool only_prefix_tells(const PathEntry& entry, const MovedContents& file) {
        return !entry.sha256 && entry.placeholder &&
               std::find(file.prefixes.begin(), file.prefixes.end(), *entry.placeholder) != file.prefixes.end();
    }
    void add(const JsonRange* where, std::string what) {
        if (where != nullptr) edits_.push_back({*where, std::move(what)});
    }

    const MovedPaths& moved_;
    std::map<std::string, std::string> renamed_;
    std::vector<Edit> edits_;
};

}  // namespace

Contents contents_of(std::string_view bytes) {
    return {std::string(digest::digest(HashType::sha256, bytes).bytes()), bytes.size()};
}

std::string follow_moves(std::string_view text, const std::string& file, const MovedPaths& moved) {
    const PrefixRecord record = read_prefix_record(text, file);
    const std::vector<JsonMember> members = json_members(text, json_document(text));
    const JsonRange* data = value_of(members, "paths_data");
    if (data == nullptr) return std::string(text);
    const std::vector<JsonMember> of_data = json_members(text, *data);
    const JsonRange* list = value_of(of_data, "paths");
    if (list == nullptr) return std::string(text);
    const std::vector<JsonRange> entries = json_elements(text, *list);
    Follower follower(record.paths, moved);
    for (std::size_t i = 0; i < std::min(entries.size(), record.paths.size()); ++i)
        follower.look(record.paths[i], text, entries[i]);
    return follower.apply(text);
}

}  // namespace reseal::package
