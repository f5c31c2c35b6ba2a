// SPDX-License-Identifier: BSL-1.0
#include "relocate/linkage.hpp"

#include <algorithm>
#include <string_view>

#include "macho/constants.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "relocate/command_change.hpp"
#include "relocate/elf_paths.hpp"
#include "relocate/moved_path.hpp"
#include "relocate/source_bytes.hpp"

namespace reseal::relocate {
namespace {

struct LinkagePlanner {
    const Source& file;
    const std::vector<PrefixPair>& pairs;
    const std::string& name;
    Linkage linkage;
    std::size_t bytes = 0;

    void refuse(Code code, std::uint64_t offset, std::string what) {
        linkage.findings.push_back({Severity::error, name, offset, code, std::move(what)});
    }

    void image(std::uint64_t offset, std::uint64_t size) {
        auto head_of = [&](std::size_t wanted) {
            return source_bytes(file, offset, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, size)));
        };
        std::string head = head_of(macho::header_bytes_wanted(head_of(32)));
        if (!macho::parse_header(head, size)) return;
        std::vector<CommandChange> changes;
        std::size_t texts = 0;
        for (const macho::CommandString& each : macho::command_strings(head)) {
            const std::string_view text = std::string_view(head).substr(each.text.offset, each.text.size);
            const PrefixPair* pair = moved_by(text, pairs);
            if (pair == nullptr || pair->to == pair->from) continue;
            changes.push_back({each, pair->to + std::string(text.substr(pair->from.size()))});
            // Small commands and a long prefix would come to hundreds of times what the file holds.
            texts += changes.back().to.size();
            if (texts > macho::max_load_commands)
                return refuse(Code::commands_too_large, offset + 20,
                              "more load commands than " + std::to_string(macho::max_load_commands));
        }
        if (changes.empty()) return;
        head = head_of(change_bytes_wanted(head, changes));
        const macho::Parsed<std::string> after = change_commands(head, changes);
        if (!after) return refuse(after.defect().code, offset + after.defect().offset, after.defect().what);
        add(offset, head, *after);
    }

    /// Only from the first byte that differs to the last.
    void add(std::uint64_t offset, std::string_view before, std::string_view after) {
        const auto begin = std::mismatch(before.begin(), before.end(), after.begin()).first - before.begin();
        const auto end = before.rend() - std::mismatch(before.rbegin(), before.rend(), after.rbegin()).first;
        if (begin >= end) return;
        const auto at = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
        bytes += count;
        if (bytes > max_linkage_bytes)
            return refuse(Code::commands_too_large, offset,
                          "more than " + std::to_string(max_linkage_bytes) + " bytes of load commands change in one file");
        linkage.edits.add(offset + at, before.substr(at, count), after.substr(at, count));
    }

    bool macho() {
        std::string head = source_bytes(file, 0, 8);
        if (head.size() < 4) return false;
        if (macho::is_thin(head)) {
            image(0, file.size());
            return true;
        }
        if (!macho::is_fat(head)) return false;
        head = source_bytes(file, 0, macho::fat_bytes_wanted(head));
        const macho::Parsed<macho::FatTable> table = macho::parse_fat(head);
        if (!table) return true;  // refused where it is touched, and nothing touches it here
        for (const macho::Slice& slice : table->slices)
            if (slice.range.within(file.size())) image(slice.range.offset, slice.range.size);
        return true;
    }

    void elf() {
        for (const ElfPath& path : elf_paths(file)) {
            const bool list = path.kind != ElfPath::Kind::interpreter;
            for (std::size_t at = 0; at <= path.text.size();) {
                const std::size_t end = std::min(list ? path.text.find(':', at) : std::string::npos, path.text.size());
                elf_path(path, at, end - at);
                at = end + 1;
            }
        }
        // Two of them may share one string, or one's end.
        linkage.edits.sort();
        const std::vector<PlacedEdit>& edits = linkage.edits.list();
        for (std::size_t i = 1; i < edits.size(); ++i)
            if (edits[i].offset - edits[i - 1].offset < edits[i - 1].before.size())
                return refuse(Code::elf_path_too_long, edits[i].offset, "two library paths share bytes that move apart");
    }

    /// Slashes fill what becomes free: what else ends in the same string, in a table where strings share their ends, stays.
    void elf_path(const ElfPath& path, std::size_t at, std::size_t count) {
        const std::string_view text = std::string_view(path.text).substr(at, count);
        const PrefixPair* pair = moved_by(text, pairs);
        if (pair == nullptr || pair->to == pair->from) return;
        if (pair->to.size() > pair->from.size()) {
            const char* what = path.kind == ElfPath::Kind::interpreter ? "interpreter" : "library path";
            return refuse(Code::elf_path_too_long, path.offset + at,
                          std::string("the ") + what + " has " + std::to_string(pair->from.size()) + " bytes for a prefix of " +
                              std::to_string(pair->to.size()) + ": it can only grow with patchelf, or take a shorter prefix");
        }
        linkage.edits.add(path.offset + at, pair->from, pair->to + std::string(pair->from.size() - pair->to.size(), '/'));
    }
};

}  // namespace

Linkage plan_linkage(const Source& file, const std::vector<PrefixPair>& pairs, const std::string& name) {
    LinkagePlanner planner{file, pairs, name, {}};
    if (!planner.macho()) planner.elf();
    if (!planner.linkage.findings.empty()) planner.linkage.edits.clear();
    return std::move(planner.linkage);
}

}  // namespace reseal::relocate
