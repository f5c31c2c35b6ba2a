// SPDX-License-Identifier: BSL-1.0
// What the metadata of conda packages and of packed environments means for the files of an unpacking.
#include <sys/stat.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <set>
#include <span>

#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "package/conda_unpack.hpp"
#include "package/environment.hpp"
#include "package/memory.hpp"
#include "package/safe_path.hpp"
#include "package/unpacking.hpp"
#include "relocate/platform.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t max_text = std::size_t{64} << 20;

}  // namespace

/// A file that is laid down already; none where there is none.
std::optional<fs::FileSource> Unpacking::source_of(const std::string& path) {
    const auto type = laid_.names().find(path);
    if (type != EntryType::file && type != EntryType::hardlink) return {};
    const auto [folder, name] = staging_.place(laid_.file_of(path));
    const fs::Descriptor file = staging_.open(folder, name, path);
    return fs::FileSource::share(file.get(), path);
}

std::optional<std::string> Unpacking::text_of(const std::string& path) {
    const std::optional<fs::FileSource> source = source_of(path);
    if (!source) return {};
    if (source->size() > max_text) throw Error(ErrorCode::malformed, "more than 64 MiB of metadata", path);
    std::string out(static_cast<std::size_t>(source->size()), '\0');
    out.resize(source->read_at(0, out.data(), out.size()));
    return out;
}

Unpacking::Installed Unpacking::read_package(const std::string& info, const std::string& archive) {
    Installed out;
    out.package = read_conda_package([&](const std::string& name) { return text_of(info + "/" + name); }, archive);
    out.archive = archive;
    if (laid_.names().find(info + "/about.json") == EntryType::file) {
        const auto [folder, name] = staging_.place(info + "/about.json");
        struct stat status{};
        if (::fstat(staging_.open(folder, name, info).get(), &status) != 0) throw fs::io_error(archive, "look at");
        out.package.time = fs::modified(status);
    }
    const IndexJson& index = out.package.index;
    if (index.name == "python" && settings_.python.empty()) {
        python_ = index.version;
        site_packages_ = index.site_packages;
    }
    noarch_ = noarch_ || index.noarch == Noarch::python;
    if (index.noarch == Noarch::python && !python_.empty()) out.python.emplace(python_, site_packages_);
    return out;
}

/// Of a Python whose metadata came among its files.
void Unpacking::learn_python() {
    for (const Arrived& each : arrived_) {
        if (!python_.empty()) return;
        if (!holds_package(each.info)) continue;
        const auto text = text_of(each.info + "/index.json");
        if (!text) continue;
        const IndexJson index = read_index_json(*text, entry_name(each.name, "info/index.json"));
        if (index.name != "python") continue;
        python_ = index.version;
        site_packages_ = index.site_packages;
    }
}

/// Of what was built for it. DEST, unless a memory came for which something else was asked for.
std::string Unpacking::target(const std::string& placeholder) const {
    const auto found = targets_.find(placeholder);
    return found == targets_.end() ? prefix_ : found->second;
}

/// The pairs that were asked for count as well.
const Prefixes& Unpacking::prefixes_from(std::vector<std::string> placeholders) {
    std::sort(placeholders.begin(), placeholders.end());
    placeholders.erase(std::unique(placeholders.begin(), placeholders.end()), placeholders.end());
    const auto known = by_placeholders_.find(placeholders);
    if (known != by_placeholders_.end()) return known->second;
    std::vector<PrefixPair> pairs = pairs_;
    for (const std::string& placeholder : placeholders) {
        std::erase_if(pairs, [&](const PrefixPair& each) { return each.from == placeholder; });
        pairs.push_back({placeholder, target(placeholder)});
    }
    return by_placeholders_.emplace(std::move(placeholders), Prefixes(std::move(pairs), settings_.padding)).first->second;
}

FileOrders Unpacking::orders_of(const Installed& installed) {
    FileOrders out;
    const CondaPackage& package = installed.package;
    std::optional<Platform> platform;
    if (!settings_.platform_given) platform = relocate::platform_of_subdir(package.index.subdir);
    std::vector<std::string> placeholders;
    for (const Record& each : package.records) placeholders.push_back(each.placeholder);
    for (const PathEntry& each : package.paths) {
        if (each.type != PathType::hardlink) continue;
        FileOrder& order = out[installed.place(each.path)];
        order.sha256 = each.sha256;
        if (!each.sha256) order.size = each.size;
        order.sha256_after = true;
        order.archive = installed.archive;
        order.package_time = package.time;
        order.platform = platform;
        order.prefixes = asked_;
        if (settings_.unmanaged && !placeholders.empty()) order.prefixes = prefixes_from(placeholders);
    }
    for (const Record& each : package.records) {
        const Prefixes& prefixes = prefixes_from({each.placeholder});  // links move by them too
        const auto order = out.find(installed.place(each.path));
        if (order == out.end()) continue;
        order->second.prefixes = prefixes;
        order->second.mode = each.mode;
        order->second.claimed = each.offsets;
    }
    if (settings_.wanted)
        for (auto& [path, order] : out)
            if (!settings_.wanted(path)) order.prefixes = {};
    return out;
}

