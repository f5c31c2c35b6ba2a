// SPDX-License-Identifier: BSL-1.0
#include "cli/relocate.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "cli/installed_metadata.hpp"
#include "cli/memory_file.hpp"
#include "cli/own_place.hpp"
#include "cli/remembered_targets.hpp"
#include "cli/tree_move.hpp"
#include "cli/verify_environment.hpp"
#include "fs/absolute_path.hpp"
#include "fs/path_parts.hpp"
#include "fs/tree.hpp"
#include "package/environment.hpp"
#include "package/tree_place.hpp"

namespace reseal::cli {
namespace {

constexpr const char* relocate_examples = R"(Examples:
  reseal relocate --from /build/prefix ./installed
  reseal relocate --from /old/a --to /new/a --from /old/b --to /new/b -n /srv/tree
  reseal relocate --verify /opt/env

A NEW that does not begin with / counts from the current folder; OLD is taken byte for
byte. A PATH that is a link stands for what it leads to, and stays a link; one that leads
nowhere is itself what is changed. Where no metadata says for which system the tree is,
its first program does, and then this system, see --platform.

Without --from what is remembered goes along to PATH, but prefixes of other trees,
which stay. The place of the tree was last PATH, where an OLD or NEW is PATH or
holds it, else NEW of the first --from.

Files whose length must not change keep it: what is binary, by a NUL or a known
magic. All files are read before one is written. A file that changes is a new one
with the owner, permissions and attributes of the old; links into the prefixes are
changed, links to elsewhere are not followed, what is linked from outside the PATHs
keeps its bytes there.

Exit status: 0 done; 2 files were refused, all of them are named, and nothing was
changed; 1 anything else.)";

/// Not a link that leads nowhere, which may be what is to be changed. What is not there at all is told of by who lists it.
bool is_folder(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// --to is optional where there is one folder that it can only mean. A relative one counts from the current folder, as PATH
/// does.
std::vector<PrefixPair> pairs_with_targets(const RelocateArguments& a) {
    std::vector<PrefixPair> pairs = a.pairs;
    for (PrefixPair& each : pairs) {
        if (!each.to.empty()) {
            if (!each.to.starts_with('/')) each.to = fs::absolute_path(each.to);
            continue;
        }
        if (a.paths.size() == 1) fs::kind_of(a.paths[0]);  // says so if nothing is there
        if (a.paths.size() != 1 || !is_folder(a.paths[0]))
            throw Error(ErrorCode::rules, std::string("--from ") + each.from + ": --to is needed, unless PATH is one folder");
        each.to = fs::absolute_path(a.paths[0]);
    }
    return pairs;
}

/// That of --remember, or the one that lies in an environment.
std::optional<std::string> memory_file(const RelocateArguments& a, bool environment) {
    if (a.paths.size() != 1 || !is_folder(a.paths[0])) {
        if (a.remember && a.paths.size() == 1) fs::kind_of(a.paths[0]);
        if (a.remember) throw Error(ErrorCode::misuse, "--remember: PATH has to be one folder");
        return {};
    }
    if (a.remember) return a.remember;
    std::string file = fs::without_slashes(a.paths[0]).append("/").append(package::memory_path);
    if (!environment && ::access(file.c_str(), F_OK) != 0) return {};
    return file;
}

/// Memory must not be patched; nor metadata of packages, which tells what the files were built with and where caches are.
std::vector<std::string> left_alone(const RelocateArguments& a, bool environment) {
    std::vector<std::string> left;
    if (environment) left = package::environment_metadata();
    left.emplace_back(package::memory_path);
    if (!a.remember) return left;
    const std::string folder = fs::absolute_path(a.paths[0]) + "/", file = fs::absolute_path(*a.remember);
    if (file.starts_with(folder)) left.push_back(file.substr(folder.size()));
    return left;
}

}  // namespace

Command add_relocate(Command app, RelocateArguments& a) {
    Command command = app.command("relocate", "Replace prefixes in a tree on disk");
    add_prefix_options(command, a.words, "What it becomes [PATH, where that is one folder]");
    add_relocate_options(command, a.options);
    command.option("--remember", "FILE", a.remember,
                   "Write down in FILE where the prefixes were, and go\nby it when it is there [conda-meta/reseal in "
                   "PATH,\nwhere that is there]");
    command.option("--verify", "DIR", a.verify,
                   "Change nothing; compare the files of a conda\nenvironment with the digests in its metadata");
    command.operand("PATH", "Folders and files", Operand::repeated);
    command.footer(relocate_examples);
    return command;
}

void complete_relocate(RelocateArguments& a, const Words& words) {
    complete_relocate_options(a.options, words);
    a.pairs = prefix_pairs(words);
    a.paths = words.operands;
    if (a.verify) {
        if (a.verify->empty()) throw UsageError("--verify: an empty name");
        if (!a.pairs.empty() || !a.paths.empty() || a.remember || a.options.report)
            throw UsageError("--verify: takes no PATH, --from, --remember or --report");
        return;
    }
    if (a.paths.empty()) throw UsageError("PATH: is needed");
    for (const std::string& path : a.paths)
        if (path.empty()) throw UsageError("PATH: an empty name");
    if (a.remember && a.remember->empty()) throw UsageError("--remember: an empty name");
    if (a.remember && !a.options.only.empty()) throw UsageError("--remember: of all files, so --only cannot be given");
}

ExitStatus run_relocate(const RelocateArguments& a) {
    if (a.verify) return verify_environment(*a.verify, a.options);
    std::vector<PrefixPair> pairs = pairs_with_targets(a);
    TreeMove move;
    for (const std::string& path : a.paths) move.paths.push_back(fs::without_slashes(path));
    move.environment = a.paths.size() == 1 && is_environment(move.paths[0]);
    if (move.environment) move.platform = package::read_environment(move.paths[0]).platform;
    move.memory_file = memory_file(a, move.environment);
    if (move.memory_file) move.memory = load_memory(*move.memory_file);
    if (pairs.empty() && !move.memory)
        throw Error(ErrorCode::rules, "--from is needed: nothing is remembered of an earlier move");
    if (pairs.empty()) {
        move.place = fs::absolute_path(a.paths[0]);
        move.targets = package::targets_at(*move.memory, move.place, *move.memory_file);
    } else {
        if (move.memory) move.targets = remembered_targets(*move.memory, pairs);
        if (move.memory_file) {
            const OwnPlace own = own_place(pairs, a.paths[0], move.memory, move.targets);
            move.place = own.after;
            pairs = with_own_place(std::move(pairs), own);
        }
    }
    move.search.left = left_alone(a, move.environment);
    move.search.links = Prefixes(pairs, a.options.prefixes());
    // What was not remembered held no prefix then.
    if (!move.memory || a.options.unmanaged) move.search.rest = move.search.links;
    return move_and_tell(move, a.options, "relocate");
}

}  // namespace reseal::cli
