// SPDX-License-Identifier: BSL-1.0
#include "package/environment.hpp"

#include <algorithm>
#include <filesystem>
#include <reseal/error.hpp>
#include <system_error>

#include "fs/file_source.hpp"
#include "fs/parallel.hpp"
#include "fs/read_whole.hpp"
#include "package/conda_unpack.hpp"
#include "package/turns.hpp"
#include "relocate/platform.hpp"

namespace reseal::package {
namespace {

constexpr std::string_view folder_of_records = "conda-meta/";

bool by_path(const Record& a, const Record& b) {
    if (a.path != b.path) return a.path < b.path;
    return a.placeholder < b.placeholder;
}

std::optional<Platform> common_platform(const std::vector<PrefixRecord>& packages) {
    std::optional<Platform> common;
    for (const PrefixRecord& package : packages) {
        const std::optional<Platform> platform = relocate::platform_of_subdir(package.subdir);
        if (!platform) continue;
        if (common && common != platform) return {};
        common = platform;
    }
    return common;
}

/// What a package says of its files. The placeholder may be gone: conda-pack replaces some when it packs.
std::vector<Record> claims_of(const PrefixRecord& package) {
    std::vector<Record> claims = records_of(package.paths);
    for (Record& each : claims) {
        each.certain = false;
        each.offsets.reset();
    }
    return claims;
}

/// What is held of all packages at once.
void drop_the_rest(PrefixRecord& package) {
    package.rest = {};
    package.files = {};
    for (PathEntry& each : package.paths) each.extra = {};
}

void must_be_few(const std::vector<MetadataFile>& files, const std::string& where) {
    std::uint64_t left = max_metadata;
    for (const MetadataFile& each : files) {
        if (each.size > left) throw Error(ErrorCode::malformed, "more than 256 MiB of metadata", where);
        left -= each.size;
    }
}

/// Those of files that `records` does not know.
void add_claims(std::vector<Record>& records, std::vector<Record> claims) {
    std::sort(claims.begin(), claims.end(), by_path);
    const auto same = [](const Record& a, const Record& b) { return a.path == b.path && a.placeholder == b.placeholder; };
    claims.erase(std::unique(claims.begin(), claims.end(), same), claims.end());
    std::vector<Record> all;
    all.reserve(records.size() + claims.size());
    auto known = records.begin();
    for (Record& claim : claims) {
        while (known != records.end() && known->path < claim.path) all.push_back(std::move(*known++));
        if (known == records.end() || known->path != claim.path) all.push_back(std::move(claim));
    }
    std::move(known, records.end(), std::back_inserter(all));
    records = std::move(all);
}

}  // namespace

bool is_environment_metadata(std::string_view path) {
    if (path == conda_unpack_script) return true;
    return path.starts_with(folder_of_records) && path.ends_with(".json") &&
           path.find('/', folder_of_records.size()) == path.npos;
}

std::vector<std::string> environment_metadata() { return {std::string(folder_of_records), conda_unpack_script}; }

std::span<const Record> Environment::of(std::string_view path) const {
    const auto [first, last] = std::equal_range(records.begin(), records.end(), path, [](const auto& a, const auto& b) {
        if constexpr (std::is_same_v<std::decay_t<decltype(a)>, Record>) return a.path < b;
        else return a < b.path;
    });
    return {first, last};
}

Environment read_environment(std::vector<MetadataFile> files, const std::string& where, unsigned jobs) {
    must_be_few(files, where);
    std::sort(files.begin(), files.end(), [](const MetadataFile& a, const MetadataFile& b) { return a.path < b.path; });
    Environment environment;
    std::vector<std::optional<PrefixRecord>> packages(files.size());
    std::vector<std::vector<Record>> claims(files.size());
    Turns turns;
    fs::parallel(files.size(), jobs, [&](std::size_t i) {
        const MetadataFile& each = files[i];
        const auto turn = turns.take(each.size);
        const std::string text = each.text();
        std::string name = where;
        name.append(where.empty() || where.ends_with('/') ? "" : "/").append(each.path);
        if (each.path == conda_unpack_script) {
            if (has_conda_unpack_records(text)) environment.records = conda_unpack_records(text, name);
        } else if (is_environment_metadata(each.path)) {
            packages[i] = read_prefix_record(text, name);
            claims[i] = claims_of(*packages[i]);
            drop_the_rest(*packages[i]);
        }
    });
    std::vector<Record> all;
    for (std::size_t i = 0; i < packages.size(); ++i) {
        if (!packages[i]) continue;
        environment.packages.push_back(std::move(*packages[i]));
        std::ranges::move(claims[i], std::back_inserter(all));
    }
    std::sort(environment.records.begin(), environment.records.end(), by_path);
    add_claims(environment.records, std::move(all));
    environment.platform = common_platform(environment.packages);
    return environment;
}

Environment read_environment(const std::string& folder, unsigned jobs) {
    namespace stdfs = std::filesystem;
    std::vector<MetadataFile> files;
    const auto add = [&](std::string path) {
        std::error_code ignored;
        const stdfs::path at = stdfs::path(folder) / path;
        if (!is_environment_metadata(path) || !stdfs::is_regular_file(at, ignored)) return;
        if (path == conda_unpack_script && !is_conda_unpack_script(fs::FileSource::open(at.string()))) return;
        const std::uintmax_t size = stdfs::file_size(at, ignored);
        if (!ignored) files.push_back({std::move(path), size, [at = at.string()] { return fs::read_regular(at); }});
    };
    add(conda_unpack_script);
    std::error_code none;
    for (stdfs::directory_iterator entry(stdfs::path(folder) / "conda-meta", none), end; !none && entry != end;
         entry.increment(none))
        add(std::string(folder_of_records).append(entry->path().filename().string()));
    return read_environment(std::move(files), folder, jobs);
}

}  // namespace reseal::package
