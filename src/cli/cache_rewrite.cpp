// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <filesystem>
#include <map>
#include <reseal/error.hpp>
#include <set>
#include <thread>

#include "cli/cache.hpp"
#include "cli/cache_crew.hpp"
#include "cli/choice.hpp"
#include "cli/interruption.hpp"
#include "cli/message.hpp"
#include "cli/progress.hpp"

namespace reseal::cli {
namespace {

constexpr const char* cache_rewrite_examples = R"(Examples:
  reseal cache rewrite ./built ./final --key cache.sec \
      -r /nix/store/<old hash>-foo-1.0 /nix/store/<new hash>-foo-1.0
  nix copy --from "file://$PWD/final" --to ... /nix/store/<new hash>-foo-1.0

Every path of SRC comes to DST: in its archive OLDPATH becomes NEWPATH, and the
hash part also where it stands alone; signed programs are resealed; its narinfo is
renamed, with the hashes and sizes of the new archive. A signature stays where
nothing that it signs has changed. A content address stays where it still gives
the path; where it does not the path needs a signature, so --key.

A narinfo comes last, when its archive is on the disk. What an earlier run of the
same SRC with these rules has finished is left as it is: after a kill, run it
again. A path of DST that has other contents, or another path's hash part, is an
error.

Exit status: 0 all paths are in DST, 2 some are not because an image in them was
refused, 1 some are not for another reason.)";

/// Every narinfo of the cache, or a message for each that cannot be read.
std::optional<std::vector<store::NarInfo>> read_all(const CacheFolder& cache, const std::string& store_dir) {
    std::vector<store::NarInfo> all;
    bool good = true;
    for (const std::string& name : cache.narinfo_names()) {
        try {
            all.push_back(cache.read(name));
            if (all.back().store_dir != store_dir)
                throw Error(ErrorCode::misuse, "a path of " + all.back().store_dir + ", not of " + store_dir, cache.file(name));
        } catch (const Error& error) {
            message(error.what());
            good = false;
        }
    }
    if (!good) return {};
    return all;
}

/// A new path that another path of the cache has already.
void check_collisions(const std::vector<store::NarInfo>& paths, const Renames& renames) {
    std::map<std::string, store::StorePath> by_hash_part;
    for (const store::NarInfo& each : paths) {
        const store::StorePath& path = renames(each.path);
        const auto [other, first] = by_hash_part.emplace(path.hash_part, each.path);
        if (!first)
            throw Error(ErrorCode::misuse,
                        each.path.base() + " and " + other->second.base() + " would both have the hash part " + path.hash_part);
    }
}

std::string default_info(const CacheFolder& source, const std::string& store_dir) {
    return source.info().empty() ? "StoreDir: " + store_dir + "\n" : source.info();
}

Options options_of(const CacheArguments& a) {
    Options options;
    options.format = Format::nar;
    options.cms = a.cms;
    options.stale = a.stale;
    options.names = a.names;
    return options;
}

struct Totals {
    ExitStatus status = complete;
    std::uint64_t written = 0, renamed = 0, there = 0, substitutions = 0, images = 0, untrusted = 0;

    void add(const CacheOutcome& outcome) {
        status = worse(status, outcome.status);
        written += outcome.status == complete ? 1 : 0;
        renamed += outcome.status == complete && outcome.renamed ? 1 : 0;
        untrusted += outcome.status == complete && !outcome.trusted ? 1 : 0;
        images += outcome.images;
        substitutions += outcome.substitutions;
    }
};

void say(const CacheOutcome& outcome, bool quiet, Progress& progress) {
    if (outcome.messages.empty() && (quiet || outcome.notes.empty())) return;
    progress.clear();
    for (const std::string& each : outcome.messages) message(each);
    if (quiet) return;
    for (const std::string& each : outcome.notes) message(each);
}

/// Throws Interrupted, when no thread is left.
void run_all(const CachePlan& plan, const std::vector<store::NarInfo>& paths, const CacheArguments& a, Totals& totals) {
    std::uint64_t bytes = 0, shown = 0;
    for (const store::NarInfo& each : paths) bytes += each.nar_size;
    Progress progress(!a.quiet && watched(), bytes);
    const unsigned jobs = a.jobs > 0 ? a.jobs : std::max(1U, std::thread::hardware_concurrency());
    const Interruption interruption;
    CacheCrew crew(plan, paths, jobs);
    for (bool done = paths.empty(); !done;) {
        crew.wait(interruption);
        done = crew.done();
        const std::uint64_t now = crew.bytes();
        progress.advance(now - shown);
        shown = now;
        for (const CacheOutcome& outcome : crew.take()) {
            totals.add(outcome);
            say(outcome, a.quiet, progress);
            if (outcome.hopeless) crew.stop();
        }
    }
}

/// A path that the cache knows nothing of is probably misspelt.
void note_strangers(const std::vector<store::NarInfo>& paths, const Renames& renames, const CacheFolder& source) {
    std::set<store::StorePath> known;
    for (const store::NarInfo& each : paths) {
        known.insert(each.path);
        known.insert(each.references.begin(), each.references.end());
        if (each.deriver) known.insert(*each.deriver);
    }
    for (const auto& [from, to] : renames.all())
        if (!known.contains(from))
            message("note: " + from.in(renames.store_dir()) + " is neither in " + source.path() + " nor referred to there");
}

void summarize(const Totals& totals) {
    note_untrusted(totals.untrusted);
    std::string text = counted(totals.written, "path") + " written";
    if (totals.written > 0)
        text += " (" + std::to_string(totals.renamed) + " renamed, " + counted(totals.substitutions, "substitution") + ", " +
                counted(totals.images, "image") + " resealed)";
    if (totals.there > 0) text += ", " + std::to_string(totals.there) + " there already";
    message(text);
}

}  // namespace

