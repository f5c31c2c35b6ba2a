// SPDX-License-Identifier: BSL-1.0
#include "package/next_move.hpp"

namespace reseal::package {

struct NextMove::Compiled {
    Prefixes placed, next, search;
    std::optional<Prefixes> pending;
};

NextMove::NextMove(const Memory& memory, std::vector<std::string> targets, PrefixOptions options, bool pads)
    : memory_(memory), targets_(std::move(targets)), options_(options), pads_(pads) {
    for (const RememberedFile& each : memory.files) files_.emplace(each.path, &each);
    for (const RememberedLink& each : memory.links) links_.emplace(each.path, &each);
}

NextMove::Kind NextMove::kind_of(const RememberedFile& file) const {
    Kind kind{{}, false, std::vector<bool>(memory_.prefixes.size())};
    if (file.mode == FileMode::binary) kind.padding = file.padding;
    for (const PrefixField& field : file.fields) {
        kind.used.at(field.pair) = true;
        kind.wide = kind.wide || field.encoding != PrefixField::Encoding::utf8;
    }
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i)
        if (file.shebang && file.shebang->find(memory_.prefixes[i].placeholder) != std::string::npos) kind.used[i] = true;
    return kind;
}

PrefixOptions NextMove::options_for(const Kind& kind) const {
    PrefixOptions options = options_;
    if (kind.padding && !pads_) options.padding = *kind.padding;
    options.wide = options.wide || kind.wide;
    return options;
}

Prefixes NextMove::prefixes(const std::vector<std::string>& to, const Kind& kind) const {
    std::vector<PrefixPair> pairs;
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i) {
        const std::string& placeholder = memory_.prefixes[i].placeholder;
        pairs.push_back({placeholder, kind.used[i] ? to[i] : placeholder});
    }
    return Prefixes(std::move(pairs), options_for(kind));
}

Prefixes NextMove::search(const Kind& kind) const {
    std::map<std::string, std::string> moved;  // two placeholders may be at one place now
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i) {
        if (!kind.used[i]) continue;
        moved.emplace(memory_.prefixes[i].placeholder, targets_[i]);
        moved.emplace(memory_.prefixes[i].at, targets_[i]);
        if (memory_.prefixes[i].pending) moved.emplace(*memory_.prefixes[i].pending, targets_[i]);
    }
    std::vector<PrefixPair> pairs;
    for (const auto& [from, to] : moved) pairs.push_back({from, to});
    return Prefixes(std::move(pairs), options_for(kind));
}

const NextMove::Compiled& NextMove::compiled(const Kind& kind) {
    std::shared_ptr<const Compiled>& slot = compiled_[kind];
    if (slot) return *slot;
    std::vector<std::string> at, pending;
    for (const RememberedPrefix& each : memory_.prefixes) {
        at.push_back(each.at);
        pending.push_back(each.settled());
    }
    Compiled made{prefixes(at, kind), prefixes(targets_, kind), search(kind), {}};
    if (memory_.pending()) made.pending = prefixes(pending, kind);
    slot = std::make_shared<const Compiled>(std::move(made));
    return *slot;
}

std::optional<relocate::TreeItem> NextMove::item(const fs::DiskEntry& entry, const FileOptions& options) {
    relocate::Remembered what;
    Kind kind{{}, false, std::vector<bool>(memory_.prefixes.size(), true)};
    if (entry.type == fs::DiskEntry::Type::symlink) {
        const auto link = links_.find(entry.name);
        if (link == links_.end()) return {};
        what.target = link->second->target;
        links_.erase(link);
    } else {
        const auto found = files_.find(entry.name);
        if (found == files_.end()) return {};
        const RememberedFile& file = *found->second;
        kind = kind_of(file);
        what.former = {file.mode, file.fields, file.shebang.value_or("")};
        what.sha256 = file.sha256;
        what.pending_sha256 = file.pending_sha256.value_or("");
        files_.erase(found);
    }
    const Compiled& prefixes = compiled(kind);
    what.placed = prefixes.placed;
    what.pending = prefixes.pending;
    what.search = prefixes.search;
    return relocate::TreeItem{entry, prefixes.next, options, std::make_shared<const relocate::Remembered>(std::move(what))};
}

std::vector<std::string> NextMove::missing() const {
    std::vector<std::string> names;
    for (const auto& [name, file] : files_) names.push_back(name);
    for (const auto& [name, link] : links_) names.push_back(name);
    return names;
}

}  // namespace reseal::package
