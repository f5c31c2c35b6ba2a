// SPDX-License-Identifier: BSL-1.0
// What the records of a packed environment tell of files that have moved.
#include <algorithm>

#include "fs/parallel.hpp"
#include "package/installed_digests.hpp"
#include "package/turns.hpp"
#include "package/unpacking.hpp"

namespace reseal::package {
namespace {

/// The placeholders that stood in a file.
std::vector<std::string> prefixes_in(const MovedFile& file) {
    std::vector<std::string> out;
    const std::vector<PrefixPair>& pairs = file.prefixes.pairs();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto in_pair = [i](const PrefixField& each) { return each.pair == i; };
        if (std::any_of(file.what.fields.begin(), file.what.fields.end(), in_pair) ||
            file.former.first_line.find(pairs[i].from) != std::string::npos)
            out.push_back(pairs[i].from);
    }
    return out;
}

}  // namespace

void Unpacking::follow_files(const std::vector<MovedLink>& links) {
    MovedPaths moved;
    for (const auto& [path, file] : mover_.done()) {
        if (!file.what.changed) continue;
        MovedContents what{{{file.what.sha256_before, file.what.size_before}},
                           {file.what.sha256_after, file.what.size_after},
                           prefixes_in(file)};
        if (!file.sha256_came.empty()) what.before.push_back({file.sha256_came, file.size_came});
        moved.emplace(path, std::move(what));
    }
    for (const auto& [name, first] : laid_.hard_links())
        if (const auto file = moved.find(first); file != moved.end()) moved.emplace(name, MovedContents(file->second));
    for (const MovedLink& each : links) {
        MovedContents& what =
            moved.emplace(each.path, MovedContents{{contents_of(each.before)}, contents_of(each.after)}).first->second;
        if (const auto came = came_.find(each.path); came != came_.end()) what.before.push_back(contents_of(came->second));
    }
    if (moved.empty()) return;
    std::vector<std::string> records;
    for (std::string& path : laid_.names().files())
        if (path.starts_with("conda-meta/") && is_environment_metadata(path) && !own_records_.contains(path))
            records.push_back(std::move(path));
    Turns turns;
    fs::parallel(records.size(), settings_.jobs, [&](std::size_t i) {
        const auto source = source_of(records[i]);
        const auto turn = turns.take(source ? source->size() : 0);
        const std::optional<std::string> text = text_of(records[i]);
        if (!text) return;
        const std::string now = follow_moves(*text, records[i], moved);
        if (now != *text) mover_.replace(records[i], now);
    });
}

}  // namespace reseal::package
