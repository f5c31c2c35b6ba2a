// SPDX-License-Identifier: BSL-1.0
#pragma once
// Packages and an environment as conda has them, filled with programs and texts.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What a package was built for: 255 bytes.
std::string placeholder();

/// How many files, and how many bytes of them together. Their sizes differ: a few are large.
struct Contents {
    std::size_t programs = 0, program_bytes = 0;  ///< signed, each with the placeholder in one to four places
    std::size_t others = 0, other_bytes = 0;      ///< of which one in sixteen is a text with the placeholder
};

/// An environment below a folder: pkgs/NAME-1.0-0 with the files and info/, env/ with conda-meta and names for the files.
class Environment {
public:
    explicit Environment(std::string folder);
    /// Adds a package. `bytes`: what files are filled with.
    void add(const std::string& name, const Contents& contents, std::string_view bytes);
    /// conda-pack's archive of it; none when it cannot be had.
    bool pack(const std::string& archive) const;
    /// A .conda of each package in channel/linux-64.
    void make_channel() const;

    const std::string& folder() const { return folder_; }
    const std::vector<std::string>& packages() const { return packages_; }
    std::size_t files() const { return files_; }
    std::size_t bytes() const { return bytes_; }

private:
    std::string folder_;
    std::vector<std::string> packages_;
    std::size_t files_ = 0, bytes_ = 0;
};

/// Where tests/real/fetch-peers puts a program of that name; empty when it is not there.
std::string peer(const std::string& name);

}  // namespace bench