void Unpacking::check_paths(const Installed& installed) const {
    for (const PathEntry& each : installed.package.paths) {
        const auto there = laid_.names().find(installed.place(each.path));
        const bool right = each.type == PathType::directory  ? there == EntryType::folder
                           : each.type == PathType::softlink ? there == EntryType::symlink
                                                             : there.has_value() && there != EntryType::folder;
        if (!right)
            throw Error(ErrorCode::malformed, "the package's metadata names what the package does not hold",
                        entry_name(installed.archive, each.path));
    }
}

/// A file of several names moved by what its first is said to be.
void Unpacking::check_hard_links(const Installed& installed, const FileOrders& orders) {
    for (const auto& [path, order] : orders) {
        if (laid_.names().find(path) != EntryType::hardlink) continue;
        const std::string first = laid_.file_of(path);
        const auto said = orders.find(first);
        const bool same = said != orders.end() && said->second.prefixes.pairs() == order.prefixes.pairs();
        if (compare(path, order, installed.archive) && (same || order.prefixes.empty())) continue;
        const auto done = mover_.done().find(first);
        if (done != mover_.done().end() && (done->second.what.changed || done->second.what.refused))
            throw Error(ErrorCode::malformed, "metadata says otherwise of " + first + ", which is the same file",
                        entry_name(installed.archive, path));
        later_.insert_or_assign(first, order);
    }
}

/// All its files are on the disk.
void Unpacking::install(Installed installed) {
    check_paths(installed);
    environment_ = true;
    const std::string& subdir = installed.package.index.subdir;
    const std::optional<Platform> platform = relocate::platform_of_subdir(subdir);
    if (!platform_) platform_ = platform;
    if (platform && subdir_.empty()) {
        subdir_ = subdir;
        subdir_from_ = installed.archive;
    }
    if (platform && subdir != subdir_) {
        std::string what = "a package for ";
        what.append(subdir).append(" in one tree with ").append(subdir_from_).append(", which is for ").append(subdir_);
        findings_.push_back({Severity::note, installed.archive, 0, Code::platform_mixed, std::move(what)});
    }
    for (const PathEntry& each : installed.package.paths)
        if (is_link_script(each.path))
            findings_.push_back({Severity::note, each.path, 0, Code::link_script, "a script to be run on linking was not run"});
    packages_.push_back(std::move(installed));
}

/// Whether what was laid down at `info` is what a package says of itself.
bool Unpacking::holds_package(const std::string& info) const {
    const auto is_there = [&](const char* name) { return laid_.names().find(info + name).has_value(); };
    return is_there("/index.json") && (is_there("/paths.json") || is_there("/files"));
}

/// A package whose metadata came among its files.
bool Unpacking::settle_package(const Arrived& archive) {
    if (!holds_package(archive.info)) return false;
    Installed installed = read_package(archive.info, archive.name);
    if (installed.package.index.noarch == Noarch::python) {
        if (!installed.python)
            throw Error(ErrorCode::malformed, "a noarch package: --python X.Y says for which Python, or one among the archives",
                        archive.name);
        if (!archive.placed) {
            Foresight more = known_;
            more.python = python_;
            more.site_packages = site_packages_;
            more.packages.insert(archive.name);
            throw Again{std::move(more)};
        }
    }
    FileOrders orders = orders_of(installed);
    if (archive.early) {
        check_hard_links(installed, orders);
        orders.clear();  // done as they came
    }
    for (auto& [path, order] : orders) {
        if (laid_.names().find(path) == EntryType::symlink) continue;
        const bool known = compare(path, order, archive.name);
        if (!known || !order.prefixes.empty()) later_.insert_or_assign(laid_.file_of(path), std::move(order));
    }
    install(std::move(installed));
    laid_.forget(archive.info);
    return true;
}

