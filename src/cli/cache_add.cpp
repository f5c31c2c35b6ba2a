// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <reseal/references.hpp>

#include "bytes/call.hpp"
#include "bytes/fan.hpp"
#include "cli/cache.hpp"
#include "cli/cache_archive.hpp"
#include "cli/cache_sources.hpp"
#include "cli/candidates.hpp"
#include "cli/message.hpp"
#include "cli/progress.hpp"

namespace reseal::cli {
namespace {

constexpr const char* cache_add_examples = R"(Examples:
  reseal cache add ./cache --from /nix/store/<hash>-foo-1.0 --key cache.sec
  reseal register --spec spec.json >outputs.json
  reseal cache add ./cache --from outputs.json --key cache.sec

A store path's references are those of the paths beside it whose hash part stands
in it. From JSON they are what it says, and so are content address and signatures;
the tree has to be what it says. An address of the scheme reseal-1 has no place in
a narinfo: such a path needs a signature. What the cache has already stays, with
the signatures of both.

Exit status: 0 all paths are in CACHE, 1 they are not.)";

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// Those beside the tree whose hash parts were found in it; a name that is no store path's is nobody's reference.
std::vector<store::StorePath> references_of(ReferenceScanner& scanner, const Candidates& candidates) {
    scanner.finish();
    std::vector<store::StorePath> found;
    for (const Reference& each : scanner.found()) {
        const std::string& path = candidates.path_of(each.hash_part);
        const std::string base = path.substr(path.rfind('/') + 1);
        if (store::name_defect(base.substr(std::min(base.size(), store::hash_part_size + 1))).empty())
            found.push_back(store::parse_store_path(base));
    }
    return found;
}

void check_description(const CacheSource& source, const store::NarInfo& info) {
    if (!source.described || (info.nar_hash == source.info.nar_hash && info.nar_size == source.info.nar_size)) return;
    throw Error(ErrorCode::malformed,
                "it is not what " + source.blame + " says: " + info.nar_hash.sri() + " of " + std::to_string(info.nar_size) +
                    " bytes, not " + source.info.nar_hash.sri() + " of " + std::to_string(source.info.nar_size),
                source.tree);
}

/// What the cache says of the path already stays: whoever said it may have known more.
void add_known(store::NarInfo& info, const store::NarInfo& there) {
    info.references.insert(info.references.end(), there.references.begin(), there.references.end());
    std::sort(info.references.begin(), info.references.end());
    info.references.erase(std::unique(info.references.begin(), info.references.end()), info.references.end());
    if (!info.deriver) info.deriver = there.deriver;
    if (info.ca.empty()) info.ca = there.ca;
    info.further = there.further;
}

/// Signatures that hold already, and ours.
void sign(store::NarInfo& info, const std::optional<store::NarInfo>& there, const std::optional<store::SigningKey>& key) {
    const std::string fingerprint = info.fingerprint();
    if (there && there->fingerprint() == fingerprint)
        info.signatures.insert(info.signatures.end(), there->signatures.begin(), there->signatures.end());
    if (key) info.signatures.push_back(key->sign(fingerprint));
    std::sort(info.signatures.begin(), info.signatures.end());
    info.signatures.erase(std::unique(info.signatures.begin(), info.signatures.end()), info.signatures.end());
}

/// What lies beside the trees, by their folder: listed once each.
using Stores = std::map<std::string, Candidates>;

store::NarInfo add(const CacheFolder& cache, const CacheSource& source, Stores& stores, const codec::Choice& compress,
                   const std::optional<store::SigningKey>& key, Progress& progress) {
    store::NarInfo info = source.info;
    CacheArchive archive(cache, compress);
    const Candidates* candidates = nullptr;
    std::optional<ReferenceScanner> scanner;
    if (!source.described) {
        const std::string folder = folder_of(source.tree);
        auto known = stores.find(folder);
        if (known == stores.end()) known = stores.emplace(folder, Candidates::in_store(folder)).first;
        candidates = &known->second;
        scanner.emplace(candidates->hash_parts());
    }
    bytes::Call advance([&](std::string_view bytes) { progress.advance(bytes.size()); });
    bytes::Fan fan;
    fan.add(archive);
    if (scanner) fan.add(*scanner);
    fan.add(advance);
    dump_nar(source.tree, fan);
    archive.finish(info);
    check_description(source, info);
    if (scanner) info.references = references_of(*scanner, *candidates);

    const std::optional<store::NarInfo> there = cache.find(info.path);
    CacheFolder::check_same(there, info, source.tree);
    if (there) add_known(info, *there);
    sign(info, there, key);
    archive.publish();
    cache.publish(info);
    return info;
}

std::vector<CacheSource> all_sources(const CacheArguments& a, bool key) {
    std::vector<CacheSource> all;
    for (const std::string& word : a.from)
        for (CacheSource& each : cache_sources(word, a.store_dir, a.real_store)) all.push_back(std::move(each));
    if (all.empty()) throw Error(ErrorCode::misuse, "no outputs", a.from.front());
    for (const CacheSource& each : all) {
        if (each.info.store_dir != all.front().info.store_dir)
            throw Error(ErrorCode::misuse, "paths of two stores: " + all.front().info.store_dir + " and " + each.info.store_dir,
                        each.blame);
        if (each.must_be_signed && !key && each.info.signatures.empty())
            throw Error(ErrorCode::misuse,
                        each.info.path.base() +
                            " has a content address that Nix would refuse (reseal-1), so it has to be signed: --key FILE",
                        each.blame);
    }
    return all;
}

void note_missing(const CacheFolder& cache, const std::vector<store::NarInfo>& added) {
    std::map<store::StorePath, store::StorePath> by_whom;
    std::uint64_t untrusted = 0;
    for (const store::NarInfo& info : added) {
        untrusted += info.ca.empty() && info.signatures.empty() ? 1U : 0U;
        for (const store::StorePath& each : info.references) by_whom.emplace(each, info.path);
    }
    for (const auto& [path, by] : by_whom)
        if (!cache.find(path)) message("note: " + path.base() + " is not in the cache; " + by.base() + " refers to it");
    note_untrusted(untrusted);
}

}  // namespace

