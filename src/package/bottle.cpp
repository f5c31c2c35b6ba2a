// SPDX-License-Identifier: BSL-1.0
#include "package/bottle.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <string_view>

#include "bytes/byte_string.hpp"
#include "fs/file_source.hpp"
#include "fs/read_whole.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "relocate/file_kind.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t block = std::size_t{256} << 10;

/// "NAME/VERSION", and where the rest of the name begins.
std::string_view keg_of(const fs::DiskEntry& entry) {
    const std::string_view name = entry.name;
    const std::size_t first = name.find('/');
    const std::size_t second = first == name.npos ? name.npos : name.find('/', first + 1);
    if (second == name.npos)
        throw Error(ErrorCode::malformed, "lies in no NAME/VERSION, as all that a bottle holds", printable(name));
    return name.substr(0, second);
}

/// A program or library that a system's loader knows.
bool is_program(std::string_view head) {
    return head.size() >= 4 && (head.starts_with("\x7f"
                                                 "ELF") ||
                                macho::is_thin(head) || macho::is_fat(head));
}

struct Look {
    relocate::FileKind kind;
    bool marked = false;  // holds a placeholder
};

Look look_into(const Source& file) {
    Look look;
    std::string held;  // the last bytes of the block before, in which a mark may begin
    for (std::uint64_t at = 0; at < file.size();) {
        const std::size_t keep = held.size();
        held.resize(keep + block);
        const std::size_t count = file.read_at(at, held.data() + keep, block);
        held.resize(keep + count);
        if (count == 0) break;
        at += count;
        look.kind.feed(std::string_view(held).substr(keep));
        look.marked = look.marked || held.find(homebrew_mark) != std::string::npos;
        held.erase(0, held.size() - std::min(held.size(), homebrew_mark.size() - 1));
    }
    return look;
}

class Reader {
public:
    explicit Reader(Bottle& bottle) : bottle_(bottle), receipt_(bottle.receipt) {
        for (const auto* paths : {&receipt_.changed_files, &receipt_.linkage_files, &receipt_.binary_relocation_files})
            if (*paths) named_.insert(named_.end(), (*paths)->begin(), (*paths)->end());
        std::sort(named_.begin(), named_.end());
        named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
        for (auto* paths : {&receipt_.changed_files, &receipt_.linkage_files, &receipt_.binary_relocation_files})
            if (*paths) std::sort((*paths)->begin(), (*paths)->end());
        seen_ = std::vector<bool>(named_.size());
    }

    void add(const fs::DiskEntry& entry) {
        const std::string path = entry.name.substr(bottle_.keg.size() + 1);
        const auto place = std::lower_bound(named_.begin(), named_.end(), path);
        if (place != named_.end() && *place == path) seen_[static_cast<std::size_t>(place - named_.begin())] = true;
        if (entry.type != fs::DiskEntry::Type::regular) return;
        const bool text = says(receipt_.changed_files, path), linked = says(receipt_.linkage_files, path);
        const bool strings = says(receipt_.binary_relocation_files, path);
        const bool listed = receipt_.changed_files && receipt_.linkage_files;
        if (listed && !text && !linked && !strings) return;
        const fs::FileSource file = fs::FileSource::open(entry.path);
        char head[4];
        const bool program = is_program({head, file.read_at(0, head, sizeof head)});
        if (program) {
            if (text || linked || strings || !receipt_.linkage_files)
                bottle_.files.push_back({entry, BottleFile::Kind::program, strings});
        } else if (text) {
            bottle_.files.push_back({entry, BottleFile::Kind::text, false});
        } else if (strings || !receipt_.changed_files) {
            const Look look = look_into(file);
            if (strings && look.kind.binary() && !look.kind.script())
                bottle_.files.push_back({entry, BottleFile::Kind::program, true});
            else if (!receipt_.changed_files && look.marked && !look.kind.binary())
                bottle_.files.push_back({entry, BottleFile::Kind::text, false});
        }
    }

    void finish() {
        for (std::size_t i = 0; i < named_.size(); ++i)
            if (!seen_[i]) bottle_.missing.push_back(bottle_.keg + "/" + named_[i]);
    }

private:
    static bool says(const Receipt::Paths& paths, const std::string& path) {
        return paths && std::binary_search(paths->begin(), paths->end(), path);
    }

    Bottle& bottle_;
    Receipt& receipt_;
    std::vector<std::string> named_;  // in any of the lists
    std::vector<bool> seen_;
};

}  // namespace

std::vector<Bottle> read_bottles(const std::vector<fs::DiskEntry>& entries, const std::optional<Receipt>& tab) {
    std::map<std::string, std::vector<const fs::DiskEntry*>, std::less<>> kegs;
    for (const fs::DiskEntry& each : entries) kegs[std::string(keg_of(each))].push_back(&each);
    if (tab && kegs.size() != 1)
        throw Error(ErrorCode::malformed, "a tab is about one bottle, and there are " + std::to_string(kegs.size()));
    std::vector<Bottle> bottles;
    for (const auto& [keg, members] : kegs) {
        Bottle& bottle = bottles.emplace_back();
        bottle.keg = keg;
        for (const fs::DiskEntry* each : members)
            if (!tab && each->type == fs::DiskEntry::Type::regular && each->name == keg + "/INSTALL_RECEIPT.json")
                bottle.receipt = parse_receipt(fs::read_regular(each->path, max_receipt), each->name);
        if (tab) bottle.receipt = *tab;
        Reader reader(bottle);
        for (const fs::DiskEntry* each : members) reader.add(*each);
        reader.finish();
    }
    return bottles;
}

bool is_called_bottle(std::string_view archive) {
    archive.remove_prefix(archive.rfind('/') + 1);
    return archive.find(".bottle.") != archive.npos;
}

}  // namespace reseal::package
