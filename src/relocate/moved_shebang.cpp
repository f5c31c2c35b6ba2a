// SPDX-License-Identifier: BSL-1.0
#include "relocate/moved_shebang.hpp"

#include "relocate/text_search.hpp"

namespace reseal::relocate {

std::vector<ShebangHit> shebang_hits(std::string_view line, const Prefixes& prefixes) {
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    std::vector<ShebangHit> hits;
    std::size_t at = 0;
    TextSearch search(prefixes);
    const auto drain = [&] {
        for (Stretch each; search.next(each); at += each.old.size())
            if (each.prefix) hits.push_back({at, each.old.size(), each.to, each.pair});
    };
    search.feed(line);
    drain();
    search.end();
    drain();
    return hits;
}

std::optional<Shebang> moved_shebang(std::string_view line, const Prefixes& prefixes) {
    const std::vector<ShebangHit> hits = shebang_hits(line, prefixes);
    if (hits.empty()) return {};
    return Shebang(line, hits);
}

}  // namespace reseal::relocate
