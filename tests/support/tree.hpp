// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tree of files in memory, and the archives that hold it, written straight from the formats' descriptions.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace support {

struct Node {
    enum class Kind { regular, executable, symlink, directory };
    std::string name;
    Kind kind = Kind::regular;
    std::string bytes;           ///< contents, or where a link points
    std::vector<Node> children;  ///< of a directory, by name
};

Node file(std::string name, std::string contents, bool executable = false);
Node link(std::string name, std::string target);
Node folder(std::string name, std::vector<Node> children);

/// One string of a Nix archive: length, bytes, padding.
std::string nar_string(const std::string& bytes);
/// The Nix archive of `root`, whose name counts for nothing.
std::string nar(const Node& root);

enum class TarStyle { v7, ustar, pax, gnu };
/// A header block; `size` is what it says of its contents.
std::string tar_header(TarStyle style, const std::string& path, char type, std::uint64_t size, const std::string& link = {});
/// Contents and their padding.
std::string tar_padded(const std::string& contents);
/// The tape archive of `root` and everything below it; a target of over 100 bytes goes where the style puts it (nowhere in v7
/// and ustar, which cannot hold it). Ends with two blocks of zeros.
std::string tar(const Node& root, TarStyle style);

}  // namespace support
