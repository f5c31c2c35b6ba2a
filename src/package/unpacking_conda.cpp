// SPDX-License-Identifier: BSL-1.0
// What the metadata of conda packages and of packed environments means for the files of an unpacking.
#include <sys/stat.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <unordered_set>

#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "package/conda_unpack.hpp"
#include "package/safe_path.hpp"
#include "package/unpacking.hpp"
#include "relocate/platform.hpp"

namespace reseal::package {
namespace {

constexpr std::size_t max_text = std::size_t{64} << 20;

}  // namespace

/// A file that is laid down already; none where there is none.
std::optional<std::string> Unpacking::text_of(const std::string& path) {
    const auto type = laid_.names().find(path);
    if (type != EntryType::file && type != EntryType::hardlink) return {};
    const auto [folder, name] = staging_.place(laid_.file_of(path));
    const fs::Descriptor file = staging_.open(folder, name, path);
    const fs::FileSource source = fs::FileSource::share(file.get(), path);
    if (source.size() > max_text) throw Error(ErrorCode::malformed, "more than 64 MiB of metadata", path);
    std::string out(static_cast<std::size_t>(source.size()), '\0');
    out.resize(source.read_at(0, out.data(), out.size()));
    return out;
}

CondaPackage Unpacking::read_package(const std::string& info, const std::string& archive) {
    CondaPackage out = read_conda_package([&](const std::string& name) { return text_of(info + "/" + name); }, archive);
    if (laid_.names().find(info + "/about.json") == EntryType::file) {
        const auto [folder, name] = staging_.place(info + "/about.json");
        struct stat status{};
        if (::fstat(staging_.open(folder, name, info).get(), &status) != 0) throw fs::io_error(archive, "look at");
        out.time = fs::modified(status);
    }
    return out;
}

/// The pairs that were asked for count as well.
const Prefixes& Unpacking::prefixes_from(const std::string& placeholder) {
    const auto known = by_placeholder_.find(placeholder);
    if (known != by_placeholder_.end()) return known->second;
    std::vector<PrefixPair> pairs = pairs_;
    std::erase_if(pairs, [&](const PrefixPair& each) { return each.from == placeholder; });
    pairs.push_back({placeholder, prefix_});
    return by_placeholder_.emplace(placeholder, Prefixes(std::move(pairs), settings_.padding)).first->second;
}

FileOrders Unpacking::orders_of(const CondaPackage& package) {
    FileOrders out;
    std::optional<Platform> platform;
    if (!settings_.platform_given) platform = relocate::platform_of_subdir(package.subdir);
    for (const PathEntry& each : package.paths) {
        if (each.type != PathType::hardlink) continue;
        FileOrder& order = out[each.path];
        order.sha256 = each.sha256;
        if (!each.sha256) order.size = each.size;
        order.sha256_after = true;
        order.package_time = package.time;
        order.platform = platform;
        order.prefixes = asked_;
    }
    for (const Record& each : package.records) {
        const Prefixes& prefixes = prefixes_from(each.placeholder);
        const auto order = out.find(each.path);
        if (order == out.end()) continue;
        order->second.prefixes = prefixes;
        order->second.mode = each.mode;
    }
    if (settings_.wanted)
        for (auto& [path, order] : out)
            if (!settings_.wanted(path)) order.prefixes = {};
    return out;
}

void Unpacking::check_paths(const CondaPackage& package, const std::string& archive) const {
    for (const PathEntry& each : package.paths) {
        const auto there = laid_.names().find(each.path);
        const bool right = each.type == PathType::directory  ? there == EntryType::folder
                           : each.type == PathType::softlink ? there == EntryType::symlink
                                                             : there.has_value() && there != EntryType::folder;
        if (!right)
            throw Error(ErrorCode::malformed, "the package's metadata names what the package does not hold",
                        entry_name(archive, each.path));
    }
}

/// A package whose metadata came among its files.
bool Unpacking::settle_package(const Arrived& archive) {
    if (!laid_.names().find(archive.info + "/index.json")) return false;
    if (!laid_.names().find(archive.info + "/paths.json") && !laid_.names().find(archive.info + "/files")) return false;
    const CondaPackage package = read_package(archive.info, archive.name);
    check_paths(package, archive.name);
    for (auto& [path, order] : orders_of(package)) {
        if (laid_.names().find(path) == EntryType::symlink) continue;
        compare(path, order, archive.name);
        if (!order.prefixes.empty()) later_.insert_or_assign(laid_.file_of(path), std::move(order));
    }
    packages_.push_back(package);
    staging_.remove(archive.info);
    return true;
}

/// A digest that was taken when the file came, with that of its metadata.
void Unpacking::compare(const std::string& path, const FileOrder& order, const std::string& archive) {
    const auto laid = mover_.done().find(laid_.file_of(path));
    if (laid == mover_.done().end() || !order.sha256) return;
    if (laid->second.what.sha256_before != *order.sha256)
        throw Error(ErrorCode::malformed, "the file is not the one that its metadata tells of: its SHA-256 is another",
                    entry_name(archive, path));
}

/// An environment that conda-pack has packed.
bool Unpacking::settle_environment(const Arrived& archive) {
    const std::string program = "bin/conda-unpack";
    const auto script = text_of(program);
    if (!script || !has_conda_unpack_records(*script)) return false;
    for (const Record& each : conda_unpack_records(*script, entry_name(archive.name, program))) {
        const auto type = laid_.names().find(each.path);
        if (type != EntryType::file && type != EntryType::hardlink) {
            findings_.push_back(
                {Severity::note, each.path, 0, Code::file_missing, "named by " + program + ", and there is no such file"});
            continue;
        }
        const Prefixes& prefixes = prefixes_from(each.placeholder);
        if (settings_.wanted && !settings_.wanted(each.path)) continue;
        FileOrder order;
        order.prefixes = prefixes;
        order.mode = each.mode;
        later_.insert_or_assign(laid_.file_of(each.path), std::move(order));
    }
    return true;
}

}  // namespace reseal::package
