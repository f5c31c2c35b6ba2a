// SPDX-License-Identifier: BSL-1.0
#include "package/unpack_memory.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "package/tree_place.hpp"

namespace reseal::package {
namespace {

/// By path; of one that had been deleted and came anew the later counts.
template <typename Remembered>
void in_order(std::vector<Remembered>& all) {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    const auto same = [](const auto& a, const auto& b) { return a.path == b.path; };
    all.erase(all.begin(), std::unique(all.rbegin(), all.rend(), same).base());
}

[[noreturn]] void refuse_another_place(const std::string& there, const std::string& here, const std::string& file) {
    throw Error(
        ErrorCode::misuse,
        std::string("what is there is for ").append(there) + ", and this would be for " + here + ": --prefix, or move it first",
        file);
}

}  // namespace

UnpackMemory::UnpackMemory(Memory before, std::optional<Platform> platform, std::string place, std::string file)
    : memory_(std::move(before)), file_(std::move(file)) {
    if (memory_.pending())
        throw Error(ErrorCode::misuse, "a move of what is there did not come to its end; run it again first", file_);
    const std::vector<std::string> places = possible_places(memory_);
    if (!places.empty() && std::find(places.begin(), places.end(), place) == places.end())
        refuse_another_place(places.front(), place, file_);
    memory_.place = std::move(place);
    if (!memory_.platform) memory_.platform = platform;
}

/// A placeholder that is known already stands where it stood then: a tree has one place.
std::size_t UnpackMemory::prefix(const PrefixPair& pair) {
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i)
        if (memory_.prefixes[i].placeholder == pair.from) {
            if (memory_.prefixes[i].at == pair.to) return i;
            refuse_another_place(memory_.prefixes[i].at, pair.to, file_);
        }
    memory_.prefixes.push_back({pair.from, pair.to, {}});
    return memory_.prefixes.size() - 1;
}

void UnpackMemory::add(const MovedFile& file, const std::string& path) {
    RememberedFile& out = memory_.files.emplace_back();
    out.path = path;
    out.mode = file.what.mode;
    out.padding = file.prefixes.options().padding;
    out.fields = file.former.fields;
    for (PrefixField& field : out.fields) field.pair = prefix(file.prefixes.pairs().at(field.pair));
    if (!file.former.first_line.empty()) {
        out.shebang = file.former.first_line;
        for (const PrefixPair& pair : file.prefixes.pairs())
            if (out.shebang->find(pair.from) != std::string::npos) prefix(pair);
    }
    out.size = file.what.size_after;
    out.sha256 = file.what.sha256_after;
}

void UnpackMemory::add_link(const std::string& path, const std::string& before, const PrefixPair& pair) {
    prefix(pair);
    memory_.links.push_back({path, before});
}

Memory UnpackMemory::take() {
    in_order(memory_.files);
    in_order(memory_.links);
    return std::move(memory_);
}

}  // namespace reseal::package
