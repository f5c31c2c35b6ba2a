// SPDX-License-Identifier: BSL-1.0
#pragma once
// References that no rewriting can reach: those in what compressed files and the members of zip files expand to.
#include <cstdint>
#include <reseal/references.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/layers.hpp"

namespace reseal::cli {

struct InsideReference {
    std::string path;                 ///< of the file, as begin() was told
    std::vector<PackedLayer> layers;  ///< from the file inwards
    Reference reference;              ///< positions count in what the innermost layer expands to
};

class Inside {
public:
    Inside(std::vector<std::string> hash_parts, ReferenceOptions options, std::uint64_t max_expanded = inside_max_expanded);
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    /// One file after the other.
    void begin(std::string path) { layers_.begin(std::move(path)); }
    void write(std::string_view bytes) { layers_.write(bytes); }
    void end() { layers_.end(); }

    const std::vector<InsideReference>& references() const { return references_; }
    const std::vector<Unread>& unread() const { return layers_.unread(); }
    /// What the last file has expanded to so far, all its layers and members together.
    std::uint64_t expanded() const { return layers_.expanded(); }

private:
    class Search;
    std::vector<InsideReference> references_;
    Layers layers_;
};

}  // namespace reseal::cli
