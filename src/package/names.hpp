// SPDX-License-Identifier: BSL-1.0
#pragma once
// What was laid down so far, by name: it decides what may come next, whatever the disk would do.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "package/entry.hpp"

namespace reseal::package {

class Names {
public:
    /// Two names that a file system that ignores case takes for one.
    struct Collision {
        std::string path, other;
    };

    /// Names altogether, those of folders that no entry is about included.
    static constexpr std::size_t max_names = std::size_t{1} << 24;
    static constexpr std::size_t max_name_bytes = std::size_t{1} << 30;

    explicit Names(std::size_t most = max_names);
    Names(const Names&) = delete;
    Names& operator=(const Names&) = delete;

    /// The archive whose entries come next, as messages name it.
    void begin(const std::string& archive);
    /// Refuses by Error (ErrorCode::malformed) that names the entry: a path that is there already, but for a folder that comes
    /// again, naming both archives; one below something that is no folder; a hard link to anything but an earlier file of the
    /// same archive; a name more than there may be. What it returns may be laid down unless the file system folds case.
    std::optional<Collision> add(const Entry& entry);

    /// A folder and all below it are not there any more.
    void forget(std::string_view folder);

    /// The names in a folder, in the order in which they came.
    std::vector<std::string> in(std::string_view folder) const;
    /// The paths of all files, but hard links, in the order in which they came.
    std::vector<std::string> files() const;
    /// What stands at a path.
    std::optional<EntryType> find(std::string_view path) const;

private:
    struct Node {
        std::uint32_t parent;
        std::uint32_t name;  // where in texts_
        std::uint16_t size;  // of the name
        std::uint16_t archive;
        EntryType type;
        bool forgotten;
        std::uint64_t folded;  // hash of its path in small letters
    };
    struct Key {
        std::uint32_t parent;
        std::string_view name;
    };
    struct Hash {
        using is_transparent = void;
        const Names* names;
        std::size_t operator()(std::uint32_t node) const;
        std::size_t operator()(const Key& key) const;
    };
    struct Equal {
        using is_transparent = void;
        const Names* names;
        bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
        bool operator()(std::uint32_t a, const Key& b) const;
        bool operator()(const Key& a, std::uint32_t b) const { return operator()(b, a); }
    };

    std::string_view name_of(const Node& node) const { return std::string_view(texts_).substr(node.name, node.size); }
    std::string path_of(std::uint32_t node) const;
    std::optional<std::uint32_t> find_node(std::string_view path) const;
    std::uint32_t make(std::uint32_t parent, std::string_view name, EntryType type, std::optional<Collision>& collision);
    void must_be_earlier_file(const Entry& entry) const;
    std::string where(std::string_view path) const;

    std::size_t most_;
    std::vector<std::string> archives_;
    std::vector<Node> nodes_;  // 0: the folder that is unpacked to
    std::string texts_;
    std::unordered_set<std::uint32_t, Hash, Equal> children_;
    std::unordered_map<std::uint64_t, std::uint32_t> folded_;
};

}  // namespace reseal::package
