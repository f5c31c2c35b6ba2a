// SPDX-License-Identifier: BSL-1.0
// The options of `reseal rewrite`: names, help, what goes with what.
#include <unistd.h>

#include <reseal/error.hpp>

#include "cli/choice.hpp"
#include "cli/compression_word.hpp"
#include "cli/rewrite.hpp"
#include "cli/same_file.hpp"

namespace reseal::cli {
namespace {

constexpr const char* rewrite_examples = R"(Examples:
  reseal rewrite -r /build/prefix-0000000 /opt/local/v1.2.3.4 -o tool.new tool
  nix-store --dump OLD | reseal rewrite --rules hashes.txt | nix-store --restore NEW
  reseal rewrite -n --rules hashes.txt --report - tool | jq .entries

Where FROM and TO cannot be as long as each other: reseal relocate.
Exit status: 0 the output is complete; 2 an image, a name or link in an archive,
or a sparse file was refused; 1 anything else. Unless it is 0 there is no OUT. A
pipe or standard output may have had a part, or nothing at all, which tar takes
for an archive: `set -o pipefail` tells the shell.)";

constexpr Choice<Format> format_choices[] = {
    {"auto", Format::automatic}, {"plain", Format::plain}, {"nar", Format::nar}, {"tar", Format::tar}};

/// What is written beside the output takes the place of nothing that is read or written.
void check_place(const std::string& option, const std::string& file, const RewriteArguments& a) {
    const FileName place{file, STDOUT_FILENO};
    if (same_file(place, {a.in, STDIN_FILENO})) throw UsageError(option + ": the same file as IN");
    if (!a.dry_run && same_file(place, {a.out, STDOUT_FILENO})) throw UsageError(option + ": the same file as -o");
    if (a.has_rules_file && same_file(place, {a.rules_file, STDIN_FILENO}))
        throw UsageError(option + ": the same file as --rules");
}

}  // namespace

Command add_rewrite(Command app, RewriteArguments& a) {
    Command command = app.command("rewrite", "Replace paths in a stream and repair code signatures");
    command.pair("-r", "FROM TO",
                 "Replace the bytes FROM by TO, which has as many.\n"
                 "May be given again; the leftmost match wins,\nof those the longest");
    command.option("--rules", "FILE", a.rules_file,
                   "More rules, one FROM<TAB>TO a line. Blank lines and\n"
                   "# comments are skipped; \\\\ is a backslash,\n\\xNN any byte");
    add_choice<Format>(command, "--format", a.format,
                       "How to read IN: by its first bytes, as one file,\nas a Nix archive, as a tape archive [auto]",
                       format_choices);
    add_names(command, a.names);
    command.option("--compress", "same|none|gzip|bzip2|xz|zstd[:LEVEL]", a.compress_word,
                   "How to compress the output: as the input was, or\n"
                   "gzip:1 to 9, bzip2:1 to 9, xz:0 to 9, zstd:1 to 22;\n"
                   "the level may be left away. IN may come compressed\nin any of these ways [same]");
    add_cms(command, a.cms);
    add_stale(command, a.stale);
    add_unsealable(command, a.unsealable);
    command.flag("--positions", a.positions, "Put the offset of every substitution in the report");
    command.option("--report", "FILE", a.report,
                   "Write a JSON report; - is standard output, which\n"
                   "needs -o or -n");
    command.option("--map", "FILE", a.map, "Draw the pages of programs that were touched, as SVG");
    command.flag("-n", a.dry_run, "Do everything but write the output");
    command.flag("-q", a.quiet, "No notes, no summary, no progress");
    command.option("-o", "OUT", a.out, "The output; replaced as a whole, once complete [-]");
    command.operand("IN", "The input, a file or a pipe [-]", Operand::at_most_once);
    command.footer(rewrite_examples);
    a.command = command;
    return command;
}

void complete_rewrite(RewriteArguments& a, const Words& words) {
    a.rules = words.pairs;
    a.has_rules_file = a.command.given("--rules");
    a.has_report = a.command.given("--report");
    a.has_map = a.command.given("--map");
    if (words.operands.size() > 1) throw UsageError("IN: one input, not also " + words.operands[1]);
    if (!words.operands.empty()) a.in = words.operands[0];
    if (a.rules.empty() && !a.has_rules_file) throw UsageError("-r or --rules: one of them is needed");
    a.compress = parse_compression(a.compress_word);
    if (a.in.empty()) throw UsageError("IN: an empty name");
    if (a.out.empty()) throw UsageError("-o: an empty name");
    if (a.has_rules_file && a.rules_file.empty()) throw UsageError("--rules: an empty name");
    if (a.has_report && a.report.empty()) throw UsageError("--report: an empty name");
    if (a.has_map && a.map.empty()) throw UsageError("--map: an empty name");
    if (a.map == "-") throw UsageError("--map: it takes a file, not standard output");
    if (a.rules_file == "-" && a.in == "-") throw UsageError("--rules: standard input is IN already");
    if (a.has_report && !a.dry_run && a.report == a.out)
        throw UsageError(a.out == "-" ? "--report: standard output is the output's; -o OUT is needed"
                                      : "--report: the same file as -o");
    if (a.has_report) check_place("--report", a.report, a);
    if (a.has_map) check_place("--map", a.map, a);
    if (a.has_map && a.has_report && same_file({a.map, STDOUT_FILENO}, {a.report, STDOUT_FILENO}))
        throw UsageError("--map: the same file as --report");
    try {
        Rules check(a.rules);
    } catch (const Error& error) {
        throw UsageError(std::string("-r: ") + error.what());
    }
}

}  // namespace reseal::cli
