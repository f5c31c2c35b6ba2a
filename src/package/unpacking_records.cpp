// SPDX-License-Identifier: BSL-1.0
// What an unpacking of conda packages writes itself: the commands of noarch packages, and the records by which package managers
// know what is installed.
#include <algorithm>
#include <reseal/error.hpp>

#include "fs/absolute_path.hpp"
#include "fs/parallel.hpp"
#include "fs/path_parts.hpp"
#include "package/prefix_record.hpp"
#include "package/safe_path.hpp"
#include "package/unpacking.hpp"

namespace reseal::package {

namespace {

/// About what one path takes in a record.
constexpr std::size_t path_text = 512;

}  // namespace

/// A file of ours. It has the time of its package, so that two runs make the same tree.
Entry Unpacking::announce(const std::string& path, unsigned mode, const std::string& archive, const FileOrder& order) {
    Entry entry;
    entry.path = path;
    entry.mode = mode;
    if (order.package_time) entry.modified = Time{order.package_time->tv_sec, 0};
    laid_.add(entry, archive);
    return entry;
}

void Unpacking::make(const std::string& path, std::string_view text, unsigned mode, const std::string& archive,
                     const FileOrder& order) {
    mover_.make(announce(path, mode, archive, order), text, order);
}

/// Makes the commands of a noarch package as well. The package's paths are in the record then.
Unpacking::OwnRecord Unpacking::make_record(Installed& installed) {
    const CondaPackage& package = installed.package;
    FileOrder plain;
    plain.package_time = package.time;
    plain.sha256_after = true;
    std::vector<PathEntry> paths = std::move(installed.package.paths);
    for (PathEntry& each : paths) {
        each.path = installed.place(each.path);
        const auto done = mover_.done().find(laid_.file_of(each.path));
        if (done == mover_.done().end() || each.type != PathType::hardlink) continue;
        if (done->second.what.sha256_after.empty())
            throw Error(ErrorCode::misuse, "its digest is not known", entry_name(installed.archive, each.path));
        each.sha256_in_prefix = done->second.what.sha256_after;
    }
    for (const EntryPoint& point : package.entry_points) {
        const MadeFile file = installed.python->script(point);
        FileOrder order = plain;
        order.prefixes = prefixes_from({file.record.placeholder});
        order.mode = file.record.mode;
        make(file.record.path, file.contents, file.mode, installed.archive, order);
        ++made_.files;
        made_.bytes += file.contents.size();
        PathEntry& path = paths.emplace_back();
        path.path = file.record.path;
        path.type = PathType::unix_python_entry_point;
        path.sha256_in_prefix = mover_.done().at(file.record.path).what.sha256_after;
    }
    PackageOrigin origin;
    origin.requested = package.index.name;
    if (installed.archive != standard_input) {
        origin.archive = fs::name_of(installed.archive);
        origin.url = file_url(fs::absolute_path(installed.archive));
        if (installed.facts) {
            origin.size = installed.facts->size;
            origin.sha256 = installed.facts->sha256;
            origin.md5 = installed.facts->md5;
        }
    }
    Entry entry = announce(prefix_record_path(package.index), 0644, installed.archive, plain);
    own_records_.insert(entry.path);
    return {std::move(entry), std::move(plain), &package.index, std::move(origin), std::move(paths)};
}

void Unpacking::write(OwnRecord own) {
    const auto turn = large_records_.take(own.paths.size() * path_text);
    const PrefixRecord record = make_prefix_record(*own.index, own.origin, std::move(own.paths));
    mover_.make(own.entry, write_prefix_record(record, own.entry.path), own.order);
}

void Unpacking::write_records() {
    if (packages_.empty()) return;
    fs::parallel(packages_.size(), settings_.jobs, [&](std::size_t i) {
        if (!packages_[i].facts) packages_[i].facts = find_facts(packages_[i].archive, settings_.stop);
    });
    staging_.take_turn(settings_.stop);
    std::vector<OwnRecord> records;
    std::vector<std::string> names;
    std::int64_t newest = 0;
    for (Installed& each : packages_) {
        records.push_back(make_record(each));
        names.push_back(each.package.index.dist());
        if (each.package.time) newest = std::max<std::int64_t>(newest, each.package.time->tv_sec);
    }
    fs::parallel(records.size(), settings_.jobs, [&](std::size_t i) { write(std::move(records[i])); });
    // Of an environment that is there already the history stays as it is.
    const std::string history = "conda-meta/history";
    if (laid_.names().find(history) || staging_.is_taken(history)) return;
    make(history, history_entry(newest, "reseal unpack", names), 0644, packages_.front().archive, {});
}

}  // namespace reseal::package
