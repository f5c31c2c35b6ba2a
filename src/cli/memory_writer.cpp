// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include "cli/tree_memory.hpp"

namespace reseal::cli {

MemoryWriter::MemoryWriter(std::string file, std::string root, std::optional<package::Memory> before,
                           const std::vector<std::string>& targets, const RelocateOptions& options,
                           std::optional<Platform> platform)
    : file_(std::move(file)), root_(std::move(root)) {
    if (root_ == "/") root_.clear();
    if (before) memory_ = std::move(*before);
    for (std::size_t i = 0; i < memory_.prefixes.size(); ++i) memory_.prefixes[i].pending = targets[i];
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
    if (!file.former.first_line.empty()) out.shebang = file.former.first_line;
    out.size = file.entry.size;
    out.sha256 = result.sha256_before;
    if (!result.sha256_after.empty()) out.pending_sha256 = result.sha256_after;
    return out;
}

void MemoryWriter::before(const relocate::TreePlan& plan) {
    for (const relocate::PlannedFile& file : plan.changed) {
        package::RememberedFile what = remembered(file);
        std::vector<std::string> names = {file.entry.path};
        names.insert(names.end(), file.names.begin(), file.names.end());
        for (const std::string& path : names) {
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
    write();
}

void MemoryWriter::after(const TreeRun& run) {
    for (std::size_t i = 0; i < run.plan.changed.size(); ++i) {
        const relocate::PlannedFile& file = run.plan.changed[i];
        std::vector<std::string> names = {file.entry.path};
        names.insert(names.end(), file.names.begin(), file.names.end());
        for (const std::string& path : names) {
            package::RememberedFile& what = files_.at(name_of(path));
            what.size = run.done.files[i]->size_after;
            what.sha256 = run.done.files[i]->sha256_after;
        }
    }
    for (const relocate::StandingFile& file : run.plan.standing)
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
    write();
}

void MemoryWriter::write() const {
    package::Memory whole = memory_;
    whole.files.clear();
    whole.links.clear();
    for (const auto& [name, file] : files_) whole.files.push_back(file);
    for (const auto& [name, link] : links_) whole.links.push_back(link);
    save_memory(whole, file_);
}

}  // namespace reseal::cli
