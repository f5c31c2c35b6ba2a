// SPDX-License-Identifier: BSL-1.0
#include "cli/tree_move.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <set>

#include "cli/installed_metadata.hpp"
#include "cli/leftovers.hpp"
#include "cli/memory_file.hpp"
#include "cli/memory_writer.hpp"
#include "cli/message.hpp"
#include "cli/report_file.hpp"

namespace reseal::cli {
namespace {

using Targets = std::vector<std::string>;

/// Where the run that was killed was going.
Targets pending_targets(const package::Memory& memory) {
    Targets out;
    for (const package::RememberedPrefix& each : memory.prefixes) out.push_back(each.settled());
    return out;
}

/// Of prefixes that are remembered since that run was carried out: of what somebody had changed meanwhile.
Targets with_later(Targets targets, const package::Memory& memory) {
    for (std::size_t i = targets.size(); i < memory.prefixes.size(); ++i) {
        const auto same = [&](const package::RememberedPrefix& each) { return each.at == memory.prefixes[i].at; };
        const auto known = std::find_if(memory.prefixes.begin(), memory.prefixes.end(), same);  // itself at the latest
        const auto index = static_cast<std::size_t>(known - memory.prefixes.begin());
        targets.push_back(index < i ? targets[index] : memory.prefixes[i].at);
    }
    return targets;
}

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
                const Targets& targets, const std::optional<std::string>& place, bool search) {
    std::optional<package::NextMove> remembered;
    if (memory) {
        check_nothing_stays_behind(*memory, targets, options, move.paths.front());
        remembered.emplace(*memory, targets, options.prefixes(), options.pads());
    }
    PrefixSearch what;
    if (search) what = move.search;
    what.folder = move.paths.front();
    what.remembered = remembered ? &*remembered : nullptr;
    what.left = move.search.left;
    const std::optional<Platform> platform = memory && memory->platform ? memory->platform : move.platform;
    PrefixItems found = prefix_items(move.paths, std::move(what), options, platform);

    TreeHooks hooks;
    std::optional<MemoryWriter> writer;
    if (move.memory_file) {
        writer.emplace(move.paths.front(), memory, targets, place, options, platform);
        const bool pending = memory && memory->pending();
        const auto nothing = [pending](const relocate::TreePlan& plan) {
            return plan.changed.empty() && plan.links.empty() && !pending;
        };
        hooks.before = [&writer, &move, nothing](const relocate::TreePlan& plan) {
            if (!nothing(plan)) save_memory(writer->before(plan), *move.memory_file);
        };
        hooks.after = [&writer, nothing, &move, &options](const TreeRun& run) {
            if (move.environment) follow_moves(move.paths.front(), writer->moved(run.plan), options);
            if (!nothing(run.plan)) save_memory(writer->after(run.plan), *move.memory_file);
        };
    }
    return run_tree(found.items, std::move(found.findings), options, hooks);
}

/// A tree may hold the report, but neither what it is read by nor what it will be remembered by.
void check_report_of(const TreeMove& move, const std::optional<std::string>& report) {
    if (move.memory_file) must_not_replace(report, *move.memory_file, *move.memory_file);
    for (const std::string& path : move.paths) {
        must_not_replace(report, path, path);
        must_not_replace(report, path + "/bin/conda-unpack", path + "/bin/conda-unpack");
        must_not_lie_in(report, path + "/conda-meta, where packages are remembered", path + "/conda-meta");
    }
}

}  // namespace

ExitStatus move_and_tell(const TreeMove& move, const RelocateOptions& options, const std::string& command) {
    check_report_of(move, options.report);
    ReportFile report(options.report);
    const TreeRun run = move_tree(move, options);
    Leftovers leftovers;
    const bool searched = options.leftovers && run.status == complete && !options.dry_run;
    if (searched) leftovers = find_leftovers(move.paths, leftover_query(move, move.search.links.pairs()), options.jobs);
    say_summary(run, options);
    const bool nothing = run.status == complete && run.plan.changed.empty() && run.plan.links.empty();
    if (nothing && !options.quiet && !move.in_vain.empty()) message("note: " + move.in_vain);
    if (searched) say_leftovers(leftovers, options);
    report.write(tree_report(run, options, command, searched ? leftovers_json(leftovers) : nullptr),
                 run.status == complete && !options.dry_run);
    return run.status;
}

LeftoverQuery leftover_query(const TreeMove& move, const std::vector<PrefixPair>& pairs) {
    LeftoverQuery query;
    query.except = move.search.left;
    for (const PrefixPair& pair : pairs) {
        query.old.push_back(pair.from);
        query.now.push_back(normal_prefix(pair.to));
    }
    if (move.memory)
        for (const package::RememberedPrefix& each : move.memory->prefixes)
            query.old.insert(query.old.end(), {each.placeholder, each.at});
    query.now.insert(query.now.end(), move.targets.begin(), move.targets.end());
    return query;
}

TreeRun move_tree(const TreeMove& move, const RelocateOptions& options) {
    std::optional<package::Memory> memory = move.memory;
    Targets targets = move.targets;
    if (memory && memory->pending() && !options.dry_run) {
        const Targets before = pending_targets(*memory);
        if (before != targets) {
            RelocateOptions quiet = options;
            quiet.quiet = true;
            quiet.only.clear();
            TreeRun run = move_to(move, quiet, memory, before, memory->place, false);
            if (run.status != complete) return run;
            memory = load_memory(*move.memory_file);
            targets = with_later(std::move(targets), *memory);
        }
    }
    return move_to(move, options, memory, targets, move.place, true);
}

}  // namespace reseal::cli
