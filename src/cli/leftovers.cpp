// SPDX-License-Identifier: BSL-1.0
#include "cli/leftovers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/prefixes.hpp>
#include <utility>

#include "bytes/byte_string.hpp"
#include "cli/left_out.hpp"
#include "cli/message.hpp"
#include "cli/refs_lines.hpp"
#include "fs/entries.hpp"
#include "fs/input_file.hpp"
#include "fs/output_file.hpp"
#include "fs/parallel.hpp"
#include "fs/replaced_link.hpp"
#include "relocate/text_search.hpp"

namespace reseal::cli {
namespace {

/// Both kinds are sought, so that the longer one of two at a place is found; a pair below `old` is one that should be gone.
struct Sought {
    Prefixes prefixes;
    std::size_t old = 0;
};

Sought sought(const LeftoverQuery& query) {
    std::vector<PrefixPair> pairs;
    const auto add = [&](const std::string& prefix) {
        const PrefixPair pair = {prefix, normal_prefix(prefix)};
        if (!prefix.empty() && std::find(pairs.begin(), pairs.end(), pair) == pairs.end()) pairs.push_back(pair);
    };
    for (const std::string& each : query.old)
        if (std::find(query.now.begin(), query.now.end(), each) == query.now.end()) add(each);
    const std::size_t old = pairs.size();
    for (const std::string& each : query.now) add(each);
    return {Prefixes(std::move(pairs), {.wide = true}), old};
}

/// Of one file: what was found in it and in its layers.
struct FileLeftovers {
    std::vector<Leftover> found;
    std::uint64_t count = 0, bytes = 0;
    std::vector<Unread> unread;
};

/// One after the other, as LayerSearch has it; the file itself is the first.
class Search final : public LayerSearch {
public:
    Search(const Sought& sought, FileLeftovers& out) : sought_(sought), out_(out) {}

    void write(std::string_view bytes) override {
        if (!search_) search_.emplace(sought_.prefixes);
        search_->feed(bytes);
        drain();
    }
    void end(const std::string& path, const std::vector<PackedLayer>& layers) override {
        if (!search_) return;
        search_->end();
        drain();
        search_.reset();
        offset_ = 0;
        for (Leftover& each : waiting_) {
            each.path = path;
            each.layers = layers;
            if (out_.found.size() < Leftovers::max_listed) out_.found.push_back(std::move(each));
        }
        waiting_.clear();
    }

private:
    void drain() {
        for (relocate::Stretch each; search_->next(each); offset_ += each.old.size()) {
            if (!each.prefix || each.pair >= sought_.old) continue;
            ++out_.count;
            if (waiting_.size() < Leftovers::max_listed)
                waiting_.push_back(
                    {.offset = offset_, .encoding = each.encoding, .prefix = sought_.prefixes.pairs()[each.pair].from});
        }
    }

    const Sought& sought_;
    FileLeftovers& out_;
    std::optional<relocate::TextSearch> search_;
    std::uint64_t offset_ = 0;
    std::vector<Leftover> waiting_;
};

FileLeftovers search(const fs::DiskEntry& entry, const Sought& sought) {
    FileLeftovers out;
    Search outside(sought, out);
    try {
        if (entry.type == fs::DiskEntry::Type::symlink) {
            outside.write(fs::read_link(entry.path));
            outside.end(entry.name, {});
            for (Leftover& each : out.found) each.target = true;
            return out;
        }
        Layers inside([&] { return std::make_unique<Search>(sought, out); });
        fs::InputFile file(entry.path == "-" ? "./-" : entry.path);
        inside.begin(entry.name);
        for (std::string_view bytes = file.read(); !bytes.empty(); bytes = file.read()) {
            out.bytes += bytes.size();
            outside.write(bytes);
            inside.write(bytes);
        }
        outside.end(entry.name, {});
        inside.end();
        out.unread = inside.unread();
    } catch (const Error& error) {
        if (error.error() != ErrorCode::io) throw;
        out.unread.push_back({entry.name, {}, error.what(), false});
    }
    return out;
}

std::string layers_name(const Leftover& each) {
    std::string out;
    for (const PackedLayer& layer : each.layers) {
        if (!out.empty()) out += ": ";
        out += layer.format;
        if (layer.format.starts_with("zip")) out.append(": ").append(layer.member);
    }
    return each.target ? "link target" : out;
}

}  // namespace

Leftovers find_leftovers(const std::vector<std::string>& paths, const LeftoverQuery& query, unsigned jobs) {
    const Sought what = sought(query);
    Leftovers out;
    if (what.old == 0) return out;
    fs::DiskEntries all = fs::list_entries(paths);
    std::erase_if(all.entries, [&](const fs::DiskEntry& entry) { return left_out(entry.name, query.except); });
    std::vector<FileLeftovers> each(all.entries.size());
    fs::parallel(each.size(), jobs, [&](std::size_t i) { each[i] = search(all.entries[i], what); });
    for (const Error& error : all.unreadable) out.unread.push_back({error.entry(), {}, error.what(), false});
    out.files = each.size();
    for (FileLeftovers& file : each) {
        out.count += file.count;
        out.bytes += file.bytes;
        out.found.insert(out.found.end(), std::make_move_iterator(file.found.begin()),
                         std::make_move_iterator(file.found.end()));
        out.unread.insert(out.unread.end(), std::make_move_iterator(file.unread.begin()),
                          std::make_move_iterator(file.unread.end()));
    }
    return out;
}

std::string leftovers_text(const Leftovers& leftovers) {
    std::string out;
    for (const Leftover& each : leftovers.found) {
        out += printable(each.path);
        if (const std::string inside = layers_name(each); !inside.empty()) out.append(": ").append(printable(inside));
        out.append(": ").append(printable(each.prefix)).append(" at ").append(std::to_string(each.offset));
        if (each.encoding != relocate::Encoding::utf8) out.append(" (").append(name(each.encoding)).append(")");
        out += "\n";
    }
    if (leftovers.count > leftovers.found.size())
        out.append("… and ").append(std::to_string(leftovers.count - leftovers.found.size())).append(" more\n");
    return out;
}

void say_leftovers(const Leftovers& leftovers, const RelocateOptions& options) {
    if (options.report != "-") {
        fs::OutputFile out("-");
        out.write(leftovers_text(leftovers));
        out.commit();
    }
    for (const Unread& each : leftovers.unread)
        message("note: " + printable(inside_name(each.path, each.layers)) +
                ": not searched for leftovers: " + printable(each.why));
    if (!options.quiet)
        message(counted(leftovers.count, "leftover") + " of old prefixes; " + counted(leftovers.files, "file") + " searched");
}

nlohmann::ordered_json leftovers_json(const Leftovers& leftovers) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const Leftover& each : leftovers.found) {
        const std::string inside = layers_name(each);
        out.push_back({{"path", byte_string(each.path)},
                       {"offset", each.offset},
                       {"prefix", byte_string(each.prefix)},
                       {"encoding", name(each.encoding)},
                       {"inside", inside.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(byte_string(inside))}});
    }
    return out;
}

}  // namespace reseal::cli
