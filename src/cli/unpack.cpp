// SPDX-License-Identifier: BSL-1.0
#include "cli/unpack.hpp"

#include <algorithm>
#include <charconv>
#include <reseal/error.hpp>

#include "cli/byte_size.hpp"
#include "cli/choice.hpp"
#include "cli/interruption.hpp"
#include "cli/leftovers.hpp"
#include "cli/message.hpp"
#include "cli/progress.hpp"
#include "cli/report_file.hpp"
#include "cli/unpack_report.hpp"
#include "cli/words.hpp"
#include "fs/absolute_path.hpp"
#include "fs/path_parts.hpp"
#include "fs/read_whole.hpp"
#include "fs/within.hpp"
#include "package/environment.hpp"
#include "package/homebrew_places.hpp"
#include "package/memory.hpp"

namespace reseal::cli {
namespace {

using package::ExternalLinks;

constexpr Choice<ExternalLinks> external_choices[] = {
    {"allow", ExternalLinks::allow}, {"warn", ExternalLinks::warn}, {"deny", ExternalLinks::deny}};

constexpr const char* unpack_examples = R"(Examples:
  reseal unpack env.tar.gz ./env
  reseal unpack numpy-2.1.0-py312_0.conda zlib-1.3.1-0.conda ./env
  reseal unpack --from /build/prefix dist.tar.zst /opt/dist
  reseal unpack --prefix /opt/homebrew wget--1.25.0.arm64_sonoma.bottle.tar.gz ./Cellar
  curl -L https://… | reseal unpack --prefix /opt/env - ./stage/opt/env

Archives: environments of conda-pack, conda packages (.conda, .tar.bz2), Homebrew's
bottles, and with --from any tar (gzip, bzip2, xz, zstd) or zip. Several make one DEST.
Prefixes in files are replaced as metadata or --from say, links that lead there point to
the new place, and signatures of macOS programs are repaired, on any system. DEST appears
when all of it is there; a kill leaves at most .reseal-private… beside it, which the next
run sweeps up.

A bottle is laid down as it is packed, NAME/VERSION/…, so DEST is a Cellar: without
--prefix, PREFIX is the folder above it where it is called Cellar. Install names and rpaths
that become longer use the room behind a program's load commands.

Nothing is written through a link or outside DEST, which may be no link itself: names with
.., absolute ones, devices and names that come twice are refused. Link scripts never run.

Exit status: 0 DEST is complete, 2 files were refused: each is named with the reason, and
nothing is there; 1 anything else, and everything is as before, unless the message
tells what is done. A --merge that was killed when files took their places is completed
by the same command: what is the same there already stays.)";

std::uint64_t count(const std::string& option, const std::string& value) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
    if (error != std::errc() || end != value.data() + value.size() || out == 0)
        throw UsageError(option + ": '" + value + "' is no number of 1 or more");
    return out;
}

std::uint64_t bytes(const std::string& option, const std::string& value) {
    const std::optional<std::uint64_t> out = parse_byte_size(value);
    if (!out || *out == 0)
        throw UsageError(option + ": '" + value + "' is no number of bytes, 1 or more: 1000000, 500M, 64GiB");
    return *out;
}

/// NAME=PATH
std::pair<std::string, std::string> place_of(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (equals == word.npos) throw UsageError("--homebrew: '" + word + "' is not NAME=PATH");
    std::pair<std::string, std::string> out{word.substr(0, equals), word.substr(equals + 1)};
    try {
        package::HomebrewPlaces("/", {}).set(out.first, out.second);
    } catch (const Error& error) {
        throw UsageError(std::string("--homebrew: ") + error.what());
    }
    return out;
}

package::UnpackSettings settings_of(const UnpackArguments& a) {
    package::UnpackSettings out;
    out.destination = a.destination;
    if (a.prefix) out.prefix = *a.prefix;
    out.pairs = a.pairs;
    if (a.tab) out.tab = package::parse_receipt(fs::read_whole(*a.tab, package::max_receipt), *a.tab);
    out.homebrew = a.homebrew;
    out.padding = a.options.prefixes();
    out.pads = a.options.pads();
    out.file = a.options.file();
    out.platform_given = a.options.platform.has_value();
    out.mtime = a.options.mtime;
    out.external_links = a.external_links;
    out.limits = a.limits;
    out.jobs = a.options.jobs;
    out.merge = a.merge;
    out.unmanaged = a.options.unmanaged;
    out.dry_run = a.options.dry_run;
    out.sync = a.options.sync;
    if (a.python) out.python = *a.python;
    if (!a.options.only.empty()) out.wanted = [&a](const std::string& path) { return a.options.wanted(path); };
    return out;
}

LeftoverQuery leftover_query(const package::Unpacked& done) {
    LeftoverQuery query;
    query.except = package::environment_metadata();
    for (const PrefixPair& pair : done.pairs) {
        query.old.push_back(pair.from);
        query.now.push_back(normal_prefix(pair.to));
    }
    return query;
}

/// DEST need not be there yet, nor the folder above the report.
bool lies_in(const std::string& file, const std::string& folder) {
    return file != "-" && fs::absolute_path(file).starts_with(fs::absolute_path(folder) + "/");
}

