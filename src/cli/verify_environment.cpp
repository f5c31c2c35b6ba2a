// SPDX-License-Identifier: BSL-1.0
#include "cli/verify_environment.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <vector>

#include "cli/memory_file.hpp"
#include "cli/message.hpp"
#include "cli/tree_move.hpp"
#include "fs/entries.hpp"
#include "fs/parallel.hpp"
#include "fs/path_parts.hpp"
#include "fs/tree.hpp"
#include "package/environment.hpp"
#include "relocate/source_digest.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::cli {
namespace {

/// What is said of a file. Of two packages that have the same one, the one that was installed last tells the truth.
struct Told {
    std::vector<std::string> installed;
    std::string remembered;  ///< empty: not
    bool is(const std::string& sha256) const {
        if (!remembered.empty() && remembered != sha256) return false;
        return installed.empty() || std::find(installed.begin(), installed.end(), sha256) != installed.end();
    }
};

std::map<std::string, Told> digests_of(const std::string& folder) {
    std::map<std::string, Told> out;
    for (const package::PrefixRecord& record : package::read_environment(folder).packages)
        for (const package::PathEntry& entry : record.paths)
            if (entry.type == package::PathType::hardlink && entry.sha256_in_prefix)
                out[entry.path].installed.push_back(*entry.sha256_in_prefix);
    if (const std::optional<package::Memory> memory = load_memory(folder + "/" + std::string(package::memory_path)))
        for (const package::RememberedFile& file : memory->files) out[file.path].remembered = file.sha256;
    return out;
}

struct ComparedFile {
    std::string name;
    Told told;
    std::string problem;  // empty: none
};

std::string problem_of(const std::string& path, const Told& told) {
    fs::DiskEntry entry;
    if (!fs::look_at(path, entry)) return "is not there";
    const std::optional<relocate::TreeFile> file = relocate::TreeFile::open(entry);
    if (!file) return "is no file";
    return told.is(relocate::sha256_of(file->source(), path)) ? "" : "is not what its metadata says";
}

}  // namespace

ExitStatus verify_environment(const std::string& given, const RelocateOptions& options) {
    const std::string folder = fs::without_slashes(given);
    if (fs::kind_of(folder) != fs::Kind::folder) throw Error(ErrorCode::io, "is not a folder", folder);
    std::vector<ComparedFile> files;
    for (const auto& [name, told] : digests_of(folder))
        if (options.wanted(name)) files.push_back({name, told, {}});
    if (files.empty()) throw Error(ErrorCode::io, "no digests of files in conda-meta", folder);
    fs::parallel(files.size(), options.jobs,
                 [&](std::size_t i) { files[i].problem = problem_of(folder + "/" + files[i].name, files[i].told); });
    std::uint64_t bad = 0;
    for (const ComparedFile& each : files) {
        if (each.problem.empty()) continue;
        ++bad;
        message(folder + "/" + each.name + ": " + each.problem);
    }
    if (!options.quiet || bad > 0) message(counted(files.size(), "file") + " compared, " + std::to_string(bad) + " differ");
    return bad > 0 ? refused : complete;
}

}  // namespace reseal::cli
