// SPDX-License-Identifier: BSL-1.0
#include "cli/pack.hpp"

#include <sys/stat.h>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <map>
#include <reseal/error.hpp>
#include <set>

#include "cli/installed_metadata.hpp"
#include "cli/interruption.hpp"
#include "cli/memory_file.hpp"
#include "cli/memory_writer.hpp"
#include "cli/message.hpp"
#include "cli/own_place.hpp"
#include "cli/packed_tree.hpp"
#include "cli/prefix_items.hpp"
#include "cli/progress.hpp"
#include "cli/remembered_targets.hpp"
#include "cli/report_file.hpp"
#include "cli/tree_move.hpp"
#include "cli/tree_run.hpp"
#include "cli/tree_watch.hpp"
#include "fs/output_file.hpp"
#include "fs/path_parts.hpp"
#include "fs/tree.hpp"
#include "fs/within.hpp"
#include "package/environment.hpp"
#include "package/memory.hpp"
#include "package/next_move.hpp"

namespace reseal::cli {
namespace {

constexpr const char* pack_examples = R"(Examples:
  reseal pack --from /build/env --to /opt/env ./env env.tar.zst
  SOURCE_DATE_EPOCH=0 reseal pack --from /old --to /new ./tree tree.zip

ARCHIVE is by its name .tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst or .zip, and holds
what DIR holds, with the prefixes moved and signed programs resealed; DIR stays as
it is. The same DIR gives the same bytes: names are sorted, owners are left out,
times are whole seconds, and none is later than $SOURCE_DATE_EPOCH where that is
set. Where DIR has the metadata of conda packages, their placeholders become the
place of the tree, and conda-meta/reseal goes in, which remembers them: what is
unpacked elsewhere can be moved there, as far as they leave room. The place of the
tree is where a --from takes DIR or its last place; where none does, NEW of the
first. Only what lies there goes along later, every other NEW stays.

Exit status: 0 ARCHIVE is complete; 2 files were refused, all of them are named;
1 anything else. Unless it is 0 ARCHIVE is as it was.)";

std::optional<std::int64_t> source_date_epoch() {
    const char* set = std::getenv("SOURCE_DATE_EPOCH");
    if (set == nullptr || *set == '\0') return {};
    const std::string_view text = set;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0)
        throw Error(ErrorCode::misuse, "SOURCE_DATE_EPOCH: not a number of seconds");
    return seconds;
}

/// What is known of the tree before it is looked through.
struct Known {
    package::Environment environment;
    bool is_environment = false;
    std::optional<package::Memory> memory;
    std::vector<std::string> targets;  ///< of its prefixes
    std::vector<PrefixPair> pairs;
    std::string place;  ///< where the tree is packed for
};

/// The pairs, and what a file's own metadata says was written into it.
Prefixes with_placeholders(const Known& known, const std::set<std::string>& placeholders, const RelocateOptions& options) {
    std::map<std::string, std::string> targets;
    for (std::size_t i = 0; i < known.targets.size(); ++i)
        targets.emplace(known.memory->prefixes[i].placeholder, known.targets[i]);
    std::vector<PrefixPair> all = known.pairs;
    std::set<std::string> named;
    for (const PrefixPair& each : known.pairs) named.insert(each.from);
    for (const std::string& each : placeholders) {
        if (!named.insert(each).second) continue;
        const auto remembered = targets.find(each);
        all.push_back({each, remembered == targets.end() ? known.place : remembered->second});
    }
    return Prefixes(std::move(all), options.prefixes());
}

/// Of what metadata names, by the placeholders that it says of each.
void search_records(PrefixSearch& search, const Known& known, const PackArguments& a) {
    search.left = package::environment_metadata();
    std::map<std::string, std::set<std::string>> placeholders;
    std::set<std::string> all;
    for (const package::Record& record : known.environment.records) {
        placeholders[record.path].insert(record.placeholder);
        all.insert(record.placeholder);
        search.named[record.path].mode = record.mode;
    }
    std::map<std::set<std::string>, Prefixes> compiled;
    for (auto& [name, file] : search.named) {
        const auto [at, fresh] = compiled.try_emplace(placeholders[name]);
        if (fresh) at->second = with_placeholders(known, at->first, a.options);
        file.prefixes = at->second;
    }
    search.links = with_placeholders(known, all, a.options);
}

