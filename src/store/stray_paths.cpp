// SPDX-License-Identifier: BSL-1.0
#include "store/stray_paths.hpp"

#include <algorithm>
#include <reseal/store.hpp>

#include "match/index.hpp"

namespace reseal::store {

StrayPaths::StrayPaths(const std::string& store_dir, std::set<std::string> known)
    : prefix_({{store_dir + "/", store_dir + "/"}}),
      known_(std::move(known)),
      overlap_(store_dir.size() + 1 + hash_part_size + 1 + max_name_size) {}

void StrayPaths::write(std::string_view chunk) {
    overlap_.write(chunk, [this](std::string_view text, std::size_t to, std::uint64_t) { scan(text, to); });
}

void StrayPaths::finish() {
    overlap_.finish([this](std::string_view text, std::size_t to, std::uint64_t) { scan(text, to); });
}

void StrayPaths::scan(std::string_view text, std::size_t to) {
    std::size_t at = 0;
    while (std::optional<match::Match> match = prefix_.index().find(text, at, to)) {
        at = match->start + 1;
        const std::string_view base = text.substr(match->start + prefix_.longest());
        if (base.size() <= hash_part_size || base[hash_part_size] != '-' || found_.size() == max_count) continue;
        const std::string hash_part(base.substr(0, hash_part_size));
        if (known_.contains(hash_part) || !is_hash_part(hash_part)) continue;
        const std::string_view rest = base.substr(hash_part_size + 1, max_name_size);
        const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_character);
        const std::string name(rest.begin(), end);
        if (!name.empty()) found_.insert(StorePath{hash_part, name}.base());
    }
}

}  // namespace reseal::store
