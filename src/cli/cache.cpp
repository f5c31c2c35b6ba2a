// SPDX-License-Identifier: BSL-1.0
#include "cli/cache.hpp"

#include <array>

#include "cli/cache_renames.hpp"
#include "cli/compression_word.hpp"
#include "cli/message.hpp"

namespace reseal::cli {
namespace {

void take_operands(CacheArguments& a, const Words& words, const std::vector<const char*>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == words.operands.size()) throw UsageError(std::string(names[i]) + ": is needed");
        if (words.operands[i].empty()) throw UsageError(std::string(names[i]) + ": an empty name");
        a.operands.push_back(words.operands[i]);
    }
}

void no_more(const Words& words, const std::vector<const char*>& names) {
    if (words.operands.size() > names.size())
        throw UsageError(std::string(names.back()) + ": one, not also " + words.operands[names.size()]);
}

}  // namespace

Command add_cache(Command app, CacheArguments& a) {
    Command command = app.command("cache", "Fill, rewrite and sign binary caches for Nix");
    a.keygen = add_cache_keygen(command, a);
    a.add = add_cache_add(command, a);
    a.rewrite = add_cache_rewrite(command, a);
    return command;
}

void complete_cache(CacheArguments& a, const Words& words) {
    if (a.keygen.asked()) {
        const std::vector<const char*> names = {"NAME", "SECRET", "PUBLIC"};
        take_operands(a, words, names);
        no_more(words, names);
        return;
    }
    if (a.add.asked()) {
        take_operands(a, words, {"CACHE"});
        // --from takes one word; the others behind it look like operands.
        if (a.from.empty()) throw UsageError("--from: is needed");
        a.from.insert(a.from.end(), words.operands.begin() + 1, words.operands.end());
        for (const std::string& each : a.from)
            if (each.empty()) throw UsageError("--from: an empty name");
        if (a.compress_word.empty()) a.compress_word = "zstd";
        if (a.compress_word == "same") throw UsageError("--compress: same as what? none, gzip, bzip2, xz or zstd");
    } else {
        const std::vector<const char*> names = {"SRC", "DST"};
        take_operands(a, words, names);
        no_more(words, names);
        if (words.pairs.empty()) throw UsageError("-r: is needed");
        a.renames = words.pairs;
        Renames check(a.renames);
        if (a.compress_word.empty()) a.compress_word = "same";
    }
    a.compress = parse_compression(a.compress_word);
}

ExitStatus run_cache(const CacheArguments& a) {
    if (a.keygen.asked()) return run_cache_keygen(a);
    return a.add.asked() ? run_cache_add(a) : run_cache_rewrite(a);
}

void note_untrusted(std::uint64_t paths) {
    if (paths == 0) return;
    message("note: " + counted(paths, "path") +
            " without signature or content address; Nix asks for one unless told otherwise. --key FILE signs");
}

std::optional<store::SigningKey> signing_key(const std::string& path) {
    if (path.empty()) return {};
    store::SigningKey key = store::SigningKey::read(path);
    if (!key.warning().empty()) message("warning: " + key.warning());
    return key;
}

}  // namespace reseal::cli
