// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::relocate {

/// Bytes that were decided about before the file goes by: at `offset` of it stands `before`, and `after`, as long, comes out.
struct PlacedEdit {
    std::uint64_t offset = 0;
    std::string_view before, after;
    bool operator==(const PlacedEdit&) const = default;
};

/// Some of them and their texts, each kept once: of millions most are the same few.
class PlacedEdits {
public:
    PlacedEdits() = default;
    PlacedEdits(PlacedEdits&&) = default;
    PlacedEdits& operator=(PlacedEdits&&) = default;
    PlacedEdits(const PlacedEdits&) = delete;  // the list names the texts of this one
    PlacedEdits& operator=(const PlacedEdits&) = delete;

    void add(std::uint64_t offset, std::string_view before, std::string_view after);
    /// Into the order of the file, what is there twice once.
    void sort();
    void clear();

    const std::vector<PlacedEdit>& list() const { return list_; }
    bool empty() const { return list_.empty(); }
    std::size_t size() const { return list_.size(); }
    bool operator==(const PlacedEdits& other) const { return list_ == other.list_; }

private:
    std::string_view keep(std::string_view text);

    std::vector<PlacedEdit> list_;
    std::set<std::string, std::less<>> texts_;  // they stay where they are when the set moves
};

}  // namespace reseal::relocate
