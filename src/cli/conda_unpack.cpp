// SPDX-License-Identifier: BSL-1.0
#include "cli/conda_unpack.hpp"

#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>

#include "cli/absolute_path.hpp"
#include "cli/conda_prefix.hpp"
#include "cli/leftovers.hpp"
#include "cli/message.hpp"
#include "cli/tree_move.hpp"
#include "cli/tree_run.hpp"
#include "fs/output_file.hpp"
#include "fs/read_whole.hpp"
#include "package/conda_unpack.hpp"

namespace reseal::cli {
namespace {

constexpr const char* examples = R"(Examples:
  mkdir env && tar -xf env.tar.gz -C env && reseal conda-unpack env
  reseal conda-unpack -n --report - env | jq .files
  ln -s /usr/bin/reseal conda-unpack && ./conda-unpack env

The files are those that PREFIX/bin/conda-unpack names, which is read and never run,
and those in PREFIX/conda-meta. PREFIX/conda-meta/reseal.json remembers what was done:
the environment can be moved again, to a longer prefix too, as long as it fits where the
first one stood. Without PREFIX it is the folder above the one where this command was
found if it was called conda-unpack, else the current one, else $CONDA_PREFIX.

Exit status: 0 done; 2 files were refused, all of them are named, and nothing was
changed; 1 anything else.)";

std::vector<package::Record> records_of(const std::string& folder) {
    const std::string script = folder + "/" + conda_unpack_script;
    if (::access(script.c_str(), F_OK) != 0) return {};
    return package::conda_unpack_records(fs::read_whole(script, package::max_script), script);
}

/// What the records name, for the placeholder that each of them says; links for all of them.
void search_records(PrefixSearch& search, const std::vector<package::Record>& records, const std::string& prefix,
                    const RelocateOptions& options) {
    std::map<std::string, Prefixes> by_placeholder;
    std::vector<PrefixPair> all;
    for (const package::Record& record : records) {
        const auto [found, fresh] = by_placeholder.try_emplace(record.placeholder);
        if (fresh) {
            all.push_back({record.placeholder, prefix});
            found->second = Prefixes({all.back()}, options.prefixes());
        }
        search.named.insert_or_assign(record.path, NamedFile{found->second, record.mode});
    }
    search.links = Prefixes(std::move(all), options.prefixes());
    if (options.unmanaged) search.rest = search.links;
}

std::vector<PrefixPair> pairs_of(const std::vector<package::Record>& records, const std::string& prefix) {
    std::vector<PrefixPair> pairs;
    for (const package::Record& record : records) pairs.push_back({record.placeholder, prefix});
    return pairs;
}

void write_report(const TreeRun& run, const RelocateOptions& options, nlohmann::ordered_json leftovers) {
    if (!options.report) return;
    fs::OutputFile out(*options.report);
    out.write(tree_report(run, options, "conda-unpack", std::move(leftovers)).dump() + "\n");
    out.commit();
}

}  // namespace

Command add_conda_unpack(Command app, CondaUnpackArguments& a) {
    Command command = app.command("conda-unpack", "Make a packed conda environment at home where it is");
    add_relocate_options(command, a.options);
    command.option("--called-as", "PATH", a.called_as, "What this command was called, where that is not reseal");
    command.operand("PREFIX", "The environment [see below]", Operand::at_most_once);
    command.footer(examples);
    return command;
}

void complete_conda_unpack(CondaUnpackArguments& a, const Words& words) {
    complete_relocate_options(a.options, words);
    if (words.operands.size() > 1) throw UsageError(std::string("PREFIX: one, not also ") + words.operands[1]);
    if (words.operands.empty()) return;
    a.prefix = words.operands[0];
    if (a.prefix.empty()) throw UsageError("PREFIX: an empty name");
}

ExitStatus run_conda_unpack(const CondaUnpackArguments& a) {
    const std::string folder = a.prefix.empty() ? find_conda_prefix(a.called_as) : without_slashes(a.prefix);
    if (!holds_records(folder))
        throw Error(ErrorCode::io, std::string("neither ") + conda_unpack_script + " nor " + relocation_memory + " is there",
                    folder);
    const std::string prefix = absolute_path(folder);
    const std::vector<package::Record> records = records_of(folder);
    TreeMove move;
    move.paths = {folder};
    move.memory_file = folder + "/" + relocation_memory;
    move.memory = load_memory(*move.memory_file);
    move.left = {"conda-meta/", conda_unpack_script};  // metadata has to go on naming placeholders
    move.target = [&](const package::RememberedPrefix&) { return prefix; };
    move.search = [&](PrefixSearch& search) { search_records(search, records, prefix, a.options); };
    const TreeRun run = move_tree(move, a.options);
    Leftovers leftovers;
    const bool searched = a.options.leftovers && run.status == complete && !a.options.dry_run;
    if (searched) leftovers = find_leftovers(move.paths, leftover_query(move, pairs_of(records, prefix)), a.options.jobs);
    write_report(run, a.options, searched ? leftovers_json(leftovers) : nullptr);
    say_summary(run, a.options);
    if (searched) say_leftovers(leftovers, a.options);
    return run.status;
}

}  // namespace reseal::cli