Command add_cache_add(Command cache, CacheArguments& a) {
    Command command = cache.command("add", "Put store paths into a cache");
    command.option(
        "--from", "JSON|PATH ...", a.from,
        "What to add: store paths on disk, and JSON as\nreseal register and reseal ca print it; - is standard\ninput");
    command.option("--key", "FILE", a.key, "Sign with this secret key");
    command.option("--compress", "none|gzip|bzip2|xz|zstd[:LEVEL]", a.compress_word,
                   "How to compress the archives: not, gzip:1 to 9,\n"
                   "bzip2:1 to 9, xz:0 to 9, zstd:1 to 22; the level may\nbe left away [zstd]");
    command.option("--store-dir", "DIR", a.store_dir,
                   "Of store paths on disk: the store's folder as Nix will\nsee it, where they lie elsewhere [their folder]");
    command.option("--real-store", "DIR", a.real_store, "Of paths from JSON: the folder that they lie in now\n[what they say]");
    command.flag("-q", a.quiet, "No notes, no summary, no progress");
    command.operand("CACHE", "The cache, a folder; made if missing", Operand::once);
    command.footer(cache_add_examples);
    return command;
}

ExitStatus run_cache_add(const CacheArguments& a) {
    const std::optional<store::SigningKey> key = signing_key(a.key);
    const std::vector<CacheSource> sources = all_sources(a, key.has_value());
    const std::string& store_dir = sources.front().info.store_dir;
    const CacheFolder cache = CacheFolder::create(a.operands[0], store_dir, "StoreDir: " + store_dir + "\n");
    std::vector<store::NarInfo> added;
    {
        Progress progress(!a.quiet && watched(), {});
        Stores stores;
        for (const CacheSource& each : sources) added.push_back(add(cache, each, stores, *a.compress, key, progress));
    }
    if (a.quiet) return complete;
    note_missing(cache, added);
    std::uint64_t bytes = 0;
    for (const store::NarInfo& each : added) bytes += *each.file_size;
    message(counted(added.size(), "path") + " in " + cache.path() + ", " + counted(bytes, "byte") + " of archives");
    return complete;
}

}  // namespace reseal::cli
