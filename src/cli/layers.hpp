// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is in compressed files and in the members of zip files, in these once more, and so on, for whoever searches it. What
// files are is told by their first bytes. Memory: a decoder and a window of each layer.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::cli {

/// How deep a layer of compression may lie: a gzip file in a zip file in a zip file is looked into, nothing in that.
constexpr std::size_t inside_max_layers = 3;
/// What one file may expand to, all its layers and members together.
constexpr std::uint64_t inside_max_expanded = std::uint64_t{16} << 30;

/// "gzip"; or "zip" with the member's name; or "zip, stored".
struct PackedLayer {
    std::string format;
    std::string member;  ///< of zip only
    bool operator==(const PackedLayer&) const = default;
};

/// Something that could not be looked into, or not to its end.
struct Unread {
    std::string path;
    std::vector<PackedLayer> layers;
    std::string why;
    bool by_us = false;  ///< a limit of ours, something we do not know; else it is broken or encrypted, for anybody
};

/// Searches what layers expand to, one after the other.
class LayerSearch {
public:
    virtual ~LayerSearch() = default;
    virtual void write(std::string_view bytes) = 0;
    /// The end of it, or as far as it could be read; `path` is the file's, `layers` lead from it inwards.
    virtual void end(const std::string& path, const std::vector<PackedLayer>& layers) = 0;
};

class Layers {
public:
    /// `make`: a search for each depth, made when it is first reached.
    explicit Layers(std::function<std::unique_ptr<LayerSearch>()> make, std::uint64_t max_expanded = inside_max_expanded);
    ~Layers();

    /// One file after the other. What is in the file as it is goes by unsearched.
    void begin(std::string path);
    void write(std::string_view bytes);
    void end();

    const std::vector<Unread>& unread() const;
    /// What the last file has expanded to so far, all its layers and members together.
    std::uint64_t expanded() const;

private:
    class Level;
    struct Shared;
    std::unique_ptr<Shared> shared_;
    std::unique_ptr<Level> outermost_;
};

}  // namespace reseal::cli
