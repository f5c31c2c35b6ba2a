// SPDX-License-Identifier: BSL-1.0
#include "package/environment.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

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

// What packages say of files that `records` does not know. The placeholder may be gone: conda-pack replaces some when it packs.
void add_claims(std::vector<Record>& records, const std::vector<PrefixRecord>& packages) {
    std::vector<Record> claims;
    for (const PrefixRecord& package : packages)
        for (Record& record : records_of(package.paths)) {
            record.certain = false;
            claims.push_back(std::move(record));
        }
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

Environment read_environment(std::vector<MetadataText> texts, const std::string& where, unsigned jobs) {
    std::sort(texts.begin(), texts.end(), [](const MetadataText& a, const MetadataText& b) { return a.path < b.path; });
    Environment environment;
    std::vector<std::optional<PrefixRecord>> packages(texts.size());
    Turns turns;
    fs::parallel(texts.size(), jobs, [&](std::size_t i) {
        const MetadataText& each = texts[i];
        const auto turn = turns.take(each.text.size());
        std::string name = where;
        name.append(where.empty() || where.ends_with('/') ? "" : "/").append(each.path);
        if (each.path == conda_unpack_script) {
            if (has_conda_unpack_records(each.text)) environment.records = conda_unpack_records(each.text, name);
        } else if (is_environment_metadata(each.path)) {
            packages[i] = read_prefix_record(each.text, name);
        }
    });
    for (std::optional<PrefixRecord>& each : packages)
        if (each) environment.packages.push_back(std::move(*each));
    std::sort(environment.records.begin(), environment.records.end(), by_path);
    add_claims(environment.records, environment.packages);
    environment.platform = common_platform(environment.packages);
    return environment;
}

Environment read_environment(const std::string& folder, unsigned jobs) {
    namespace stdfs = std::filesystem;
    std::vector<MetadataText> texts;
    const auto add = [&](std::string path) {
        std::error_code ignored;
        const stdfs::path at = stdfs::path(folder) / path;
        if (is_environment_metadata(path) && stdfs::is_regular_file(at, ignored))
            texts.push_back({std::move(path), fs::read_whole(at.string())});
    };
    add(conda_unpack_script);
    std::error_code none;
    for (stdfs::directory_iterator entry(stdfs::path(folder) / "conda-meta", none), end; !none && entry != end;
         entry.increment(none))
        add(std::string(folder_of_records).append(entry->path().filename().string()));
    return read_environment(std::move(texts), folder, jobs);
}

}  // namespace reseal::package
