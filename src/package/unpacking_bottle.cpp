// SPDX-License-Identifier: BSL-1.0
// Bottles among what is unpacked: NAME/VERSION folders of Homebrew's.
#include <algorithm>

#include "package/bottle.hpp"
#include "package/unpacking.hpp"

namespace reseal::package {
namespace {

/// Whether a file at `path` is only found in a bottle: its receipt, or its formula.
bool marks_bottle(std::string_view path) {
    const std::size_t first = path.find('/'), second = first == path.npos ? first : path.find('/', first + 1);
    if (second == path.npos) return false;
    const std::string_view rest = path.substr(second + 1);
    return rest == "INSTALL_RECEIPT.json" || (rest.starts_with(".brew/") && rest.ends_with(".rb"));
}

}  // namespace

/// Where Homebrew will be: the folder that is unpacked to is its Cellar unless --prefix says where that is.
HomebrewPlaces Unpacking::homebrew_places(const Receipt& receipt) const {
    const std::string& destination = staging_.destination();
    std::string prefix = prefix_, cellar;
    if (settings_.prefix.empty()) {
        const std::size_t slash = destination.rfind('/');
        if (destination.substr(slash) == "/Cellar" && slash > 0) prefix = destination.substr(0, slash);
        cellar = destination;
    }
    HomebrewPlaces places(prefix, receipt);
    if (!cellar.empty()) places.set("CELLAR", cellar);
    for (const auto& [name, path] : settings_.homebrew) places.set(name, path);
    return places;
}

bool Unpacking::settle_bottles(const Arrived& archive) {
    std::vector<fs::DiskEntry> entries;
    bool marked = settings_.tab || is_called_bottle(archive.name);
    std::vector<std::string> paths = laid_.names().files();
    for (const auto& [name, first] : laid_.hard_links()) paths.push_back(name);  // a receipt may name any of them
    for (std::string& path : paths) {
        marked = marked || marks_bottle(path);
        fs::DiskEntry entry;
        entry.path = staging_.tree() + "/" + laid_.file_of(path);
        entry.name = std::move(path);
        entries.push_back(std::move(entry));
    }
    if (!marked) return false;
    bottles_ = true;
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (const Bottle& bottle : read_bottles(entries, settings_.tab)) {
        const HomebrewPlaces places = homebrew_places(bottle.receipt);
        std::vector<PrefixPair> text = places.text_pairs(), strings = pairs_;
        text.insert(text.end(), pairs_.begin(), pairs_.end());
        if (!bottle.receipt.built_prefix.empty()) strings.push_back({bottle.receipt.built_prefix, places.prefix()});
        const Prefixes in_text(text, settings_.padding), in_binary(strings, settings_.padding);
        const Prefixes linkage(places.path_pairs(), {});
        for (const BottleFile& each : bottle.files) {
            if (settings_.wanted && !settings_.wanted(each.entry.name)) continue;
            const bool is_text = each.kind == BottleFile::Kind::text;
            FileOrder order;
            order.mode = is_text ? FileMode::text : FileMode::binary;
            if (is_text) order.prefixes = in_text;
            else if (each.strings) order.prefixes = in_binary;
            else order.prefixes = asked_;
            if (!is_text) order.linkage = linkage;
            if (!settings_.platform_given) order.platform = bottle.receipt.linux_ ? Platform::linux_ : Platform::osx;
            later_.insert_or_assign(laid_.file_of(each.entry.name), std::move(order));
        }
        for (const std::string& path : bottle.missing)
            findings_.push_back(
                {Severity::note, path, 0, Code::file_missing, "named by the receipt, and there is no such file"});
        for (const PrefixPair& each : places.path_pairs()) link_pairs_.push_back(each);
        root_ = places.cellar();
    }
    return true;
}

}  // namespace reseal::package