/// A file below a link is in no archive that anybody unpacks.
void check_metadata_folder(const std::string& folder) {
    const std::string metadata = fs::folder_of(folder + "/" + std::string(package::memory_path));
    struct stat status{};
    if (::lstat(metadata.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) return;
    throw Error(ErrorCode::misuse,
                "is no folder, and the archive would remember the tree in it; put what it leads to in its place", metadata);
}

Known know(const PackArguments& a) {
    Known out;
    out.environment = package::read_environment(a.folder);
    out.is_environment = !out.environment.records.empty() || !out.environment.packages.empty();
    out.memory = load_memory(a.folder + "/" + std::string(package::memory_path));
    if (out.is_environment || out.memory) check_metadata_folder(a.folder);
    if (out.memory && out.memory->pending())
        throw Error(ErrorCode::misuse, "a move of it did not come to its end; run it again first", a.folder);
    if (out.memory && !a.options.only.empty())
        throw Error(ErrorCode::misuse, "--only: what is remembered of it moves together, or not at all", a.folder);
    if (out.memory) out.targets = remembered_targets(*out.memory, a.pairs);
    const OwnPlace own = own_place(a.pairs, a.folder, out.memory, out.targets);
    out.place = own.after;
    out.pairs = with_own_place(a.pairs, own);
    return out;
}

TreeRun plan(const PackArguments& a, const Known& known) {
    PrefixSearch search;
    search.folder = a.folder;
    search.rest = search.links = Prefixes(known.pairs, a.options.prefixes());
    search.left = {std::string(package::memory_path)};
    if (known.is_environment) search_records(search, known, a);
    std::optional<package::NextMove> remembered;
    if (known.memory) remembered.emplace(*known.memory, known.targets, a.options.prefixes(), a.options.pads());
    if (remembered) search.remembered = &*remembered;
    RelocateOptions reading = a.options;
    reading.dry_run = true;  // nothing is cleared away
    const std::optional<Platform> platform =
        known.memory && known.memory->platform ? known.memory->platform : known.environment.platform;
    PrefixItems found = prefix_items({a.folder}, std::move(search), reading, platform);
    return run_tree(found.items, std::move(found.findings), reading, {});
}

/// What the archive's tree will be remembered by, and the records of packages as they tell of its files.
std::map<std::string, std::string> metadata(const PackArguments& a, const Known& known, const TreeRun& run) {
    std::map<std::string, std::string> out;
    if (!known.memory && (!known.is_environment || (run.plan.changed.empty() && run.plan.links.empty()))) return out;
    MemoryWriter writer(a.folder, known.memory, known.targets, known.place, a.options, known.environment.platform);
    writer.before(run.plan);
    if (known.is_environment) out = followed_moves(a.folder, writer.moved(run.plan));
    const std::string path(package::memory_path);
    out[path] = package::write_memory(writer.after(run.plan), path);
    return out;
}

/// Whether it came to its end; else run.failures says why.
bool write_archive(const PackArguments& a, const Known& known, TreeRun& run) {
    relocate::TreeEffort effort;
    const Interruption interruption;
    try {
        const PackedTree tree{
            .folder = a.folder, .texts = metadata(a, known, run), .mtime = a.options.mtime, .latest = source_date_epoch()};
        fs::OutputFile file(a.archive);
        package::ArchiveWriter out(*package::archive_kind(a.archive), file);
        const TreeWatch watch(interruption, effort, !a.options.quiet && watched());
        pack_tree(tree, run.plan, out, effort, run.done);
        file.commit();
        return true;
    } catch (const std::exception& error) {
        run.failures.emplace_back(error.what());
    }
    run.interrupted = effort.stop;
    return false;
}

}  // namespace

Command add_pack(Command app, PackArguments& a) {
    Command command = app.command("pack", "Write an archive of a tree, with its prefixes moved");
    add_prefix_options(command, a.words, "What it becomes");
    add_file_options(command, a.options);
    add_run_options(command, a.options);
    command.operand("DIR", "What goes in, a folder", Operand::once);
    command.operand("ARCHIVE", "Where to; replaced as a whole, once complete", Operand::once);
    command.footer(pack_examples);
    return command;
}

void complete_pack(PackArguments& a, const Words& words) {
    complete_relocate_options(a.options, words);
    a.pairs = prefix_pairs(words);
    if (a.pairs.empty()) throw UsageError("--from: is needed");
    for (const PrefixPair& each : a.pairs)
        if (each.to.empty()) throw UsageError(std::string("--from ") + each.from + ": --to is needed");
    check_absolute(a.pairs);
    if (words.operands.size() != 2) throw UsageError("DIR and ARCHIVE: both are needed, and nothing else");
    for (const std::string& each : words.operands)
        if (each.empty()) throw UsageError("DIR and ARCHIVE: an empty name");
    a.folder = fs::without_slashes(words.operands[0]);
    a.archive = words.operands[1];
    if (!package::archive_kind(a.archive))
        throw UsageError(std::string("ARCHIVE: ") + a.archive +
                         ": a name that ends in .tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst or .zip says what it is");
    must_not_replace(a.options.report, "ARCHIVE", a.archive);
}

ExitStatus run_pack(const PackArguments& a) {
    if (fs::kind_of(a.folder) != fs::Kind::folder) throw Error(ErrorCode::io, "is not a folder", a.folder);
    if (fs::within(fs::folder_of(a.archive), a.folder))
        throw Error(ErrorCode::misuse, "lies in what is to be packed, " + a.folder, a.archive);
    must_not_lie_in(a.options.report, "what is to be packed, " + a.folder, a.folder);
    ReportFile report(a.options.report);
    // Zip has the time of the day in it.
    ::setenv("TZ", "UTC0", 1);
    ::tzset();

    const Known known = know(a);
    TreeRun run = plan(a, known);
    if (run.status == complete && !a.options.dry_run && !write_archive(a, known, run)) {
        run.status = failed;
        for (const std::string& each : run.failures) message(each);
        message("no archive was written");
    }
    say_summary(run, a.options);
    report.write(tree_report(run, a.options, "pack"), run.status == complete && !a.options.dry_run);
    return run.status;
}

}  // namespace reseal::cli
