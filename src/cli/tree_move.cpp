// SPDX-License-Identifier: BSL-1.0
#include "cli/tree_move.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <set>

#include "cli/installed_metadata.hpp"
#include "cli/leftovers.hpp"
#include "cli/message.hpp"
#include "cli/report_file.hpp"

namespace reseal::cli {
namespace {

using Targets = std::vector<std::string>;

Targets targets_of(const package::Memory& memory, const std::function<std::string(const package::RememberedPrefix&)>& target) {
    Targets out;
    for (const package::RememberedPrefix& each : memory.prefixes) out.push_back(normal_prefix(target(each)));
    return out;
}

/// Where the run that was killed was going.
std::string pending_target(const package::RememberedPrefix& prefix) { return prefix.pending.value_or(prefix.at); }

/// What is remembered is where each prefix stands, in all files: none of them may stay behind when it moves.
void check_nothing_stays_behind(const package::Memory& memory, const Targets& targets, const RelocateOptions& options,
                                const std::string& folder) {
    if (options.only.empty()) return;
    const auto check = [&](const std::string& path) {
        if (!options.wanted(path))
            throw Error(ErrorCode::misuse, "--only leaves it out, and it is remembered as a file that moves with the others",
                        folder + "/" + path);
    };
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (targets[i] == memory.prefixes[i].at) continue;
        for (const package::RememberedFile& each : memory.files) check(each.path);
        for (const package::RememberedLink& each : memory.links) check(each.path);
    }
}

TreeRun move_to(const TreeMove& move, const RelocateOptions& options, const std::optional<package::Memory>& memory,
                const Targets& targets, bool search) {
    std::optional<NextMove> remembered;
    if (memory) {
        check_nothing_stays_behind(*memory, targets, options, move.paths.front());
        remembered.emplace(*memory, targets, options);
    }
    PrefixSearch what;
    what.folder = move.paths.front();
    what.remembered = remembered ? &*remembered : nullptr;
    what.left = move.left;
    if (search) move.search(what);
    const std::optional<Platform> platform = memory && memory->platform ? memory->platform : move.platform;
    PrefixItems found = prefix_items(move.paths, std::move(what), options, platform);

    TreeHooks hooks;
    std::optional<MemoryWriter> writer;
    if (move.memory_file) {
        writer.emplace(*move.memory_file, move.paths.front(), memory, targets, options, platform);
        const bool pending = memory && memory->pending();
        const auto nothing = [pending](const relocate::TreePlan& plan) {
            return plan.changed.empty() && plan.links.empty() && !pending;
        };
        hooks.before = [&writer, nothing](const relocate::TreePlan& plan) {
            if (!nothing(plan)) writer->before(plan);
        };
        hooks.after = [&writer, nothing, &move, &options](const TreeRun& run) {
            if (move.environment) follow_moves(move.paths.front(), writer->moved(run), options.mtime);
            if (!nothing(run.plan)) writer->after(run);
        };
    }
    return run_tree(found.items, std::move(found.findings), options, hooks);
}

}  // namespace

ExitStatus move_and_tell(const TreeMove& move, const RelocateOptions& options, const std::string& command) {
    const TreeRun run = move_tree(move, options);
    Leftovers leftovers;
    const bool searched = options.leftovers && run.status == complete && !options.dry_run;
    if (searched) {
        PrefixSearch search;
        move.search(search);
        leftovers = find_leftovers(move.paths, leftover_query(move, search.links.pairs()), options.jobs);
    }
    if (options.report)
        write_report(tree_report(run, options, command, searched ? leftovers_json(leftovers) : nullptr), *options.report);
    say_summary(run, options);
    const bool nothing = run.status == complete && run.plan.changed.empty() && run.plan.links.empty();
    if (nothing && !options.quiet && !move.in_vain.empty()) message("note: " + move.in_vain);
    if (searched) say_leftovers(leftovers, options);
    return run.status;
}

LeftoverQuery leftover_query(const TreeMove& move, const std::vector<PrefixPair>& pairs) {
    LeftoverQuery query;
    query.except = move.left;
    for (const PrefixPair& pair : pairs) {
        query.old.push_back(pair.from);
        query.now.push_back(normal_prefix(pair.to));
    }
    if (move.memory)
        for (const package::RememberedPrefix& each : move.memory->prefixes) {
            query.old.insert(query.old.end(), {each.placeholder, each.at});
            query.now.push_back(normal_prefix(move.target(each)));
        }
    return query;
}

TreeRun move_tree(const TreeMove& move, const RelocateOptions& options) {
    std::optional<package::Memory> memory = move.memory;
    Targets targets;
    if (memory) targets = targets_of(*memory, move.target);
    if (memory && memory->pending() && !options.dry_run) {
        const Targets before = targets_of(*memory, pending_target);
        if (before != targets) {
            RelocateOptions quiet = options;
            quiet.quiet = true;
            quiet.only.clear();
            TreeRun run = move_to(move, quiet, memory, before, false);
            if (run.status != complete) return run;
            memory = load_memory(*move.memory_file);
            targets = targets_of(*memory, move.target);
        }
    }
    return move_to(move, options, memory, targets, true);
}

}  // namespace reseal::cli
