// SPDX-License-Identifier: BSL-1.0
#include "cli/relocate_options.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "cli/choice.hpp"
#include "relocate/platform.hpp"

namespace reseal::cli {
namespace {

constexpr Choice<std::optional<Dialect>> dialect_choices[] = {{"conda", Dialect::conda},
                                                              {"conda-pack", Dialect::conda_pack},
                                                              {"rattler", Dialect::rattler},
                                                              {"brew", Dialect::brew},
                                                              {"spack", Dialect::spack}};
constexpr Choice<std::optional<Padding>> padding_choices[] = {
    {"slash", Padding::slash}, {"nul", Padding::nul}, {"spack", Padding::spack}, {"refuse", Padding::refuse}};
constexpr Choice<std::optional<Boundary>> boundary_choices[] = {{"none", Boundary::none}, {"path", Boundary::path}};
constexpr Choice<std::optional<ShebangStyle>> shebang_choices[] = {
    {"auto", ShebangStyle::automatic}, {"env", ShebangStyle::env}, {"exec", ShebangStyle::exec}, {"keep", ShebangStyle::keep}};
constexpr Choice<std::optional<Platform>> platform_choices[] = {{"linux", Platform::linux_}, {"osx", Platform::osx}};

DialectOptions preset(const RelocateOptions& options) {
    return options.dialect ? options_of(*options.dialect) : DialectOptions{};
}

}  // namespace

PrefixOptions RelocateOptions::prefixes() const {
    PrefixOptions out = preset(*this).prefixes;
    if (padding) out.padding = *padding;
    if (boundary) out.boundary = *boundary;
    out.wide = out.wide || wide;
    return out;
}

FileOptions RelocateOptions::file(std::optional<Platform> package) const {
    FileOptions out;
    out.shebang = shebang ? *shebang : preset(*this).shebang;
    out.platform = platform ? *platform : package ? *package : relocate::host_platform();
    out.cms = cms;
    out.stale = stale;
    return out;
}

bool RelocateOptions::wanted(const std::string& name) const {
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& glob) {
               const std::string part = glob.find('/') == glob.npos ? name.substr(name.rfind('/') + 1) : name;
               return ::fnmatch(glob.c_str(), part.c_str(), 0) == 0;
           });
}

void add_file_options(Command command, RelocateOptions& o) {
    add_choice<std::optional<Padding>>(command, "--pad", o.padding,
                                       "What fills the room of a prefix that becomes shorter\n"
                                       "in a file whose length must not change: slashes,\n"
                                       "with nothing behind them moved; NULs at the end of\n"
                                       "the string; Spack's mixture; or refuse it [slash]",
                                       padding_choices);
    add_choice<std::optional<Dialect>>(command, "--dialect", o.dialect,
                                       "As another program does it: a set of --pad, --wide,\n"
                                       "--boundary and --shebang, each of which may be given\nas well",
                                       dialect_choices);
    add_choice<std::optional<Boundary>>(command, "--boundary", o.boundary,
                                        "Take a prefix for one wherever it stands, or not\n"
                                        "inside a longer word or path [none]",
                                        boundary_choices);
    command.flag("--wide", o.wide, "Also look for prefixes in UTF-16 and UTF-32");
    add_choice<std::optional<Platform>>(command, "--platform", o.platform,
                                        "Whose kernel reads the #! lines: 127 or 512 bytes\n"
                                        "[what the package says, else the first program,\nelse this system]",
                                        platform_choices);
    add_choice<std::optional<ShebangStyle>>(command, "--shebang", o.shebang,
                                            "What becomes of a #! line that is too long or holds\n"
                                            "a space: sh that execs for python and env for the\n"
                                            "rest, always env, always sh, or nothing [auto]",
                                            shebang_choices);
    command.option("--mtime", "patched+1|source|now|@SECONDS", o.mtime_word,
                   "When patched files were modified: a second later\n"
                   "than before, so that Python compiles them again; as\n"
                   "before; now; or in that second since 1970 [patched+1]");
    add_cms(command, o.cms);
    add_stale(command, o.stale);
    command.option("--only", "GLOB", o.only_words,
                   "Look at these files only, by their path below the\n"
                   "prefix, or by their name where GLOB has no slash;\nmay be given again");
}

void add_tree_options(Command command, RelocateOptions& o) {
    command.flag("--unmanaged", o.unmanaged, "Also patch files that no metadata names");
    command.flag("--leftovers", o.leftovers,
                 "Afterwards search for old prefixes, also in UTF-16 and\nUTF-32 and inside compressed files, and list them");
    command.flag("--sync", o.sync, "Wait until all is on the disk");
}

void add_run_options(Command command, RelocateOptions& o) {
    command.number("--jobs", o.jobs, 1, 1024, "So many files at a time [the machine's cores]");
    command.flag("--dry-run,-n", o.dry_run, "Read everything, say what would be done, write nothing");
    command.option("--report", "FILE", o.report, "Write a JSON report; - is standard output");
    command.flag("-q", o.quiet, "No notes, no summary, no progress");
}

void add_relocate_options(Command command, RelocateOptions& o) {
    add_file_options(command, o);
    add_tree_options(command, o);
    add_run_options(command, o);
}

void complete_relocate_options(RelocateOptions& o, const Words& words) {
    for (const Given& each : words.given)
        if (each.option == "--only") o.only.push_back(each.value);
    for (const std::string& glob : o.only)
        if (glob.empty()) throw UsageError("--only: an empty name");
    if (o.report && o.report->empty()) throw UsageError("--report: an empty name");
    const std::optional<relocate::MtimePolicy> mtime = relocate::parse_mtime(o.mtime_word);
    if (!mtime) throw UsageError(std::string("--mtime: '") + o.mtime_word + "' is none of patched+1, source, now, @SECONDS");
    o.mtime = *mtime;
}

void add_prefix_options(Command command, PrefixWords& words, const char* default_to) {
    command.option("--from", "OLD", words.from,
                   "A prefix to replace; may be given again. The longest\nwins, and what was replaced is not searched again");
    command.option("--to", "NEW", words.to, default_to);
}

std::vector<PrefixPair> prefix_pairs(const Words& words) {
    std::vector<PrefixPair> pairs;
    bool open = false;
    for (const Given& each : words.given) {
        if (each.option == "--from") {
            if (each.value.empty()) throw UsageError("--from: an empty prefix");
            pairs.push_back({each.value, {}});
            open = true;
        } else if (each.option == "--to") {
            if (!open) throw UsageError(std::string("--to: ") + each.value + ": there is no --from before it");
            if (each.value.empty()) throw UsageError("--to: an empty prefix");
            pairs.back().to = each.value;
            open = false;
        }
    }
    return pairs;
}

void check_absolute(const std::vector<PrefixPair>& pairs) {
    for (const PrefixPair& each : pairs)
        if (!each.to.empty() && !each.to.starts_with('/'))
            throw UsageError(std::string("--to: '").append(each.to).append("' is not absolute"));
}

}  // namespace reseal::cli
