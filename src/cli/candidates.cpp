// SPDX-License-Identifier: BSL-1.0
#include "cli/candidates.hpp"

#include <fcntl.h>

#include <reseal/error.hpp>
#include <reseal/store.hpp>
#include <string_view>

#include "fs/input_file.hpp"
#include "fs/io_error.hpp"
#include "fs/open_folder.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t longest_line = 4096;  // a path that the system takes

/// Of a store path, with its store in front or not, or of a hash part alone; empty when it is neither.
std::string_view hash_part_of(std::string_view text) {
    const std::size_t slash = text.rfind('/');
    if (slash != text.npos) text.remove_prefix(slash + 1);
    const std::string_view part = text.substr(0, store::hash_part_size);
    if (!store::is_hash_part(part)) return {};
    return text.size() == part.size() || text[part.size()] == '-' ? part : std::string_view();
}

}  // namespace

Candidates Candidates::in_file(const std::string& path) {
    fs::InputFile in(path);
    Candidates out;
    std::size_t number = 0;
    std::string line;
    const auto refuse = [&](const std::string& what) {
        throw Error(ErrorCode::misuse, "line " + std::to_string(number) + ": " + what, in.name());
    };
    const auto add = [&] {
        ++number;
        if (!line.empty() && line[0] != '#') {
            const std::string_view part = hash_part_of(line);
            if (part.empty()) refuse("'" + line + "' is neither a store path nor a hash part");
            out.paths_.try_emplace(std::string(part), line);
        }
        line.clear();
    };
    for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            line += bytes.substr(0, end);
            if (line.size() > longest_line) {
                ++number;
                refuse("longer than the " + std::to_string(longest_line) + " bytes of a path");
            }
            if (end == bytes.npos) break;
            add();
            bytes.remove_prefix(end + 1);
        }
    }
    if (!line.empty()) add();
    return out;
}

Candidates Candidates::in_store(const std::string& folder) {
    // With the slash, a link to the store's folder is one, too.
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    fs::OpenFolder open(AT_FDCWD, prefix.c_str());
    if (!open) throw fs::io_error(folder, "list");
    Candidates out;
    for (const fs::OpenFolder::Entry& entry : open.entries(folder)) {
        const std::string_view part = hash_part_of(entry.name);
        if (part.empty()) continue;
        std::string path = prefix + entry.name;
        std::string& known = out.paths_[std::string(part)];
        if (known.empty() || path.size() < known.size() || (path.size() == known.size() && path < known))
            known = std::move(path);
    }
    return out;
}

std::vector<std::string> Candidates::hash_parts() const {
    std::vector<std::string> all;
    all.reserve(paths_.size());
    for (const auto& [part, path] : paths_) all.push_back(part);
    return all;
}

}  // namespace reseal::cli
