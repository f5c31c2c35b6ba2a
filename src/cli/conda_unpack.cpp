// SPDX-License-Identifier: BSL-1.0
#include "cli/conda_unpack.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <set>
#include <unordered_set>

#include "cli/conda_prefix.hpp"
#include "cli/memory_file.hpp"
#include "cli/tree_move.hpp"
#include "fs/absolute_path.hpp"
#include "fs/path_parts.hpp"
#include "fs/tree.hpp"
#include "package/environment.hpp"
#include "package/tree_place.hpp"

namespace reseal::cli {
namespace {

constexpr const char* conda_unpack_examples = R"(Examples:
  mkdir env && tar -xf env.tar.gz -C env && reseal conda-unpack env
  reseal conda-unpack -n --report - env | jq .files
  ln -s /usr/bin/reseal conda-unpack && ./conda-unpack env

The files are those that PREFIX/bin/conda-unpack names, which is read and never
run, and those in PREFIX/conda-meta. PREFIX/conda-meta/reseal remembers what was
done: the environment can be moved again, to a longer prefix too, as long as
it fits where the first one stood. Prefixes of other trees stay as they are.
Without PREFIX it is the folder above the one where this command was found if it
was called conda-unpack, else the current one, else $CONDA_PREFIX.

Exit status: 0 done; 2 files were refused, all of them are named, and nothing was
changed; 1 anything else.)";

using package::Environment;

/// What the metadata names, for the placeholders that it says of each; links for all of them. What is remembered of a
/// placeholder is true of it everywhere.
void search_records(TreeMove& move, const Environment& environment, const std::string& prefix, const RelocateOptions& options) {
    PrefixSearch& search = move.search;
    const auto target = [&](const std::string& placeholder) {
        for (std::size_t i = 0; i < move.targets.size(); ++i)
            if (move.memory->prefixes[i].placeholder == placeholder) return move.targets[i];
        return prefix;
    };
    std::map<std::vector<PrefixPair>, Prefixes, decltype([](const auto& one, const auto& other) {
                 return std::lexicographical_compare(one.begin(), one.end(), other.begin(), other.end(),
                                                     [](const auto& x, const auto& y) { return x.from < y.from; });
             })>
        compiled;
    std::set<std::string> placeholders;
    std::unordered_set<std::string_view> digested;
    for (const package::PrefixRecord& each : environment.packages)
        for (const package::PathEntry& path : each.paths)
            if (path.sha256_in_prefix || path.type != package::PathType::hardlink) digested.insert(path.path);
    for (const package::Record& record : environment.records) {
        placeholders.insert(record.placeholder);
        if (search.named.contains(record.path)) continue;
        std::vector<PrefixPair> pairs;
        for (const package::Record& each : environment.of(record.path))
            pairs.push_back({each.placeholder, target(each.placeholder)});
        const auto [found, fresh] = compiled.try_emplace(pairs);
        if (fresh) found->second = Prefixes(pairs, options.prefixes());
        search.named.emplace(record.path, NamedFile{found->second, record.mode, digested.contains(record.path)});
    }
    std::vector<PrefixPair> all;
    for (const std::string& each : placeholders) all.push_back({each, target(each)});
    search.links = Prefixes(std::move(all), options.prefixes());
    if (options.unmanaged) search.rest = search.links;
}

}  // namespace

Command add_conda_unpack(Command app, CondaUnpackArguments& a) {
    Command command = app.command("conda-unpack", "Make a packed conda environment at home where it is");
    add_relocate_options(command, a.options);
    command.hidden_option("--called-as", a.called_as);
    command.operand("PREFIX", "The environment [see below]", Operand::at_most_once);
    command.footer(conda_unpack_examples);
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
    const std::string folder = a.prefix.empty() ? find_conda_prefix(a.called_as) : fs::without_slashes(a.prefix);
    if (fs::kind_of(folder) != fs::Kind::folder) throw Error(ErrorCode::io, "is not a folder", folder);
    const std::string prefix = fs::absolute_path(folder);
    const Environment environment = package::read_environment(folder, a.options.jobs);
    TreeMove move;
    move.paths = {folder};
    move.memory_file = folder + "/" + std::string(package::memory_path);
    move.memory = load_memory(*move.memory_file);
    if (environment.records.empty() && !move.memory && !holds_records(folder))
        throw Error(ErrorCode::io,
                    "no records of prefixes in bin/conda-unpack or conda-meta; reseal relocate --from does without", folder);
    move.platform = environment.platform;
    move.environment = true;
    move.search.left = package::environment_metadata();
    move.place = normal_prefix(prefix);
    if (move.memory) move.targets = package::targets_at(*move.memory, move.place, *move.memory_file);
    else
        move.in_vain =
            "none of its files holds a prefix that its metadata names; if another program moved it, reseal relocate --from OLD "
            "moves it on";
    search_records(move, environment, prefix, a.options);
    return move_and_tell(move, a.options, "conda-unpack");
}

}  // namespace reseal::cli