Command add_cache_rewrite(Command cache, CacheArguments& a) {
    Command command = cache.command("rewrite", "Rename store paths in all of a cache");
    command.pair("-r", "OLDPATH NEWPATH", "The store path OLDPATH becomes NEWPATH, whose name is\nas long. May be given again");
    command.option("--key", "FILE", a.key, "Sign every narinfo with this secret key");
    command.number("--jobs", a.jobs, 1, 1024, "So many archives at a time [the machine's cores]");
    command.option("--compress", "same|none|gzip|bzip2|xz|zstd[:LEVEL]", a.compress_word,
                   "How to compress the archives: as they were, not,\n"
                   "gzip:1 to 9, bzip2:1 to 9, xz:0 to 9, zstd:1 to 22;\nthe level may be left away [same]");
    add_cms(command, a.cms);
    add_stale(command, a.stale);
    add_names(command, a.names);
    command.flag("-q", a.quiet, "No notes, no summary, no progress");
    command.operand("SRC", "The cache to read, a folder", Operand::once);
    command.operand("DST", "The cache to fill, another folder; made if missing", Operand::once);
    command.footer(cache_rewrite_examples);
    return command;
}

ExitStatus run_cache_rewrite(const CacheArguments& a) {
    const Renames renames(a.renames);
    const std::string& store_dir = renames.store_dir();
    const CacheFolder source = CacheFolder::open(a.operands[0]);
    if (const std::optional<std::string> theirs = source.store_dir(); theirs && *theirs != store_dir)
        throw Error(ErrorCode::misuse, "a cache of " + *theirs + ", not of " + store_dir, source.path());
    std::error_code none;
    if (std::filesystem::equivalent(a.operands[0], a.operands[1], none))
        throw Error(ErrorCode::misuse, "SRC and DST are the same folder", a.operands[1]);
    std::optional<store::SigningKey> key = signing_key(a.key);
    std::optional<std::vector<store::NarInfo>> all = read_all(source, store_dir);
    if (!all) return failed;
    check_collisions(*all, renames);
    if (!a.quiet) note_strangers(*all, renames, source);

    const CacheFolder destination = CacheFolder::create(a.operands[1], store_dir, default_info(source, store_dir));
    const CachePlan plan{source, destination, renames, renames.rules(), options_of(a), a.compress, std::move(key)};
    Totals totals;
    std::vector<store::NarInfo> paths;
    for (store::NarInfo& each : *all) {
        const std::string compression = a.compress ? std::string(codec::name(a.compress->compression)) : each.compression;
        if (finished(plan, renamed(each, renames), compression)) ++totals.there;
        else paths.push_back(std::move(each));
    }
    // The largest first, so that no thread is left alone with one at the end.
    std::sort(paths.begin(), paths.end(), [](const store::NarInfo& x, const store::NarInfo& y) {
        return std::pair(y.nar_size, x.path) < std::pair(x.nar_size, y.path);
    });
    try {
        run_all(plan, paths, a, totals);
    } catch (const Interrupted& interrupted) {
        interrupted.die();
        return failed;
    }
    if (!a.quiet) summarize(totals);
    return totals.status;
}

}  // namespace reseal::cli
