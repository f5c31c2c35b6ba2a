// SPDX-License-Identifier: BSL-1.0
#include "cli/memory_writer.hpp"

#include <algorithm>
#include <set>

#include "fs/entries.hpp"
#include "fs/replaced_link.hpp"
#include "relocate/moved_target.hpp"

namespace reseal::cli {
namespace {

std::vector<std::string> names_of(const relocate::PlannedFile& file) {
    std::vector<std::string> names = {file.entry.path};
    names.insert(names.end(), file.names.begin(), file.names.end());
    return names;
}

std::vector<std::string> prefixes_in(const package::RememberedFile& file, const package::Memory& memory) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < memory.prefixes.size(); ++i) {
        const std::string& placeholder = memory.prefixes[i].placeholder;
        const bool found =
            std::any_of(file.fields.begin(), file.fields.end(), [&](const PrefixField& each) { return each.pair == i; });
        if (found || (file.shebang && file.shebang->find(placeholder) != std::string::npos)) out.push_back(placeholder);
    }
    return out;
}

}  // namespace

MemoryWriter::MemoryWriter(std::string root, std::optional<package::Memory> before, const std::vector<std::string>& targets,
                           std::optional<std::string> place, const RelocateOptions& options, std::optional<Platform> platform)
    : root_(std::move(root)) {
    if (root_ == "/") root_.clear();
    if (before) memory_ = std::move(*before);
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i) memory_.prefixes[i].pending = targets[i];
    memory_.place = std::move(place);
    if (options.platform) memory_.platform = options.platform;
    else if (!memory_.platform) memory_.platform = platform;
    for (package::RememberedFile& each : memory_.files) files_.emplace(each.path, std::move(each));
    for (package::RememberedLink& each : memory_.links) links_.emplace(each.path, std::move(each));
}

std::string MemoryWriter::name_of(const std::string& path) const { return path.substr(root_.size() + 1); }

std::size_t MemoryWriter::prefix(const PrefixPair& pair) {
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i)
        if (memory_.prefixes[i].placeholder == pair.from) return i;
    memory_.prefixes.push_back({pair.from, pair.from, pair.to});
    return memory_.prefixes.size() - 1;
}

package::RememberedFile MemoryWriter::remembered(const relocate::PlannedFile& file) {
    const FileRelocation& result = file.plan.result;
    package::RememberedFile out;
    out.mode = result.mode;
    out.padding = file.plan.prefixes.options().padding;
    out.fields = file.former.fields;
    for (PrefixField& field : out.fields) field.pair = prefix(file.plan.prefixes.pairs().at(field.pair));
    if (!file.former.first_line.empty()) {
        out.shebang = file.former.first_line;
        for (const PrefixPair& pair : file.plan.prefixes.pairs())  // it may stand nowhere else
            if (out.shebang->find(pair.from) != std::string::npos) prefix(pair);
    }
    out.size = file.entry.size;
    out.sha256 = result.sha256_before;
    if (!result.sha256_after.empty()) out.pending_sha256 = result.sha256_after;
    return out;
}

package::Memory MemoryWriter::before(const relocate::TreePlan& plan) {
    for (const relocate::PlannedFile& file : plan.changed) {
        package::RememberedFile what = remembered(file);
        for (const std::string& path : names_of(file)) {
            what.path = name_of(path);
            const auto known = files_.find(what.path);
            if (file.back && known != files_.end()) {  // the digest of what is there stays; that before is of the former file
                known->second.pending_sha256 = what.pending_sha256;
                known->second.padding = what.padding;
                known->second.fields = what.fields;
            } else {
                files_.insert_or_assign(what.path, what);
            }
        }
    }
    for (const relocate::PlannedLink& link : plan.links) {
        prefix(link.pair);
        const std::string name = name_of(link.entry.path);
        links_.insert_or_assign(name, package::RememberedLink{name, link.first});
    }
    return whole();
}

package::MovedPaths MemoryWriter::moved(const relocate::TreePlan& plan) const {
    package::MovedPaths out;
    for (const relocate::PlannedFile& file : plan.changed) {
        const FileRelocation& planned = file.plan.result;
        package::MovedContents what;
        what.before.push_back({planned.sha256_before, planned.size_before});
        what.after = {planned.sha256_after, planned.size_after};
        add_moved(out, names_of(file), what);
    }
    for (const relocate::StandingFile& file : plan.standing)
        add_moved(out, file.names, {{{file.sha256_before, file.size_before}}, {file.sha256, file.size}});
    std::set<std::string> planned;
    for (const relocate::PlannedLink& link : plan.links) planned.insert(name_of(link.entry.path));
    for (const auto& [name, link] : links_) add_moved(out, link, planned.contains(name));
    return out;
}

void MemoryWriter::add_moved(package::MovedPaths& out, const std::vector<std::string>& paths,
                             const package::MovedContents& what) const {
    for (const std::string& path : paths) {
        const auto known = files_.find(name_of(path));
        if (known == files_.end()) continue;
        const package::RememberedFile& before = known->second;
        package::MovedContents& moved = out.emplace(before.path, what).first->second;
        if (!before.sha256.empty() && moved.before.front().sha256 == before.sha256)
            moved.prefixes = prefixes_in(before, memory_);
        moved.before.push_back({before.sha256, before.size});
    }
}

void MemoryWriter::add_moved(package::MovedPaths& out, const package::RememberedLink& link, bool planned) const {
    std::vector<PrefixPair> placed, next;
    for (const package::RememberedPrefix& each : memory_.prefixes) {
        placed.push_back({each.placeholder, each.at});
        next.push_back({each.placeholder, each.settled()});
    }
    const std::string path = root_ + "/" + link.path;
    const std::string after = relocate::moved_target(link.target, next).value_or(link.target);
    fs::DiskEntry now;
    if (!planned && (!fs::look_at(path, now) || now.type != fs::DiskEntry::Type::symlink || fs::read_link(path) != after))
        return;
    package::MovedContents& what = out[link.path];
    for (const std::string& before : {link.target, relocate::moved_target(link.target, placed).value_or(link.target)})
        what.before.push_back(package::contents_of(before));
    what.after = package::contents_of(after);
}

package::Memory MemoryWriter::after(const relocate::TreePlan& plan) {
    for (const relocate::PlannedFile& file : plan.changed) {
        for (const std::string& path : names_of(file)) {
            package::RememberedFile& what = files_.at(name_of(path));
            what.size = file.plan.result.size_after;
            what.sha256 = file.plan.result.sha256_after;
        }
    }
    for (const relocate::StandingFile& file : plan.standing)
        for (const std::string& path : file.names)
            if (const auto known = files_.find(name_of(path)); known != files_.end()) {
                known->second.size = file.size;
                known->second.sha256 = file.sha256;
            }
    for (auto& [name, file] : files_) {
        // Gone, or somebody else's by now: then the digest it was to have still tells whether it comes back.
        if (file.sha256.empty() && file.pending_sha256) file.sha256 = *file.pending_sha256;
        file.pending_sha256.reset();
    }
    for (package::RememberedPrefix& each : memory_.prefixes) {
        if (each.pending) each.at = *each.pending;
        each.pending.reset();
    }
    return whole();
}

package::Memory MemoryWriter::whole() const {
    package::Memory whole = memory_;
    whole.files.clear();
    whole.links.clear();
    for (const auto& [name, file] : files_) whole.files.push_back(file);
    for (const auto& [name, link] : links_) whole.links.push_back(link);
    return whole;
}

}  // namespace reseal::cli
