// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_renames.hpp"

#include <reseal/error.hpp>
#include <set>

#include "cli/words.hpp"

namespace reseal::cli {
namespace {

store::FullStorePath parse(const std::string& text) {
    try {
        return store::parse_full_store_path(text);
    } catch (const Error& error) {
        throw UsageError(std::string("-r: ") + error.what());
    }
}

}  // namespace

Renames::Renames(const std::vector<Rule>& pairs) {
    std::set<store::StorePath> new_ones;
    std::set<std::string> old_hash_parts;
    for (const Rule& pair : pairs) {
        const store::FullStorePath from = parse(pair.from), to = parse(pair.to);
        if (store_dir_.empty()) store_dir_ = from.store_dir;
        for (const store::FullStorePath* each : {&from, &to})
            if (each->store_dir != store_dir_)
                throw UsageError("-r: paths of two stores: " + store_dir_ + " and " + each->store_dir);
        if (from.path.name.size() != to.path.name.size())
            throw UsageError("-r: " + pair.from + " and " + pair.to + " have names of " +
                             std::to_string(from.path.name.size()) + " and " + std::to_string(to.path.name.size()) +
                             " bytes; they must be of one length");
        if (!old_hash_parts.insert(from.path.hash_part).second) throw UsageError("-r: given twice: " + pair.from);
        if (!new_ones.insert(to.path).second) throw UsageError("-r: two paths would become " + pair.to);
        new_of_.emplace(from.path, to.path);
    }
}

const store::StorePath& Renames::operator()(const store::StorePath& old) const {
    const auto found = new_of_.find(old);
    return found == new_of_.end() ? old : found->second;
}

Rules Renames::rules() const {
    std::vector<Rule> rules;
    for (const auto& [from, to] : new_of_) {
        rules.push_back({from.hash_part, to.hash_part});
        if (from.name != to.name) rules.push_back({from.base(), to.base()});
    }
    return Rules(std::move(rules));
}

}  // namespace reseal::cli