/// What was seen of the file when it came, with what its metadata says; false: not enough was seen.
bool Unpacking::compare(const std::string& path, const FileOrder& order, const std::string& archive) const {
    const auto laid = mover_.done().find(laid_.file_of(path));
    if (laid == mover_.done().end() || (order.sha256 && laid->second.what.sha256_before.empty())) return false;
    if (order.sha256 && laid->second.what.sha256_before != *order.sha256)
        throw Error(ErrorCode::malformed, "the file is not the one that its metadata tells of: its SHA-256 is another",
                    entry_name(archive, path));
    if (order.size && laid->second.what.size_before != *order.size)
        throw Error(ErrorCode::malformed, "the file is not the one that its metadata tells of: its size is another",
                    entry_name(archive, path));
    return true;
}

/// An environment that conda-pack has packed: its own records, and what it left out of those of the packages.
bool Unpacking::settle_environment(const Arrived& archive) {
    const std::string program = conda_unpack_script, records = "conda-meta";
    const bool remembered = laid_.names().find(memory_path).has_value();
    if (!remembered) {
        const auto script = source_of(program);
        if (!script || !is_conda_unpack_script(*script) || !has_conda_unpack_records(*text_of(program))) return false;
    }
    std::vector<MetadataFile> files;
    const auto add = [&](const std::string& path) {
        const auto source = source_of(path);
        if (source && (path != program || is_conda_unpack_script(*source)))
            files.push_back({path, source->size(), [this, path] { return text_of(path).value_or(""); }});
    };
    add(program);
    for (const std::string& name : laid_.names().in(records)) {
        const std::string path = std::string(records).append("/").append(name);
        if (is_environment_metadata(path)) add(path);
    }
    const Environment environment = read_environment(std::move(files), archive.name, settings_.jobs);
    environment_ = true;
    if (remembered) take_memory(archive.name);
    if (!platform_) platform_ = environment.platform;
    for (std::size_t begin = 0, end = 0; begin < environment.records.size(); begin = end) {
        const std::span<const Record> of = environment.of(environment.records[begin].path);
        end = begin + std::max<std::size_t>(of.size(), 1);
        expect_late(of, environment.platform);
    }
    for (const PrefixRecord& package : environment.packages) know_digests(package, environment);
    if (remembered) settle_memory(archive.name);
    if (settings_.unmanaged) expect_others(environment.platform);
    return true;
}

/// One of those that are known is expected of files in the records of conda-pack only: what it has changed itself is in none.
void Unpacking::know_digests(const PrefixRecord& package, const Environment& environment) {
    for (const PathEntry& each : package.paths) {
        const std::span<const Record> records = environment.of(each.path);
        const std::string path = laid_.file_of(each.path);
        if (laid_.names().find(path) == EntryType::file && (each.sha256_in_prefix || each.type != PathType::hardlink))
            told_.insert(path);
        const auto order = later_.find(path);
        if (order == later_.end()) continue;
        if (records.empty() || !records[0].certain) continue;
        for (const auto& digest : {each.sha256, each.sha256_in_prefix})
            if (digest) order->second.known.push_back(*digest);
    }
}

/// --unmanaged: every other file, by all placeholders there are; those of packages beside it went by theirs.
void Unpacking::expect_others(const std::optional<Platform>& platform) {
    std::vector<std::string> all;
    for (const auto& [placeholders, prefixes] : by_placeholders_)
        all.insert(all.end(), placeholders.begin(), placeholders.end());
    FileOrder order;
    order.prefixes = prefixes_from(std::move(all));
    if (!settings_.platform_given) order.platform = platform;
    std::set<std::string> packaged;
    for (const Installed& each : packages_)
        for (const PathEntry& entry : each.package.paths) packaged.insert(each.place(entry.path));
    for (const std::string& path : laid_.names().files()) {
        if (packaged.contains(path) || path == memory_path || is_environment_metadata(path) ||
            (settings_.wanted && !settings_.wanted(path)))
            continue;
        later_.try_emplace(path, order);
    }
}

/// All records of one file.
void Unpacking::expect_late(std::span<const Record> records, const std::optional<Platform>& platform) {
    const std::string& path = records[0].path;
    std::vector<std::string> placeholders;
    FileOrder order;
    for (const Record& each : records) placeholders.push_back(each.placeholder);
    order.prefixes = prefixes_from(std::move(placeholders));
    order.mode = records[0].mode;
    if (!settings_.platform_given) order.platform = platform;
    const auto type = laid_.names().find(path);
    if (type == EntryType::file || type == EntryType::hardlink) {
        if (!settings_.wanted || settings_.wanted(path)) later_.insert_or_assign(laid_.file_of(path), std::move(order));
    } else if (type != EntryType::symlink) {
        miss(path);
    }
}

}  // namespace reseal::package