void check_report(const UnpackArguments& a) {
    const std::optional<std::string>& report = a.options.report;
    for (const std::string& each : a.archives) must_not_replace(report, "ARCHIVE", each);
    if (a.tab) must_not_replace(report, "--tab", *a.tab);
    must_not_replace(report, "DEST", fs::without_slashes(a.destination));
    const std::string memory = fs::without_slashes(a.destination).append("/").append(package::memory_path);
    must_not_replace(report, memory, memory);
    must_not_lie_in(report, fs::folder_of(memory) + ", where packages are remembered", fs::folder_of(memory));
    if (!report || a.merge) return;
    if (lies_in(*report, a.destination) || (*report != "-" && fs::within(fs::folder_of(*report), a.destination)))
        throw Error(ErrorCode::misuse, "lies in DEST, which is not there before everything is: put it elsewhere", *report);
}

}  // namespace

Command add_unpack(Command app, UnpackArguments& a) {
    Command command = app.command("unpack", "Put relocatable archives in place");
    add_prefix_options(command, a.prefix_words, "What replaces the --from before it [--prefix]");
    command.option("--prefix", "DIR", a.prefix, "Where the tree will be found [DEST, made absolute]");
    command.option("--tab", "FILE", a.tab,
                   "Of a bottle: what its manifest says (sh.brew.tab),\ninstead of the receipt in it; - is standard input");
    command.option("--homebrew", "NAME=PATH", a.homebrew_words,
                   "What stands for @@HOMEBREW_NAME@@ in a bottle: PREFIX\n"
                   "[--prefix], CELLAR, REPOSITORY, LIBRARY, PERL, JAVA;\nmay be given again");
    command.flag("--merge", a.merge,
                 "DEST may hold files already; none of them is replaced,\nand only those that are the same may come again");
    add_choice<ExternalLinks>(command, "--external-links", a.external_links,
                              "Links that lead out of DEST: make them, make them and\nsay so, or refuse them [warn]",
                              external_choices);
    command.option("--max-bytes", "SIZE", a.max_bytes,
                   "All files together hold no more than this, nor does\n"
                   "what stands between and behind them; K, M, G, T, or\nKiB and so on, are powers of 1024 [64GiB]");
    command.option("--max-entries", "N", a.max_entries, "No more files, folders and links than this [2000000]");
    command.option("--max-ratio", "N", a.max_ratio, "No more bytes for each byte of archive than this [1000]");
    command.option("--python", "X.Y", a.python,
                   "Whose site-packages noarch packages go to\n[those of the Python among the archives]");
    add_relocate_options(command, a.options);
    command.operand("ARCHIVE", "What to unpack; - is standard input", Operand::repeated);
    command.operand("DEST", "The folder to make", Operand::once);
    command.footer(unpack_examples);
    return command;
}

void complete_unpack(UnpackArguments& a, const Words& words) {
    complete_relocate_options(a.options, words);
    a.pairs = prefix_pairs(words);
    check_absolute(a.pairs);
    for (const std::string& each : a.homebrew_words) a.homebrew.push_back(place_of(each));
    if (words.operands.size() < 2) throw UsageError("ARCHIVE and DEST are needed");
    a.archives.assign(words.operands.begin(), words.operands.end() - 1);
    a.destination = words.operands.back();
    for (const std::string& each : words.operands)
        if (each.empty()) throw UsageError("ARCHIVE, DEST: an empty name");
    if (std::count(a.archives.begin(), a.archives.end(), "-") + (a.tab == "-") > 1)
        throw UsageError("ARCHIVE, --tab: - can be read once");
    if (a.prefix && !a.prefix->starts_with('/')) throw UsageError("--prefix: '" + *a.prefix + "' is not absolute");
    if (a.max_bytes) a.limits.max_bytes = bytes("--max-bytes", *a.max_bytes);
    if (a.max_entries) a.limits.max_entries = count("--max-entries", *a.max_entries);
    if (a.max_ratio) a.limits.max_ratio = count("--max-ratio", *a.max_ratio);
}

ExitStatus run_unpack(const UnpackArguments& a) {
    check_report(a);
    package::UnpackSettings settings = settings_of(a);
    ReportFile report(a.options.report);
    package::Unpacked done;
    try {
        const Interruption interruption;  // outlives what is under construction: a signal takes effect when that is gone
        Progress progress(!a.options.quiet && watched(), {});
        settings.stop = [&] { return interruption.pending(); };
        settings.advance = [&](std::uint64_t bytes) { progress.advance(bytes); };
        done = package::unpack(a.archives, settings);
    } catch (const package::Stopped&) {
        return failed;  // of a signal that took effect just now, or was ignored meanwhile
    }
    Leftovers leftovers;
    const bool searched = a.options.leftovers && !done.refused && !a.options.dry_run;
    if (searched) leftovers = find_leftovers({done.destination}, leftover_query(done), a.options.jobs);
    say_unpacked(done, a.options);
    if (searched) say_leftovers(leftovers, a.options);
    report.write(unpack_report(done, a.options, searched ? leftovers_json(leftovers) : nullptr),
                 !done.refused && !a.options.dry_run);
    return done.refused ? refused : complete;
}

}  // namespace reseal::cli
